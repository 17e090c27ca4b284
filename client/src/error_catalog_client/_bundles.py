"""Bundles: everything that there is to know of one service in one locale."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from error_catalog_client._entries import check, decode

FORMAT = 1
# In bytes, more than three texts of 4,000 characters take, and more than a title does. What is
# read in one go keeps others waiting.
_LONGEST_LINE = 60_000
_LONGEST_HEAD = 20_000
_END = b"]}"
_HEAD = {
    "service": str,
    "title": str,
    "locale": str,
    "default_locale": str,
    "revision": int,
    "updated_at": str,
}


@dataclass(frozen=True)
class Bundle:
    """A service's codes in one locale, each with its message, and with the line that it came as.

    `epoch` is the catalog's: another, greater as text, begins when it is restored from a backup and
    its revisions are given once more; it is empty where an older catalog tells none. `updated_at`
    is in seconds since 1970.
    """

    service: str
    locale: str
    default_locale: str
    revision: int
    updated_at: float
    messages: dict[str, str]
    lines: dict[str, str]
    epoch: str = ""

    @property
    def standing(self) -> tuple[str, int]:
        """Which state of the catalog it shows; a later one is greater."""
        return self.epoch, self.revision

    def empty(self, pause: Callable[[], None]) -> None:
        """Free the texts, which nobody needs any more: all at once would keep others waiting."""
        for texts in (self.messages, self.lines):
            while texts:
                texts.popitem()
                pause()


class _OtherLayout(ValueError):
    """It may be JSON, but not a code a line."""


def read_lines(body: BytesIO, pause: Callable[[], None]) -> list[Bundle]:
    """The bundles that an answer of the catalog's holds, read a code at a time.

    Raises ValueError where it holds something else or ends too early.
    """
    bundles: list[Bundle] = []
    try:
        _read(iter(lambda: body.readline(_LONGEST_LINE), b""), bundles, pause)
    except ValueError:
        for bundle in bundles:
            bundle.empty(pause)
        raise
    return bundles


def read_file(content: bytes) -> list[Bundle]:
    """The bundles that a file holds, also where a formatter has been at it; raises ValueError."""
    try:
        return read_lines(BytesIO(content), lambda: None)
    except _OtherLayout:
        document = _decode(content.decode("utf-8-sig"))
    if not isinstance(document, dict):
        raise ValueError("it is no bundle")
    if "bundles" not in document:
        return [_relaid(document)]
    _check_format(document)
    return [_relaid(it) for it in _list(document["bundles"])]


def _relaid(document: Mapping[str, Any]) -> Bundle:
    bundle = _begun(document)
    _fill(bundle, map(json.dumps, _list(document.get("codes"))))
    return bundle


def _read(lines: Iterator[bytes], bundles: list[Bundle], pause: Callable[[], None]) -> None:
    """Add the bundles that are in these lines."""
    head = _head(next(lines, b""))
    if "bundles" not in head:
        bundles.append(_begun(head))
        _fill(bundles[-1], _codes(lines, pause))
    else:
        _check_format(head)
        for line in lines:
            if _stripped(line) == _END:
                break
            bundles.append(_begun(_head(line)))
            _fill(bundles[-1], _codes(lines, pause))
        else:
            raise ValueError("it ends too early")
    if any(line.strip() for line in lines):
        raise ValueError("it goes on behind its end")


def _codes(lines: Iterator[bytes], pause: Callable[[], None]) -> Iterator[str]:
    for line in map(_stripped, lines):
        if line == _END:
            return
        yield line.decode()
        pause()
    raise ValueError("it ends too early")


def _stripped(line: bytes) -> bytes:
    return line.rstrip(b",\r\n")


def _head(line: bytes) -> dict[str, Any]:
    """What a line says that opens a list."""
    if len(line) > _LONGEST_HEAD:
        raise _OtherLayout("it is not laid out as a bundle")
    try:
        head = _decode(line.rstrip().decode() + "]}")
    except ValueError as error:
        raise _OtherLayout("it is not laid out as a bundle") from error
    if not isinstance(head, dict):
        raise _OtherLayout("it is no bundle")
    return head


def _begun(head: Mapping[str, Any]) -> Bundle:
    """A bundle without its codes."""
    _check_format(head)
    if not all(type(head.get(name)) is kind for name, kind in _HEAD.items()):
        raise ValueError("a bundle has a field that does not fit")
    return Bundle(
        head["service"],
        head["locale"],
        head["default_locale"],
        head["revision"],
        _seconds(head["updated_at"]),
        {},
        {},
        _epoch(head),
    )


def _epoch(head: Mapping[str, Any]) -> str:
    epoch = head.get("epoch", "")
    if not isinstance(epoch, str):
        raise ValueError("a bundle has a field that does not fit")
    return epoch


def _fill(bundle: Bundle, codes: Iterable[str]) -> None:
    messages, lines = bundle.messages, bundle.lines
    for line in codes:
        fields = _decode(line)
        check(fields)
        code = fields["code"]
        messages[code], lines[code] = fields["message"], line


def _decode(text: str) -> Any:
    try:
        return decode(text)
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error


def _check_format(head: Mapping[str, Any]) -> None:
    if head.get("format") != FORMAT:
        raise ValueError(f"it is not of format {FORMAT}")


def _list(value: object) -> list[Any]:
    if not isinstance(value, list) or not all(isinstance(it, dict) for it in value):
        raise ValueError("it is no bundle")
    return value


def _seconds(time: str) -> float:
    # Python 3.10 does not read the Z of RFC 3339.
    moment = datetime.fromisoformat(time.replace("Z", "+00:00"))
    return moment.timestamp()
