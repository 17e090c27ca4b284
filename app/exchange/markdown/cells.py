"""What stands in the cells of a table: codes, and text without its markup."""

from __future__ import annotations

import re

from markdown_it.token import Token

from app.catalog.codes import is_code
from app.exchange.rows import Unfit

_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_PARAGRAPH = re.compile(r"</?(div|li|ol|p|ul)(\s[^>]*)?/?>", re.IGNORECASE)
# Tags that only dress a text. What else looks like a tag may be a placeholder, such as <name>.
_DRESS = re.compile(
    r"</?(a|abbr|b|big|center|code|em|font|i|kbd|mark|s|small|span|strong|u)"
    r"(\s[^>]*)?/?>",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(r"[\n,，、;；]+")
_DASHES = str.maketrans("–—−－", "----")
_RANGE = re.compile(r"\S\s*[~〜～∼]\s*\S|\d\s*(…|\.{2,3}|[–—])\s*\d|\d\s+to\s+-?\d")
_THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+")
_NUMBER_AND_HEX = re.compile(r"(?is)(?=.*\b0x[0-9a-f]+)(?=.*(?<![0-9a-z])-?\d+(?![0-9a-z]))")


def codes_in(cell: str) -> list[str]:
    """The codes in a cell, in their order: one, or several with commas or line breaks between.

    A dash before a number counts as its minus. Raises Unfit for anything else, since a wrong code
    is worse than none: a range, one number in two notations, prose, nothing.
    """
    text = cell.replace("\u00a0", " ").strip()
    if not text:
        raise Unfit("no code")
    if is_code(text):
        return [text]
    if _RANGE.search(text):
        raise Unfit(f"{_shown(text)} is a range of codes: name each")
    if _THOUSANDS.fullmatch(text):
        raise Unfit(f"{_shown(text)} can be one code or several")
    if _NUMBER_AND_HEX.match(text):
        raise Unfit(f"{_shown(text)} is decimal and hexadecimal at once: which is the code?")
    parts = [part.strip() for part in _SEPARATORS.split(text)]
    codes = [part[:1].translate(_DASHES) + part[1:] for part in parts if part]
    for code in codes:
        if not is_code(code):
            raise Unfit(f"{_shown(code)} is not a code")
    if not codes:
        raise Unfit(f"{_shown(text)} is not a code")
    return list(dict.fromkeys(codes))


def plain(inline: Token) -> str:
    """The text of a cell or heading without its markup; `<br>` makes a line end."""
    text = ""
    for child in inline.children or ():
        if child.type in ("softbreak", "hardbreak"):
            text += "\n"
        elif child.type == "html_inline":
            text += undressed(child.content)
        else:
            text += child.content
    return text.strip()


def undressed(tag: str) -> str:
    """What a piece of HTML within a text says: nothing, a line end, or itself."""
    if _BREAK.fullmatch(tag) or _PARAGRAPH.fullmatch(tag):
        return "\n"
    if _DRESS.fullmatch(tag):
        return ""
    return tag


def _shown(text: str) -> str:
    line = " ".join(text.split())
    return f"“{line[:80]}{'…' if len(line) > 80 else ''}”"
