"""JSON: one object a code (RFC 8259). A code is text there too, so that leading zeros live."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.catalog.errors import Invalid
from app.catalog.locales import canonical_locale
from app.catalog.slugs import checked_slug
from app.catalog.texts import checked_text
from app.exchange.document import Document, Export, Item
from app.exchange.rows import (
    FIELDS,
    Broken,
    Rows,
    Unfit,
    refuse_empty,
    refused_whole,
    shown,
    unified,
)

_HEAD = ("service", "title", "section", "locale")
_SPACE = re.compile(r"[ \t\n\r]*")
# Objects become tuples, in which a name that stands twice can be seen. No number is ever taken;
# as a float it may have any number of digits.
_DECODER = json.JSONDecoder(object_pairs_hook=tuple, parse_int=float)


def write(export: Export) -> str:
    """One object with the codes in document order; null where there is no text in the locale."""
    data = {
        "service": export.service,
        "title": export.title,
        "section": export.section,
        "locale": export.locale,
        "codes": [_entry(item) for item in export.items],
    }
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def parse(text: str, file: str) -> Document:
    """Read a file. Never fails: what cannot be taken is among `refused`, with its line.

    `file` is the name to report; nothing is opened. Of a file that is not JSON, or not one object
    with a list of codes, nothing is taken. What a member `codes` lists is taken one by one.
    """
    content = _Content()
    rows = Rows()
    try:
        refuse_empty(text)
        _read(_Scanner(unified(text)), content)
    except Broken as broken:
        return refused_whole(file, broken)
    for line, entry in content.entries:
        try:
            rows.take(line, _told(entry))
        except Unfit as unfit:
            rows.refuse(line, unfit)
    return Document(
        file,
        rows=tuple(rows.taken.values()),
        refused=tuple(rows.refused),
        section=content.head.get("section"),
        title=content.head.get("title"),
        service=content.head.get("service"),
        locale=content.head.get("locale"),
    )


@dataclass
class _Content:
    """What stands in a file: what it says of itself, and its entries with their lines."""

    head: dict[str, str | None] = field(default_factory=dict)
    entries: list[tuple[int, Any]] = field(default_factory=list)


@dataclass
class _Scanner:
    """A place in a JSON text, and the line that it is in."""

    text: str
    place: int = 0
    _counted: int = 0
    _line: int = 1

    @property
    def line(self) -> int:
        """The number of the line."""
        self._line += self.text.count("\n", self._counted, self.place)
        self._counted = self.place
        return self._line

    def skip_space(self) -> None:
        """Go on to what is not white space."""
        match = _SPACE.match(self.text, self.place)
        self.place = match.end() if match else self.place

    def sees(self, mark: str) -> bool:
        """Whether this mark stands here, white space aside."""
        self.skip_space()
        return self.text.startswith(mark, self.place)

    def passes(self, mark: str) -> bool:
        """Go behind this mark if it stands here."""
        is_here = self.sees(mark)
        self.place += len(mark) if is_here else 0
        return is_here

    def expect(self, mark: str) -> None:
        """Go behind this mark; raises Broken if it does not stand here."""
        if not self.passes(mark):
            raise Broken(self.line, f"not JSON: {mark} was expected")

    def value(self) -> Any:
        """The value that begins here, with objects as tuples of pairs; raises Broken."""
        self.skip_space()
        try:
            value, self.place = _DECODER.raw_decode(self.text, self.place)
        except json.JSONDecodeError as error:
            raise Broken(error.lineno, f"not JSON: {error.msg.removesuffix(' at')}") from error
        except RecursionError as error:
            raise Broken(self.line, "nested without end") from error
        return value


def _read(scanner: _Scanner, content: _Content) -> None:
    """Read a file into its content; raises Broken where it is not of this format."""
    if not scanner.sees("{"):
        scanner.value()
        raise Broken(scanner.line, "not an object with a list of codes")
    seen: set[str] = set()
    for name in _members(scanner):
        if name in seen:
            raise Broken(scanner.line, f"{shown(name)} stands twice")
        seen.add(name)
        if name == "codes":
            content.entries.extend(_entries(scanner))
        else:
            content.head[name] = _of_itself(scanner, name)
    scanner.skip_space()
    if scanner.place < len(scanner.text):
        raise Broken(scanner.line, "not JSON: something stands behind the end")
    if "codes" not in seen:
        raise Broken(scanner.line, "no list of codes")


def _members(scanner: _Scanner) -> Iterator[str]:
    """The names of an object's members; whoever asks for them reads the values between."""
    scanner.expect("{")
    if scanner.passes("}"):
        return
    while True:
        if not scanner.sees('"'):
            raise Broken(scanner.line, "not JSON: a name was expected")
        name: str = scanner.value()
        scanner.expect(":")
        scanner.skip_space()
        yield name
        if scanner.passes("}"):
            return
        scanner.expect(",")


def _entries(scanner: _Scanner) -> Iterator[tuple[int, Any]]:
    if not scanner.sees("["):
        raise Broken(scanner.line, "codes is not a list")
    scanner.expect("[")
    if scanner.passes("]"):
        return
    while True:
        scanner.skip_space()
        yield scanner.line, scanner.value()
        if scanner.passes("]"):
            return
        scanner.expect(",")


def _of_itself(scanner: _Scanner, name: str) -> str | None:
    """What a file says of itself under this name; raises Broken where it says nonsense."""
    line = scanner.line
    value = scanner.value()
    if name not in _HEAD:
        raise Broken(line, f"nobody knows what this member holds: {shown(name)}")
    if value is None:
        return None
    if not isinstance(value, str):
        raise Broken(line, f"{name} is not text")
    try:
        if name == "service":
            return checked_slug(value)
        return canonical_locale(value) if name == "locale" else checked_text(name, value)
    except Invalid as invalid:
        raise Broken(line, f"{name}: {invalid.detail}") from invalid


def _told(entry: Any) -> Mapping[str, str | None]:
    """What an entry tells, by field; raises Unfit where it is not one object of texts."""
    if not isinstance(entry, tuple):
        raise Unfit("not an object")
    told: dict[str, str | None] = {}
    for name, value in entry:
        if name not in FIELDS:
            raise Unfit(f"nobody knows what this member holds: {shown(name)}")
        if name in told:
            raise Unfit(f"{name} stands twice")
        if not (value is None or isinstance(value, str)):
            raise Unfit(f"{name} is not text")
        told[name] = value
    return told


def _entry(item: Item) -> dict[str, str | None]:
    texts = (item.message, item.description, item.remedy)
    return dict(zip(FIELDS, (item.code, item.key, *texts), strict=True))
