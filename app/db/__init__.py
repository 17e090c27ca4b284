"""The database: tables' base class, engines, and the two kinds of transaction.

SQLite and PostgreSQL each have a module; what stands above asks neither which of them it is.
"""

from app.db.database import (
    Database,
    DriverErrors,
    create_engine,
    overwrite_deleted,
    warning_about,
)
from app.db.faults import Fault, fault_of, tried_again
from app.db.store import DatabasePathError, Standing
from app.db.tables import INTEGER, LARGEST_INTEGER, Base, UtcDateTime, one_of, table_of

__all__ = [
    "INTEGER",
    "LARGEST_INTEGER",
    "Base",
    "Database",
    "DatabasePathError",
    "DriverErrors",
    "Fault",
    "Standing",
    "UtcDateTime",
    "create_engine",
    "fault_of",
    "one_of",
    "overwrite_deleted",
    "table_of",
    "tried_again",
    "warning_about",
]
