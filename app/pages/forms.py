"""Forms: what was typed, what is wrong with it, and nothing of it lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import flask

from app.edge.problems import FieldError


@dataclass(frozen=True)
class Form:
    """What a form shows: its values by name, and what is wrong with them.

    A refusal that is of none of its fields has the empty name.
    """

    values: Mapping[str, str]
    errors: Sequence[FieldError] = field(default=())

    def value(self, name: str) -> str:
        """What stands in a field."""
        return self.values.get(name) or ""

    def error(self, name: str) -> str | None:
        """What is wrong with a field, or None."""
        return next((it.message for it in self.errors if it.field == name), None)

    def checked(self, name: str) -> bool:
        """Whether a box is checked."""
        return bool(self.value(name))


def typed(*names: str) -> dict[str, str]:
    """What was typed into these fields of the request's form; empty where nothing was.

    Browsers send line ends as CR and LF (HTML, "constructing the entry list").
    """
    given = flask.request.form
    return {name: given.get(name, "").replace("\r\n", "\n") for name in names}


def or_none(value: str) -> str | None:
    """What was typed, None where that is nothing but white space."""
    return value if value.strip() else None


def listed(value: str) -> list[str]:
    """What was typed as a list, separated by commas or white space."""
    return value.replace(",", " ").split()
