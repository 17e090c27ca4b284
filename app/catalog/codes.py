"""Rules about codes and keys: what they look like and what a code says by itself."""

from __future__ import annotations

import re
from http import HTTPStatus

from app.catalog.errors import Invalid
from app.catalog.texts import normalized

CODE_FORM = re.compile(r"-?[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")
STATUSES = ("draft", "active", "deprecated", "retired")
KEY_LENGTH = 200

# Codes of these lengths begin with an HTTP status, measured over 330 of 330 seven-digit codes and
# the six- and nine-digit codes of two gateways. Five digits do not follow it.
_LENGTHS_WITH_STATUS = (3, 6, 7, 9)
_REGISTERED_ERRORS = frozenset(status.value for status in HTTPStatus if status >= 400)


def is_code(text: str) -> bool:
    """Whether the text has the form of a code: an optional minus, then 1 to 64 characters."""
    return CODE_FORM.fullmatch(text) is not None


def checked_code(text: str) -> str:
    """The text itself where it has the form of a code; raises Invalid where it has not."""
    if not is_code(text):
        raise Invalid(
            "code",
            "A code is an optional '-', then 1 to 64 ASCII letters, digits, '.', '_', ':' or '-', "
            "the first a letter or digit.",
        )
    return text


def checked_key(text: str | None) -> str | None:
    """A key as it is kept: in Unicode's normal form C, trimmed, empty made None.

    Raises Invalid for one that no program could use as a name: with white space or control
    characters inside, or over 200 characters.
    """
    key = normalized("NFC", text or "").strip()
    if not key:
        return None
    if len(key) > KEY_LENGTH or not key.isprintable() or any(mark.isspace() for mark in key):
        raise Invalid("key", f"A key is up to {KEY_LENGTH} visible characters without a space.")
    return key


def checked_status(text: str) -> str:
    """The text itself where it is a part of a code's life; raises Invalid where it is not."""
    if text not in STATUSES:
        raise Invalid("status", f"A status is one of {', '.join(STATUSES)}.")
    return text


def checked_http_status(status: int | None) -> int | None:
    """The status itself where HTTP can have it (RFC 9110, section 15); raises Invalid if not."""
    if status is not None and not 100 <= status <= 599:
        raise Invalid("http_status", "An HTTP status is a number from 100 to 599.")
    return status


def derived_http_status(code: str) -> int | None:
    """The HTTP status that a code implies, or None where its digits do not tell.

    "0" is 200. Codes of 3, 6, 7 or 9 digits, whatever their sign, begin with it where their first
    three digits are 200 or a registered error status (400 to 599).
    """
    digits = code.removeprefix("-")
    if code == "0":
        return 200
    if not (digits.isascii() and digits.isdigit()) or len(digits) not in _LENGTHS_WITH_STATUS:
        return None
    status = int(digits[:3])
    return status if status == 200 or status in _REGISTERED_ERRORS else None
