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
_MINUS = re.compile(r"[-–—−－]\s*(?=\d)")
_RANGE = re.compile(r"\S\s*[~〜～∼]\s*\S|\d\s*(…|\.{2,3}|[–—])\s*\d|\d\s+to\s+-?\d")
_HYPHENATED = re.compile(r"(-?)([A-Za-z_]*)(\d{1,64})\s*-\s*(-?)([A-Za-z_]*)(\d{1,64})")
_WILDCARD = re.compile(r"-?[A-Za-z]?\d+[xX]+|-?[A-Za-z]?\d*\*+")
_STRUCK_OUT = re.compile(r"~~.*~~", re.DOTALL)
_THOUSANDS = re.compile(r"-?\d{1,2}(,\d{3})+|-?\d{3}(,\d{3}){2,}")
# What stands in place of a code where none is meant.
_NO_CODES = frozenset(
    ["others", "other", "etc", "none", "all", "any", "default", "else", "n/a", "na"]
)
# What stands in place of a text where none is meant.
_NO_TEXTS = frozenset("-–—")
# Written so, a cell means what it says to the letter.
_TO_THE_LETTER = "&#"
_NUMBER_AND_HEX = re.compile(r"(?is)(?=.*\b0x[0-9a-f]+)(?=.*(?<![0-9a-z])-?\d+(?![0-9a-z]))")


def is_to_the_letter(written: str) -> bool:
    """Whether a cell is written so that it means what it says: with a character by its number.

    That is how our own pages write what would be taken for something else.
    """
    return _TO_THE_LETTER in written


def said(cell: str) -> str:
    """The text of a cell; nothing where a dash alone stands for nothing."""
    return "" if cell in _NO_TEXTS else cell


def codes_in(cell: str) -> list[str]:
    """The codes in a cell, in their order: one, or several with commas or line breaks between.

    A dash before a number counts as its minus. Raises Unfit for anything else, since a wrong code
    is worse than none: a range, one number in two notations, prose, nothing.
    """
    text = cell.replace("\u00a0", " ").strip()
    if not text:
        raise Unfit("no code")
    if text.lower() in _NO_CODES or not said(text):
        raise Unfit(f"{_shown(text)} is not a code")
    if _STRUCK_OUT.fullmatch(text):
        raise Unfit(f"{_shown(text)} is struck out")
    if _RANGE.search(text) or any(map(_is_range, _SEPARATORS.split(text))):
        raise Unfit(f"{_shown(text)} is a range of codes: name each")
    if any(_WILDCARD.fullmatch(part.strip()) for part in _SEPARATORS.split(text)):
        raise Unfit(f"{_shown(text)} stands for many codes: name each")
    if is_code(text):
        return [text]
    if _THOUSANDS.fullmatch(text):
        raise Unfit(f"{_shown(text)} can be one code or several")
    if _NUMBER_AND_HEX.match(text):
        raise Unfit(f"{_shown(text)} is decimal and hexadecimal at once: which is the code?")
    parts = [part.strip() for part in _SEPARATORS.split(text)]
    codes = [
        _MINUS.sub("-", part, count=1) if _MINUS.match(part) else part for part in parts if part
    ]
    for code in codes:
        if not is_code(code):
            raise Unfit(f"{_shown(code)} is not a code")
    if not codes:
        raise Unfit(f"{_shown(text)} is not a code")
    return list(dict.fromkeys(codes))


def _is_range(part: str) -> bool:
    """Whether a part of a cell goes from one number up to another of the same kind."""
    match = _HYPHENATED.fullmatch(part.strip())
    if match is None or match[5] not in ("", match[2]):
        return False
    return abs(int(match[6])) > abs(int(match[3]))


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
