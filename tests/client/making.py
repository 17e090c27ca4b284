"""Bundles as the catalog answers them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

SERVICE = "document-recognizer"
UPDATED_AT = "2026-11-22T03:37:15Z"


def a_code(code: Any = "4000122", message: Any = "Invalid key.", **fields: Any) -> dict[str, Any]:
    """What a bundle says of a code; fields of it may be given, unfit ones too."""
    return {
        "code": code,
        "key": "INVALID_KEY",
        "http_status": 400,
        "status": "active",
        "message": message,
        "locale": "en",
        "fallback": False,
        "description": None,
        "description_locale": None,
        "remedy": None,
        "remedy_locale": None,
        "replaced_by": None,
        "deprecated_at": None,
        "sunset_at": None,
        "type": f"https://errors.example.com/services/{SERVICE}/codes/{code}",
        **fields,
    }


def a_bundle(
    *codes: dict[str, Any], service: Any = SERVICE, locale: Any = "en", **fields: Any
) -> bytes:
    """A bundle of these codes, one a line; fields of its head may be given, unfit ones too."""
    head = {
        "format": 1,
        "service": service,
        "title": "Document Recognizer",
        "locale": locale,
        "default_locale": "en",
        "revision": 207,
        "updated_at": UPDATED_AT,
        **fields,
    }
    lines = ",\n".join(_compact(code) for code in codes)
    return "\n".join(
        [_compact(head)[:-1] + ',"codes":[', *([lines] if lines else []), "]}", ""]
    ).encode()


def an_answer(*bundles: bytes) -> bytes:
    """Several bundles in one answer."""
    inner = b",\n".join(bundle.rstrip() for bundle in bundles)
    return b'{"format":1,"bundles":[\n' + inner + b"\n]}\n"


def many_codes(count: int, word: str = "invalid", locale: str = "en") -> Sequence[dict[str, Any]]:
    """So many codes, which say another thing for each word."""
    return [
        a_code(str(number), f"The value {{name}} is {word} here {number}.", locale=locale)
        for number in range(4_000_000, 4_000_000 + count)
    ]


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
