"""What a database is asked, seen at the driver: by whichever way it is asked."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from app.db.sqlite_driver import DRIVER
from tests import databases

# What triggers and the search index ask by themselves, and whether a connection still lives.
_OF_THE_DATABASE = ("--", "PRAGMA", ";")

Note = Callable[[str], None]


def trace(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements of all connections that are opened from now on, as this thread asks them."""
    seen: list[str] = []
    thread = threading.get_ident()

    def note(statement: str) -> None:
        if threading.get_ident() == thread and not statement.startswith(_OF_THE_DATABASE):
            seen.append(statement)

    if databases.SERVER is None:
        _trace_sqlite(monkeypatch, note)
    else:
        _trace_postgresql(monkeypatch, note)
    return seen


def _trace_sqlite(monkeypatch: pytest.MonkeyPatch, note: Note) -> None:
    driver: Any = DRIVER
    connect = driver.connect

    def traced(*arguments: Any, **options: Any) -> Any:
        connection = connect(*arguments, **options)
        connection.set_trace_callback(note)
        return connection

    monkeypatch.setattr(driver, "connect", traced)


def _trace_postgresql(monkeypatch: pytest.MonkeyPatch, note: Note) -> None:
    # Where transactions begin and end goes past it.
    execute: Any = psycopg.Cursor.execute

    def traced(cursor: Any, query: Any, *arguments: Any, **options: Any) -> Any:
        note(psycopg.ClientCursor(cursor.connection).mogrify(query, *arguments[:1]))
        return execute(cursor, query, *arguments, **options)

    monkeypatch.setattr(psycopg.Cursor, "execute", traced)
