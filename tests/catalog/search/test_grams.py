"""PostgreSQL's index finds what SQLite's does, letters of many alphabets among it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app import schema
from app.catalog.search import fts5, grams
from app.catalog.search.index import Index, Row, terms_of
from app.catalog.texts import normalized
from app.db import Database
from tests.catalog.making import undone

pytestmark = pytest.mark.postgresql("search finds what it finds with SQLite")

# Letters with an accent or two, those that fold to several or to another, those that are one with
# an ASCII letter, one without case, a half, a roman numeral; and what stands between words.
ODD = "abeſßẞﬁéÉèǿṩİıKσςΣÅåж한요請ガ½Ⅷأ_-. \n"  # noqa: RUF001
TEXTS = st.text(ODD, min_size=1, max_size=10).map(lambda it: normalized("NFC", it))
KEYS = st.text("abeAB1_", max_size=6)
ROWS = st.lists(
    st.builds(Row, st.just(0), st.text("0123ab", min_size=1, max_size=5), KEYS, TEXTS),
    min_size=1,
    max_size=4,
)


@pytest.fixture(scope="module")
def in_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A catalog in a file of SQLite."""
    url = f"sqlite:///{tmp_path_factory.mktemp('beside') / 'catalog.sqlite3'}"
    schema.upgrade(url)
    database = Database(url)
    yield database
    database.dispose()


def found(index: Index, session: Session, query: str) -> list[set[int]]:
    """What an index finds for a query: in codes, in keys, anywhere; and of each of its parts."""
    terms = terms_of(query)
    if not terms:
        return []
    columns = ("code", "key", None)
    selects = [index.matching(terms, column) for column in columns]
    selects += [index.having_any([part]) for part in terms.parts]
    return [set(session.scalars(it)) for it in selects]


@given(ROWS, TEXTS, st.data())
@settings(max_examples=100, deadline=None)
def test_it_finds_what_the_index_of_sqlite_finds(
    scratch: Database, in_file: Database, rows: list[Row], query: str, data: st.DataObject
) -> None:
    rows = [Row(at, row.code, row.key, row.text) for at, row in enumerate(rows, start=1)]
    # What is found, at times; and as it would be spelled in capitals.
    source = data.draw(st.sampled_from([row.text for row in rows] + [query]))
    first = data.draw(st.integers(0, max(len(source) - 1, 0)))
    query = source[first : first + data.draw(st.integers(1, 6))]
    with undone(scratch) as server, undone(in_file) as file:
        for index, session in ((grams, server), (fts5, file)):
            index.put(session, rows)
        for asked in (query, query.upper(), query.lower()):
            assert found(grams, server, asked) == found(fts5, file, asked), asked
