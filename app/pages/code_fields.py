"""The fields of a code as a form has them: shown, read, and held against what was shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from app.catalog.codes import checked_code, checked_http_status, checked_key, derived_http_status
from app.catalog.errors import Invalid
from app.catalog.views import CodeView

FIELDS = ("key", "http_status", "status", "replaced_by", "sunset_at")
# The last moment of a day that is a code's last.
_END_OF_DAY = time(23, 59, 59, tzinfo=UTC)


def shown_fields(view: CodeView) -> dict[str, str]:
    """What stands in the fields of a code's form; no status is chosen, for it stays as it is."""
    status = None if view.http_status == derived_http_status(view.code) else view.http_status
    return {
        "key": view.key or "",
        "http_status": "" if status is None else str(status),
        "status": "",
        "replaced_by": view.replaced_by or "",
        "sunset_at": "" if view.sunset_at is None else f"{view.sunset_at.astimezone(UTC):%Y-%m-%d}",
    }


def changed_fields(view: CodeView, given: Mapping[str, str]) -> dict[str, Any]:
    """What was typed other than a code's form showed it, as ChangeCode takes it.

    Raises Invalid where it does not have the form it must have.
    """
    shown = shown_fields(view)
    typed = {name: given[name].strip() for name in FIELDS}
    changed = {name: text for name, text in typed.items() if text != shown[name]}
    return {name: _READ[name](text) for name, text in changed.items()}


def read_http_status(text: str) -> int | None:
    """The HTTP status that was typed, None where none was; raises Invalid."""
    if not text.strip():
        return None
    # Whatever is no number is none that HTTP can have.
    number = int(text) if re.fullmatch(r"\s*[0-9]{1,9}\s*", text, re.ASCII) else 0
    return checked_http_status(number)


def _read_successor(text: str) -> str | None:
    if not text:
        return None
    try:
        return checked_code(text)
    except Invalid as invalid:
        raise Invalid("replaced_by", invalid.detail) from invalid


def _read_day(text: str) -> str | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise Invalid("sunset_at", "A day is written as 2027-06-30.") from error
    return datetime.combine(day, _END_OF_DAY).isoformat()


_READ: Mapping[str, Any] = {
    "key": checked_key,
    "http_status": read_http_status,
    "status": lambda text: text,
    "replaced_by": _read_successor,
    "sunset_at": _read_day,
}
