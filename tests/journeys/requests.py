"""Who asks the product for what: accounts, requests that edit, and edits that wait."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from flask import Flask

from app.access.roles import Role
from tests.journeys.comparing import address_of
from tests.journeys.draft import Draft
from tests.journeys.model import BEGINNING, Place, Row, State

ROLES = {"eve": Role.EDITOR, "ada": Role.ADMIN, "emil": Role.EDITOR, "tara": Role.TRANSLATOR}
# By how much names a place.
NEEDED = {1: Role.ADMIN, 2: Role.EDITOR, 3: Role.TRANSLATOR}

Edit = Callable[[Draft], None]


@dataclass
class Office:
    """One application with accounts, the file that each run begins with, and what was done."""

    app: Flask
    file: Path
    tokens: Mapping[str, str]
    now: datetime = BEGINNING
    runs: int = 0
    steps: int = 0
    answers: Counter[int] = field(default_factory=Counter)

    @property
    def done(self) -> str:
        """How much was done, for people."""
        answers = ", ".join(
            f"{status}: {count:,}" for status, count in sorted(self.answers.items())
        )
        return f"{self.runs:,} runs, {self.steps:,} steps, answered {answers}"

    def by(self, name: str) -> dict[str, str]:
        """The headers of a request by somebody."""
        return {"Authorization": f"Bearer {self.tokens[name]}"}


@dataclass(frozen=True)
class Request:
    """A request that edits what is at a place: makes it (POST, PUT), changes or deletes it.

    `match` says how If-Match names the state; `fits`, whether its body has the right form.
    """

    actor: str
    method: str
    place: Place
    body: State | None = None
    match: str | None = None
    fits: bool = True

    @property
    def address(self) -> str:
        """Where it is sent to."""
        address = address_of(self.place)
        return address.rpartition("/")[0] if self.method == "POST" else address

    @property
    def needs(self) -> list[Place]:
        """The places that its address names, where something must be."""
        whole = len(self.place) if self.method in ("PATCH", "DELETE") else len(self.place) - 1
        # The texts in one locale are written whether or not there are some.
        return [self.place[:length] for length in range(1, whole + 1)]


@dataclass
class Proposal:
    """An edit that waits, and which state its author saw."""

    number: int
    service: str
    author: str
    edit: Edit
    breaking: bool
    place: Place | None
    base: int | None
    state: str = "open"


def document(rows: Sequence[Row]) -> str:
    """A page with a table of these rows."""
    cells = [[it.code, it.key or "", it.text.strip(), it.description or ""] for it in rows]
    head = [["Code", "Key", "Message", "Description"], ["---"] * 4]
    return "".join(f"| {' | '.join(line)} |\n" for line in head + cells)
