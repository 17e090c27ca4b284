"""What a database is asked, seen at the driver: by whichever way it is asked."""

from __future__ import annotations

import threading
from typing import Any

import pytest

import app.db

# What triggers and the search index ask by themselves.
_OF_THE_DATABASE = ("--", "PRAGMA")


def trace(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements of all connections that are opened from now on, as this thread asks them."""
    seen: list[str] = []
    thread = threading.get_ident()
    driver: Any = vars(app.db)["sqlite"]
    connect = driver.connect

    def note(statement: str) -> None:
        if threading.get_ident() == thread and not statement.startswith(_OF_THE_DATABASE):
            seen.append(statement)

    def traced(*arguments: Any, **options: Any) -> Any:
        connection = connect(*arguments, **options)
        connection.set_trace_callback(note)
        return connection

    monkeypatch.setattr(driver, "connect", traced)
    return seen
