"""What the structured formats share: rows from what a file tells, and the refusal of the rest."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.catalog.codes import checked_key, is_code
from app.catalog.errors import Invalid
from app.catalog.texts import checked_text
from app.exchange.document import Document, Remark, Row

TEXTS = ("message", "description", "remedy")
FIELDS = ("code", "key", *TEXTS)
_SPOKEN_OF = frozenset(FIELDS[1:])
_HTTP_STATUS = re.compile(r"([0-9]{3})(\s[^0-9]*)?", re.ASCII)


class Unfit(Exception):
    """A row cannot be taken, for this reason."""


class Broken(Exception):
    """A whole file cannot be taken: the line that shows it, and the reason."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


@dataclass
class Rows:
    """The rows of a file as they are found, each code once, and what was refused."""

    taken: dict[str, Row] = field(default_factory=dict)
    refused: list[Remark] = field(default_factory=list)

    def take(self, line: int, told: Mapping[str, str | None]) -> None:
        """Take what a file tells of a code, by FIELDS.

        Raises Unfit where it has no code, an unfit one or one that was told of before, and where
        its key or a text is unfit.
        """
        code = code_of(told.get("code"))
        if code in self.taken:
            raise Unfit(f"code {code} stands in line {self.taken[code].line} already")
        key = fit_key(told.get("key"))
        message, description, remedy = (fit_text(name, told.get(name)) for name in TEXTS)
        told_of = _SPOKEN_OF & told.keys()
        status = fit_http_status(told.get("http_status"))
        self.taken[code] = Row(
            line,
            code,
            key,
            message,
            description,
            remedy,
            http_status=status,
            speaks_of=told_of,
        )

    def refuse(self, line: int, unfit: Unfit) -> None:
        """Note that what begins in this line was not taken."""
        self.refused.append(Remark(line, str(unfit)))


def code_of(text: str | None) -> str:
    """The code that a text is; raises Unfit where it is none."""
    if not text:
        raise Unfit("no code")
    if not is_code(text):
        raise Unfit(f"{shown(text)} is not a code")
    return text


def fit_key(key: str | None) -> str | None:
    """A key as the catalog keeps it; raises Unfit where it would not."""
    try:
        return checked_key(key)
    except Invalid as invalid:
        raise Unfit(f"{invalid.field}: {invalid.detail}") from invalid


def fit_http_status(cell: str | None) -> int | None:
    """The status in a cell such as "404" or "404 Not Found"; None where it is blank."""
    if cell in (None, "", "-"):
        return None
    match = _HTTP_STATUS.fullmatch(cell.strip())
    if match is None or not 100 <= int(match[1]) <= 599:
        raise Unfit(f"http_status: {shown(cell)} is not an HTTP status")
    return int(match[1])


def fit_text(name: str, text: str | None) -> str | None:
    """A text as the catalog keeps it; raises Unfit, naming which text, where it would not."""
    try:
        return checked_text(name, text)
    except Invalid as invalid:
        raise Unfit(f"{invalid.field}: {invalid.detail}") from invalid


def shown(text: str) -> str:
    """A piece of a file as a reason quotes it: in one line, cut short, without invisible signs."""
    line = " ".join(text.split())
    visible = "".join(mark if mark.isprintable() else "\ufffd" for mark in line[:80])
    return f"“{visible}{'…' if len(line) > 80 else ''}”"


def unified(text: str) -> str:
    """A file's text without a byte order mark, with line ends of any kind made LF."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def refuse_empty(text: str) -> None:
    """Raise Broken where a file has nothing in it."""
    if not text.strip("\ufeff \t\r\n"):
        raise Broken(1, "the file is empty")


def refused_whole(file: str, broken: Broken) -> Document:
    """The document of a file of which nothing is taken."""
    return Document(file, refused=(Remark(broken.line, str(broken)),))
