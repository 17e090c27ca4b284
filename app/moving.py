"""Moving a catalog, with its whole history, into another database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

import app.access.models
import app.editing.models  # noqa: F401 (so that Base knows all tables)
from app.catalog import search, verification
from app.catalog.models import ErrorCode
from app.db import Base, Database
from app.schema import is_at_head

_BATCH_SIZE = 1_000
# A catalog in which these are empty is one that nobody has used yet.
_USED = ("service", "change", "account")


class MoveRefused(Exception):
    """A catalog cannot be moved, or did not arrive as it was; the message is one line."""


@dataclass(frozen=True)
class Moved:
    """What arrived: rows by table, and the newest change and its hash."""

    rows: dict[str, int]
    revision: int
    head_hash: str


def move(source: Database, target: Database) -> Moved:
    """Copy all of a catalog into an unused one, and hold what arrived against what was there.

    Nobody edits either meanwhile. Nothing is kept of it where anything is not as it was. Raises
    MoveRefused where one is not at the newest schema, the target has been used, the source's
    history is not whole, or something did not arrive.
    """
    with source.writing() as old, target.writing() as new:
        for session, which in ((old, "old"), (new, "new")):
            if not is_at_head(session.connection()):
                raise MoveRefused(f"the {which} database is not at this program's schema")
        _require_unused(new)
        verdict = _verified(old, "the catalog's history is not whole")
        tables = Base.metadata.sorted_tables
        for table in reversed(tables):
            new.execute(sa.delete(table))
        for table in tables:
            for rows in _rows(old, table):
                new.execute(sa.insert(table), [dict(row) for row in rows])
        target.give_ids_after(new, source.given_ids(old))
        search.refresh(new, new.scalars(sa.select(ErrorCode.id)).all())
        new.expire_all()
        counts = {table.name: _compared(old, new, table) for table in tables}
        if _verified(new, "the history did not arrive whole") != verdict:
            raise MoveRefused("the history that arrived is another")
    return Moved(counts, verdict.revision, verdict.head_hash)


def _require_unused(session: Session) -> None:
    for name in _USED:
        if session.scalar(sa.select(sa.exists().select_from(Base.metadata.tables[name]))):
            raise MoveRefused(f"the new database has been used: there are rows in {name}")


def _verified(session: Session, otherwise: str) -> verification.Verdict:
    verdict = verification.verify(session)
    if verdict.problems:
        raise MoveRefused(f"{otherwise}: {verdict.problems[0]}")
    return verdict


def _rows(session: Session, table: sa.Table) -> Iterator[Sequence[sa.RowMapping]]:
    """All rows of a table, in the order of its key, some at a time."""
    everything = sa.select(table).order_by(*table.primary_key)
    found = session.execute(everything.execution_options(yield_per=_BATCH_SIZE))
    return iter(found.mappings().partitions())


def _compared(old: Session, new: Session, table: sa.Table) -> int:
    """How many rows a table has; raises MoveRefused where the two do not have the same."""
    left, right = _digest(old, table), _digest(new, table)
    if left != right:
        raise MoveRefused(f"{table.name} did not arrive as it was")
    return left[0]


def _digest(session: Session, table: sa.Table) -> tuple[int, str]:
    """How many rows a table has, and the SHA-256 of what they say."""
    count, found = 0, hashlib.sha256()
    for rows in _rows(session, table):
        count += len(rows)
        for row in rows:
            values: list[Any] = [row[column] for column in table.columns]
            found.update(repr(values).encode())
    return count, found.hexdigest()
