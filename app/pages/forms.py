"""Forms: what was typed, what is wrong with it, and nothing of it lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import flask

from app.catalog.errors import Invalid
from app.edge.problems import FieldError

# Before the name of a field: what it showed.
SHOWN = "shown_"


class Unfit(Invalid):
    """What was typed does not fit, told in the words of the pages."""


class CatalogWords(str):
    """What the catalog says, which is English whatever the pages speak."""

    __slots__ = ()


@dataclass(frozen=True)
class Form:
    """What a form shows: its values by name, and what is wrong with them.

    A refusal that is of none of its fields has the empty name. `place` ends the ids of its fields,
    where a page has several forms of one kind.
    """

    values: Mapping[str, str]
    errors: Sequence[FieldError] = field(default=())
    place: str = ""

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


def as_shown(values: Mapping[str, str], names: Sequence[str]) -> dict[str, str]:
    """What a form keeps of what its fields showed, to know later which were touched."""
    return {f"{SHOWN}{name}": values.get(name) or "" for name in names}


def brought_up(
    given: Mapping[str, str], now: Mapping[str, str], names: Sequence[str]
) -> dict[str, str]:
    """What was typed, and, in fields left as they were shown, what is there now."""
    untouched = [name for name in names if given[name] == given[f"{SHOWN}{name}"]]
    return {**given, **{name: now[name] for name in untouched}, **as_shown(now, names)}


def or_none(value: str) -> str | None:
    """What was typed, None where that is nothing but white space."""
    return value if value.strip() else None


def listed(value: str) -> list[str]:
    """What was typed as a list, separated by commas or white space."""
    return value.replace(",", " ").split()
