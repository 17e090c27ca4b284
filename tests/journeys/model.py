"""A catalog in plain dictionaries: what the product promises, told without any of its code.

A place is (service,), (service, code) or (service, code, locale); what stands there is a dict that
is replaced and never altered. Edits of it are in draft.py.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

Place = tuple[str, ...]
State = dict[str, Any]

BEGINNING = datetime(2026, 12, 1, tzinfo=UTC)

TEXTS = ("text", "description", "remedy")
MESSAGE = (*TEXTS, "state", "meanings")
# `given` is the HTTP status that an editor gave; without it the digits tell.
CODE = ("key", "given", "http_status", "status", "replaced_by", "deprecated_at")
FOLLOWING = {
    "draft": ("active",),
    "active": ("deprecated", "retired"),
    "deprecated": ("retired",),
    "retired": (),
}


class Row(NamedTuple):
    """A row of a document."""

    code: str
    key: str | None
    text: str
    description: str | None


class Refused(Exception):
    """An edit that must be answered with this status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True)
class Change:
    """What one entry of the log must say; `change_set` is the first revision made together.

    A code comes and goes with its texts in the default `locale`.
    """

    action: str
    place: Place
    locale: str | None
    before: State | None
    after: State | None
    actor: str
    at: datetime
    change_set: int


@dataclass
class Catalog:
    """What there is, the order of each service's codes, and the log.

    `touched` has the change set that last changed what is at a place, for a code also one of its
    texts; `versions` how many did, for codes.
    """

    states: dict[Place, State] = field(default_factory=dict)
    order: dict[str, list[str]] = field(default_factory=dict)
    touched: dict[Place, int] = field(default_factory=dict)
    versions: dict[Place, int] = field(default_factory=dict)
    log: list[Change] = field(default_factory=list)

    def messages(self, code: Place) -> dict[str, State]:
        """The texts of a code by locale."""
        found = {it[2]: self.states[it] for it in self.states if len(it) == 3 and it[:2] == code}
        return dict(sorted(found.items()))

    def source(self, code: Place) -> Place:
        """The place of a code's texts in the default locale."""
        return (*code, self.states[code[:1]]["default_locale"])

    def is_stale(self, place: Place) -> bool:
        """Whether a text was made from what the source's does not mean any more."""
        message, source = self.states[place], self.states[self.source(place[:2])]
        return any(
            message[name] is not None and message["meanings"][name] != source["meanings"][name]
            for name in TEXTS
        )

    def changed_at(self, place: Place) -> datetime:
        """When what is at a place was last changed."""
        return self.log[self.touched[place] - 1].at

    def once_active(self, service: str) -> dict[str, str | None]:
        """The codes of a service that were deleted and no drafts, with their keys."""
        return {
            it.place[1]: it.before["key"]
            for it in self.log
            if it.action == "code.delete" and it.place[0] == service
            if it.before and it.before["status"] != "draft"
        }

    def together(self, change_set: int) -> list[int]:
        """The revisions of a change set; none where none begins with this revision."""
        return [
            number for number, it in enumerate(self.log, start=1) if it.change_set == change_set
        ]


def kept(text: str | None) -> str | None:
    """A text as it is kept."""
    return unicodedata.normalize("NFC", text or "").strip() or None


def placeholders(text: str | None) -> set[str]:
    """The names in braces in a text."""
    return set(re.findall(r"\{([A-Za-z0-9_.]{1,64})\}", text or ""))


def derived(code: str) -> int | None:
    """The HTTP status of the few codes that are made here."""
    return {"4000001": 400, "-500": 500}.get(code)


def only(names: Sequence[str], state: State) -> State:
    """A part of a state."""
    return {name: state[name] for name in names}


def asked(said: State) -> State:
    """The fields of a code that a caller names, as they are kept."""
    fields = {"given" if name == "http_status" else name: it for name, it in said.items()}
    return {name: it for name, it in fields.items() if name in CODE}


def code_of(code: str, fields: State) -> State:
    """A new code as it stands, where these of its fields are told."""
    state = dict.fromkeys(CODE) | {"status": "draft"} | fields
    return state | {"http_status": state["given"] or derived(code)}
