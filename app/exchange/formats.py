"""The formats that documents come and go in, by name, media type and the end of a file's name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.exchange import markdown
from app.exchange.document import Document, Export

Parser = Callable[[str, str], Document]


@dataclass(frozen=True)
class Format:
    """One format; `parse` is None where it only goes out."""

    name: str
    media_type: str
    suffixes: tuple[str, ...]
    write: Callable[[Export], str]
    parse: Parser | None = None


FORMATS = (
    Format("markdown", "text/markdown", (".md", ".markdown"), markdown.write, markdown.parse),
)

BY_NAME = {it.name: it for it in FORMATS}
# What can come in, by media type and by the end of a file's name.
PARSERS: dict[str, Parser] = {it.media_type: it.parse for it in FORMATS if it.parse is not None}
SUFFIXES = {suffix: it for it in FORMATS if it.parse is not None for suffix in it.suffixes}
MARKDOWN = BY_NAME["markdown"]
