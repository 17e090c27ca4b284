"""Exports as the catalog makes them, of any texts that it can hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import strategies as st

from app.catalog.codes import CODE_FORM, checked_key, is_code
from app.catalog.errors import Invalid
from app.catalog.texts import checked_text
from app.exchange.document import Document, Export, Item, Remark, Row

# What the formats have a meaning for, and what text has in it that is not plain.
MARKS = [
    *"=+-@'\"\\,;|#{}<&>[]%$`~",
    "\t",
    "\n",
    "\r\n",
    " ",
    "＝",  # noqa: RUF001
    "''",
    "]]>",
    "&amp;",
    "<!--",
    "<g/>",
    "\\n",
    "\\u2028",
    '"\n"',
    "\nmsgid ",
    "#, fuzzy",
    "{name}",
    "\u00a0",
    "\u2028",
    "\u2029",
    "\ufeff",
    "e\u0301",
    "\u1100\u1161",
    "한국어",
    "日本語",
    "👩‍💻",
    "\U0001f600",
    "\u200b",
    "\ue000",
    "\U0010fffd",
]


def _kept(text: str) -> str | None:
    try:
        return checked_text("message", text)
    except Invalid:
        return None


def _kept_key(text: str) -> str | None:
    try:
        return checked_key(text)
    except Invalid:
        return None


TEXTS = st.one_of(
    st.lists(st.sampled_from(MARKS) | st.text(max_size=4), max_size=8).map("".join),
    st.text(max_size=20),
).map(_kept)
CODES = st.one_of(
    st.sampled_from(["0", "-1", "00000", "E900", "a.b:c-d", "4000122", "9" * 64]),
    st.from_regex(CODE_FORM, fullmatch=True).filter(is_code),
)
KEYS = st.sampled_from([None, "ONE", "=ONE", "-ONE", "'", '"&<>', "한글", "|", "\\n"]) | st.text(
    max_size=8
).map(_kept_key)
STATES = st.sampled_from(["approved", "needs_review"])


@st.composite
def items(draw: st.DrawFn, texts: st.SearchStrategy[str | None] = TEXTS) -> Item:
    """One code with its texts."""
    return Item(
        draw(CODES),
        draw(KEYS),
        None,
        "active",
        None,
        draw(texts),
        draw(texts),
        draw(texts),
        draw(STATES),
        draw(texts.filter(bool)) or "",
        draw(texts),
        draw(texts),
    )


def exports(texts: st.SearchStrategy[str | None] = TEXTS) -> st.SearchStrategy[Export]:
    """All that goes out of a service; each code once."""
    return st.builds(
        Export,
        service=st.just("alpha"),
        title=st.sampled_from(["Alpha", "Alpha > Beta: 베타", 'A "B" \\n']),
        section=st.sampled_from([None, "Cloud"]),
        default_locale=st.just("en"),
        locale=st.sampled_from(["en", "ko", "zh-Hant"]),
        items=st.lists(items(texts), max_size=4, unique_by=lambda item: item.code).map(tuple),
    )


def export(*told: Item, locale: str = "ko") -> Export:
    """What goes out of the service alpha."""
    return Export("alpha", "Alpha", "Cloud", "en", locale, told)


def item(
    code: str = "1", message: str | None = "하나", state: str = "approved", key: str | None = "ONE"
) -> Item:
    """A code with a message alone."""
    return Item(code, key, None, "active", None, message, None, None, state, "one", None, None)


def rows_of(told: Sequence[Item], *, with_state: bool) -> list[Row]:
    """The rows that items come back as, line 0 each. A format that knows states has no row for a
    code without a text."""
    rows = [Row(0, it.code, it.key, it.message, it.description, it.remedy, it.state) for it in told]
    if with_state:
        return [row for row in rows if row.message or row.description or row.remedy]
    return [replace(row, state=None) for row in rows]


def rows_in(document: Document) -> list[Row]:
    """The rows of a document of which nothing was left out, line 0 each."""
    assert (document.refused, document.ignored) == ((), ())
    return [replace(row, line=0) for row in document.rows]


def line_of(text: str, part: str) -> int:
    """The line that a part of a text begins in."""
    return text.count("\n", 0, text.index(part)) + 1


def lines_told(document: Document) -> list[int]:
    """The lines of all that a document tells of, taken or not."""
    lines = [row.line for row in document.rows]
    return lines + [remark.line for remark in (*document.refused, *document.ignored)]


def row_of(document: Document) -> Row:
    """The one row of a document of which nothing is refused."""
    assert document.refused == ()
    (row,) = document.rows
    return row


def refusal_of(document: Document) -> Remark:
    """The one refusal of a document of which nothing is taken."""
    assert document.rows == ()
    (remark,) = document.refused
    return remark
