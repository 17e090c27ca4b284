"""The formats that documents come and go in, by name, media type and the end of a file's name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.exchange import (
    android,
    csv_format,
    json_format,
    markdown,
    po,
    properties,
    strings,
    xliff,
)
from app.exchange.constants import go, java, python, typescript
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
    Format("csv", "text/csv", (".csv", ".tsv"), csv_format.write, csv_format.parse),
    Format("json", "application/json", (".json",), json_format.write, json_format.parse),
    Format("po", "text/x-gettext-translation", (".po", ".pot"), po.write, po.parse),
    Format("xliff", "application/xliff+xml", (".xliff", ".xlf"), xliff.write, xliff.parse),
    Format("properties", "text/x-java-properties", (".properties",), properties.write),
    Format("android", "application/xml", (".xml",), android.write),
    Format("strings", "text/plain", (".strings",), strings.write),
    Format("python", "text/x-python", (".py",), python.write),
    Format("typescript", "text/x-typescript", (".ts",), typescript.write),
    Format("java", "text/x-java-source", (".java",), java.write),
    Format("go", "text/x-go", (".go",), go.write),
)

BY_NAME = {it.name: it for it in FORMATS}
# What can come in, by media type and by the end of a file's name.
PARSERS: dict[str, Parser] = {it.media_type: it.parse for it in FORMATS if it.parse is not None}
SUFFIXES = {suffix: it for it in FORMATS if it.parse is not None for suffix in it.suffixes}
MARKDOWN = BY_NAME["markdown"]
