"""Android's res/values/strings.xml, a string for each code: error_4000001, error_minus_1.

What is escaped is what Android's resource compiler reads (aapt2, StringBuilder::AppendText in
ResourceUtils.cpp), and white space that other readers of these files collapse.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.exchange import notes
from app.exchange.constants.names import distinct, exact
from app.exchange.document import Export, Item
from app.exchange.utf16 import unit_escapes

# A text that begins with @ or ? would be a reference; a space counts where it is a single one
# between other characters; XML 1.0 (section 2.2) has no place for the last ones.
_SPECIAL = re.compile(
    r"""[\\'"&<>]|\A[@? ]| \Z|(?<= ) |[^\S ]|[\0-\x1f\x7f-\x9f\ufeff\ufffe\uffff]"""
)
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\n": r"\n", "\t": r"\t"} | {
    mark: f"\\{mark}" for mark in "\\'\"@?"
}
_NOT_IN_NAME = re.compile(r"[^A-Za-z0-9_]")


def write(export: Export) -> str:
    """The messages of a service in one locale, each a string resource, explained by comments.

    A message that the locale does not have is that of the source, and a comment says so.
    """
    names = resource_names(item.code for item in export.items)
    blocks = [_block(export, item, names[item.code]) for item in export.items]
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f"{_comment([notes.header(export)], '')}"
        f"<resources>\n{''.join(blocks)}</resources>\n"
    )


def resource_names(codes: Iterable[str]) -> dict[str, str]:
    """The name of each code's resource: an identifier in Java and Kotlin too, as R.string needs.

    What cannot stand in a name is an underscore there. Codes that would share a name for that have
    it written out in all of their names.
    """
    return distinct({code: (_name(code), f"error__{exact(code)}") for code in codes})


def _name(code: str) -> str:
    sign = "minus_" if code.startswith("-") else ""
    return f"error_{sign}{_NOT_IN_NAME.sub('_', code.removeprefix('-'))}"


def _block(export: Export, item: Item, name: str) -> str:
    comment = _comment(notes.beside_text(export, item), "    ")
    text = notes.message(item)
    # Two percent signs would be taken for a format without positions, which does not compile.
    formatted = ' formatted="false"' if "%" in text else ""
    return f'{comment}    <string name="{name}"{formatted}>{_escaped(text)}</string>\n'


def _comment(lines: list[str], indent: str) -> str:
    # Two hyphens in a row would end it (XML 1.0, section 2.5).
    text = f"\n{indent}     ".join(lines).replace("--", "- -").replace("--", "- -")
    return f"{indent}<!-- {text} -->\n" if lines else ""


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda found: _NAMED.get(found[0]) or unit_escapes(found[0]), text)
