"""The neutral document: what every format is read into, whatever it looked like."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One code as a document tells it; None where the document does not say.

    `line` is where the row begins, counted from 1.
    """

    line: int
    code: str
    key: str | None
    message: str | None
    description: str | None = None


@dataclass(frozen=True)
class Remark:
    """A place of a document that was not taken, and why."""

    line: int
    reason: str


@dataclass(frozen=True)
class Document:
    """All of one file: the rows taken, what was refused, and the tables that are not of errors."""

    file: str
    section: str | None = None
    title: str | None = None
    rows: tuple[Row, ...] = ()
    refused: tuple[Remark, ...] = ()
    ignored: tuple[Remark, ...] = ()
