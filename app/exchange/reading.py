"""Reading a document of any format that the catalog knows into the one neutral form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from app.exchange import markdown
from app.exchange.document import Document, Remark

MARKDOWN = "text/markdown"
PARSERS: Mapping[str, Callable[[str, str], Document]] = {MARKDOWN: markdown.parse}


def read(content: bytes, name: str, media_type: str = MARKDOWN) -> Document:
    """A document from the bytes of a file; one that is not UTF-8 is refused whole, in its place."""
    parse = PARSERS[media_type]
    try:
        return parse(content.decode("utf-8"), name)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        readable = parse(content.decode("utf-8", errors="replace"), name)
        return replace(readable, rows=(), refused=(Remark(line, "not UTF-8"),))
