"""Apple's .strings in UTF-8: a code is the key of its message.

What is escaped is what Core Foundation reads (CFOldStylePList.c): `\\"`, `\\\\`, the usual letters,
and `\\U` with four digits.
"""

from __future__ import annotations

import re

from app.exchange import notes
from app.exchange.document import Export, Item

_SPECIAL = re.compile(r'["\\\0-\x1f\x7f-\x9f\u2028\u2029\ufeff]')
_NAMED = {'"': r"\"", "\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t"}


def write(export: Export) -> str:
    """The messages of a service in one locale, each under its code, explained by comments.

    A message that the locale does not have is that of the source, and a comment says so.
    """
    blocks = [_comment([notes.header(export)]), *(_block(export, item) for item in export.items)]
    return "\n".join(blocks)


def _block(export: Export, item: Item) -> str:
    comment = _comment(notes.beside_text(export, item))
    return f'{comment}"{_escaped(item.code)}" = "{_escaped(notes.message(item))}";\n'


def _comment(lines: list[str]) -> str:
    """The lines as one comment, of which tools take the nearest one only."""
    text = "\n   ".join(lines).replace("*/", "* /")
    return f"/* {text} */\n" if lines else ""


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda found: _NAMED.get(found[0]) or f"\\U{ord(found[0]):04x}", text)
