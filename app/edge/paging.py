"""Lists a page at a time: opaque cursors that say where the next page begins."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from app.db import LARGEST_INTEGER

DEFAULT_LIMIT = 100
HIGHEST_LIMIT = 500

Item = TypeVar("Item")
Place = tuple[str] | tuple[int] | tuple[int, int]


@dataclass(frozen=True)
class Page(Generic[Item]):
    """Some items of a list, and the place of the last one where there are more."""

    items: Sequence[Item]
    next_place: Place | None


def first_page(items: Sequence[Item], limit: int, place: Callable[[Item], Place]) -> Page[Item]:
    """The page of up to `limit` items; that there is one more tells that there is a next page."""
    if len(items) <= limit:
        return Page(items, None)
    shown = items[:limit]
    return Page(shown, place(shown[-1]))


def decode_cursor(text: str, kind: str, form: Sequence[type]) -> tuple[Any, ...] | None:
    """The place that a cursor of this list names; `kind` is the list's path.

    None where it was not made here, was cut, or belongs to another list.
    """
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        found = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (UnicodeError, binascii.Error, ValueError, RecursionError):
        return None
    fits = (
        isinstance(found, list)
        and len(found) == len(form) + 1
        and found[0] == kind
        and all(type(value) is kind_ for value, kind_ in zip(found[1:], form, strict=True))
        and all(
            value.isascii() if isinstance(value, str) else 0 <= value <= LARGEST_INTEGER
            for value in found[1:]
        )
    )
    return tuple(found[1:]) if fits else None


def encode_cursor(kind: str, place: Place) -> str:
    """A place in the list at a path, in letters that need no escaping in an address."""
    text = json.dumps([kind, *place], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
