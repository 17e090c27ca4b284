"""The read-only mode: everything is read as ever, and every edit is refused."""

from __future__ import annotations

from app.edge.context import is_read_only
from app.edge.problems import ReadOnly


def refuse_where_read_only() -> None:
    """Raise ReadOnly where no edits are taken."""
    if is_read_only():
        raise ReadOnly
