"""The neutral document: what every format is read into, whatever it looked like."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Row:
    """One code as a document tells it; None where the document does not say.

    `line` is where the row begins, counted from 1. `state` is one of MESSAGE_STATES where the
    format can say that a text needs review.
    """

    line: int
    code: str
    key: str | None
    message: str | None
    description: str | None = None
    remedy: str | None = None
    state: str | None = None
    http_status: int | None = None
    # Of key, message, description and remedy those that the document has a place for: where it
    # leaves that blank, it says that there is none.
    speaks_of: frozenset[str] = field(default=frozenset(), compare=False)


@dataclass(frozen=True)
class Remark:
    """A place of a document that was not taken, and why."""

    line: int
    reason: str


@dataclass(frozen=True)
class Document:
    """All of one file: the rows taken, what was refused, and the tables that are not of errors.

    `service` and `locale` are what the file itself says it is for; a page says neither. `titles`
    are what its columns are called, by their bare names.
    """

    file: str
    section: str | None = None
    title: str | None = None
    rows: tuple[Row, ...] = ()
    refused: tuple[Remark, ...] = ()
    ignored: tuple[Remark, ...] = ()
    service: str | None = None
    locale: str | None = None
    titles: frozenset[str] = field(default=frozenset(), compare=False)


@dataclass(frozen=True, slots=True)
class Item:
    """One code on its way out, with its texts in one locale and in its service's default locale.

    `message`, `description` and `remedy` are None where there is no text in this locale.
    """

    code: str
    key: str | None
    http_status: int | None
    status: str
    replaced_by: str | None
    message: str | None
    description: str | None
    remedy: str | None
    state: str
    source_message: str
    source_description: str | None
    source_remedy: str | None


@dataclass(frozen=True)
class Export:
    """The codes of a service on their way out, in document order and in one locale."""

    service: str
    title: str
    section: str | None
    default_locale: str
    locale: str
    items: tuple[Item, ...]
