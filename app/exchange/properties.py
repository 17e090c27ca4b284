"""Java's .properties, by the rules of java.util.Properties.load; a code is the key of its message.

All is ASCII, so that it reads the same as ISO 8859-1, as Properties takes bytes, and as UTF-8, as
resource bundles do since Java 9 (JEP 226).
"""

from __future__ import annotations

import re

from app.exchange import notes
from app.exchange.document import Export, Item
from app.exchange.utf16 import in_ascii, unit_escapes

_SPECIAL_IN_KEY = re.compile(r"[\\:=#! ]")
# White space before a value is passed over, and editors take what stands behind it.
_SPECIAL_IN_VALUE = re.compile(r"[^ -~]|\\|\A | \Z")
_NAMED = {"\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t", "\f": r"\f"}


def write(export: Export) -> str:
    """The messages of a service in one locale, each under its code, explained by comments.

    A message that the locale does not have is that of the source, and a comment says so.
    """
    blocks = [_comment(notes.header(export)), *(_block(export, item) for item in export.items)]
    return "\n".join(blocks)


def _block(export: Export, item: Item) -> str:
    comments = "".join(_comment(line) for line in notes.beside_text(export, item))
    key = _SPECIAL_IN_KEY.sub(r"\\\g<0>", item.code)
    return f"{comments}{key}={_value(notes.message(item))}\n"


def _comment(line: str) -> str:
    return f"# {in_ascii(line)}\n"


def _value(text: str) -> str:
    return _SPECIAL_IN_VALUE.sub(lambda found: _NAMED.get(found[0]) or unit_escapes(found[0]), text)
