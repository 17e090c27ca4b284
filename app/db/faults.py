"""Telling a database that cannot answer from one that was asked wrongly."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum
from typing import Any, TypeVar

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

# What SQLite says where it is the database that cannot, not we who asked wrongly.
_SQLITE_CANNOT = re.compile(
    r"locked|busy|unable to open|no such table|disk|readonly|not a database|malformed"
)
# The same of PostgreSQL, by SQLSTATE or the two characters of its class
# (https://www.postgresql.org/docs/current/errcodes-appendix.html): no connection, rolled back,
# out of resources, not in this state, stopped by an operator, trouble with files; a standby that
# takes no edits, an unknown user or database, a damaged file.
_POSTGRESQL_CANNOT = {"08", "40", "53", "55", "57", "58", "25006", "28000", "28P01", "3D000"} | {
    "XX001",
    "XX002",
}
_NO_TABLE = "42P01"
# Serialization failure and deadlock: another try may well go through.
_PASSING = {"40001", "40P01"}

Done = TypeVar("Done")


class Fault(Enum):
    """Why a database did not do what it was asked rightly."""

    CANNOT = "it cannot just now"
    PASSING = "others were in the way, and it would probably go through now"
    NO_SCHEMA = "its tables are not made yet"


def fault_of(error: DBAPIError) -> Fault | None:
    """Which fault of the database an error tells of; None where it was asked wrongly."""
    if not hasattr(error.orig, "sqlstate"):
        return _fault_of_sqlite(str(error.orig))
    return _fault_of_postgresql(error, error.orig)


def tried_again(work: Callable[[], Done]) -> Done:
    """What `work` gives, done once more where others were in the way; it must have left nothing."""
    try:
        return work()
    except DBAPIError as error:
        if fault_of(error) is not Fault.PASSING:
            raise
    return work()


def _fault_of_sqlite(said: str) -> Fault | None:
    if "no such table" in said:
        return Fault.NO_SCHEMA
    return Fault.CANNOT if _SQLITE_CANNOT.search(said) else None


def _fault_of_postgresql(error: DBAPIError, told: Any) -> Fault | None:
    state: str | None = told.sqlstate
    if state is None:
        # Said by no server: there was none to talk to, or it went away.
        return Fault.CANNOT if isinstance(error, (InterfaceError, OperationalError)) else None
    if state in _PASSING:
        return Fault.PASSING
    if state == _NO_TABLE:
        return Fault.NO_SCHEMA
    return Fault.CANNOT if {state, state[:2]} & _POSTGRESQL_CANNOT else None
