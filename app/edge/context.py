"""What views reach for: the settings and the database of the application they run in."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from app.config import Settings
from app.db import Database
from app.lint.linter import Linter


@dataclass
class Catalog:
    """What the application was made with."""

    settings: Settings
    database: Database
    openapi: dict[str, Any] = field(default_factory=dict)
    linter: Linter = field(default_factory=Linter)


def catalog() -> Catalog:
    """The catalog that the current application serves."""
    found = current_app.extensions["catalog"]
    assert isinstance(found, Catalog)  # noqa: S101 (for the type checker)
    return found


def reading() -> AbstractContextManager[Session]:
    """A session for one request that only reads."""
    return catalog().database.reading()


def is_read_only() -> bool:
    """Whether the current application takes no edits."""
    return catalog().settings.read_only


def public_url() -> str:
    """Where callers find the catalog, without a slash at the end."""
    return catalog().settings.public_url
