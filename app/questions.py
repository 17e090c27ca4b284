"""Questions: what the database is asked thousands of times a second, past the ORM."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

Rows = list[Sequence[Any]]


class _Listed(FunctionElement[Any]):
    """The numbers of a list that a parameter has as JSON, in a column named `value`."""

    name = "listed"
    inherit_cache = True


@compiles(_Listed, "sqlite")
def _of_sqlite(element: _Listed, compiler: Any, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


@compiles(_Listed, "postgresql")
def _of_postgresql(element: _Listed, compiler: Any, **options: Any) -> str:
    # An array is spelled as the list is, but for its brackets.
    given = compiler.process(element.clauses, **options)
    return f"unnest(CAST(translate({given}, '[]', '{{}}') AS bigint[])) AS listed (value)"


def listed(parameter: str) -> sa.Select[Any]:
    """The numbers in a parameter that is a list of them as JSON, as a subquery for IN.

    So the statement is the same for any number of them.
    """
    given = sa.bindparam(parameter, type_=sa.Text())
    return sa.select(sa.column("value", sa.BigInteger)).select_from(_Listed(given))


class Question:
    """A SELECT that is asked often: compiled once for each database, past the ORM.

    Its parameters are bindparam()s; it gives rows as plain sequences.
    """

    def __init__(self, statement: sa.Select[*tuple[Any, ...]]) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def asked(self, connection: sa.Connection, **values: Any) -> Rows:
        """The rows that answer it within the transaction of a connection."""
        raw = connection.connection.cursor()
        try:
            return self.answered(raw, connection.dialect, values)
        finally:
            raw.close()

    def answered(self, cursor: Any, dialect: sa.Dialect, values: Mapping[str, Any]) -> Rows:
        """The rows that a driver's cursor has for it; raises sqlalchemy.exc.OperationalError."""
        compiled = self._compiled.get(dialect.name) or self._compile(dialect)
        known = {**compiled.constants, **values}
        given = [known[name] for name in compiled.parameters]
        try:
            # All are fetched: a statement that is not at its end would keep its state of the file.
            rows = cursor.execute(compiled.text, given).fetchall()
        except dialect.loaded_dbapi.Error as error:
            raise sa.exc.OperationalError(
                compiled.text, values, error, hide_parameters=True
            ) from error
        read = [list(row) for row in rows] if compiled.readers else rows
        for place, reader in compiled.readers:
            for row in read:
                if row[place] is not None:
                    row[place] = reader(row[place])
        return list(read)

    def _compile(self, dialect: sa.Dialect) -> _Compiled:
        compiled = self._statement.compile(dialect=dialect)
        types = [column.type for column in self._statement.selected_columns]
        readers = [it.dialect_impl(dialect).result_processor(dialect, None) for it in types]
        found = self._compiled[dialect.name] = _Compiled(
            str(compiled),
            tuple(compiled.positiontup or ()),
            {name: value for name, value in compiled.params.items() if value is not None},
            [(place, read) for place, read in enumerate(readers) if read is not None],
        )
        return found


@dataclass(frozen=True)
class _Compiled:
    """A statement as a driver takes it, the order of its parameters, and readers of columns.

    `constants` are parameters whose values stand in the statement.
    """

    text: str
    parameters: tuple[str, ...]
    constants: Mapping[str, Any]
    readers: Sequence[tuple[int, Callable[[Any], Any]]]
