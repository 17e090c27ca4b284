"""What every table is made of: the base class, names of constraints, and types of columns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase

# The largest integer that the database keeps.
LARGEST_INTEGER = 2**63 - 1

# As SQLite has them, whose integers have 64 bits and whose text is compared by its bytes. A
# migration says Integer and Text; migrations/postgresql.py makes PostgreSQL's columns like that.
INTEGER = sa.Integer().with_variant(sa.BigInteger(), "postgresql")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


# Codes that came in together changed in the same second.
@lru_cache(maxsize=4096)
def _read_text(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(f"{text[:19]}+00:00")


class UtcDateTime(sa.TypeDecorator[datetime]):
    """A moment: aware and in UTC in Python, naive in the database, whole seconds in both."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC).replace(tzinfo=None, microsecond=0)

    def process_result_value(self, value: Any | None, _dialect: sa.Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)

    def result_processor(self, dialect: sa.Dialect, coltype: Any) -> Any:
        """How a moment is read: SQLite's text at once, which takes a fifth of the usual time."""
        return (
            _read_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)
        )


def one_of(column: str, values: Sequence[str]) -> str:
    """The condition of a CHECK constraint that a column has one of these values."""
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class Base(DeclarativeBase):
    """What every table inherits: constraint names that migrations can count on."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime, int: INTEGER, str: TEXT}


def table_of(model: type[Base]) -> sa.Table:
    """The table of a model, to write many rows at once without the work that objects need."""
    return Base.metadata.tables[model.__tablename__]
