"""The tables. Everything that changes a row of the first three goes through `edits/`.

Their ids are never given twice, not even after a deletion: an ETag is made of id and version, and
one of something deleted must not fit what came after it.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.catalog.codes import STATUSES
from app.catalog.texts import MESSAGE_STATES
from app.db import Base, one_of

# The texts of a message, and what each means; see Message.
TEXTS = ("text", "description", "remedy")
MEANINGS = ("text_meaning", "description_meaning", "remedy_meaning")


class Service(Base):
    """A service whose error codes the catalog keeps."""

    __tablename__ = "service"
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    section: Mapped[str | None]
    default_locale: Mapped[str]
    # Whether what one edits another must approve.
    four_eyes: Mapped[bool]
    version: Mapped[int] = mapped_column()
    # Of the service or anything in it.
    updated_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}


class ErrorCode(Base):
    """One code of one service. `(service, code)` is its identity; a code alone is none."""

    __tablename__ = "error_code"
    __table_args__ = (
        sa.UniqueConstraint("service_id", "code"),
        sa.CheckConstraint(one_of("status", STATUSES), name="status"),
        # A service's codes in document order, and each filter of that list.
        sa.Index(None, "service_id", "position", "id"),
        sa.Index(None, "service_id", "key"),
        sa.Index(None, "service_id", "http_status"),
        sa.Index(None, "service_id", "status"),
        # One code or key in all services.
        sa.Index(None, "code"),
        sa.Index(None, "key"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(sa.ForeignKey("service.id", ondelete="CASCADE"))
    code: Mapped[str]
    key: Mapped[str | None]
    # What the API answers: an editor's value, or the one that the code implies.
    http_status: Mapped[int | None]
    http_status_given: Mapped[bool]
    status: Mapped[str]
    replaced_by: Mapped[str | None]
    # When it was deprecated, where it is or was before it was retired.
    deprecated_at: Mapped[datetime | None]
    sunset_at: Mapped[datetime | None]
    # Place in the document. Spaced, so that a row can be put between two others.
    position: Mapped[int]
    # Rises with every edit of the code or of any of its messages.
    version: Mapped[int] = mapped_column()
    updated_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}


class Message(Base):
    """What is said about one code in one locale: any of three texts, at least one."""

    __tablename__ = "message"
    __table_args__ = (
        sa.UniqueConstraint("error_code_id", "locale"),
        sa.CheckConstraint(one_of("state", MESSAGE_STATES), name="state"),
        sa.CheckConstraint(
            "text IS NOT NULL OR description IS NOT NULL OR remedy IS NOT NULL", name="not_empty"
        ),
        sa.Index(None, "anchor"),
        # The queue of texts to review.
        sa.Index(None, "state", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    error_code_id: Mapped[int] = mapped_column(sa.ForeignKey("error_code.id", ondelete="CASCADE"))
    locale: Mapped[str]
    text: Mapped[str | None]
    description: Mapped[str | None]
    remedy: Mapped[str | None]
    # By which a line of a log finds the text: templates.anchor_of(text).
    anchor: Mapped[int | None] = mapped_column(sa.BigInteger)
    state: Mapped[str]
    # What the source's three texts mean, by the version of the source that gave them that meaning;
    # a translation keeps those of the source that it was made from.
    text_meaning: Mapped[int]
    description_meaning: Mapped[int]
    remedy_meaning: Mapped[int]
    version: Mapped[int] = mapped_column()
    updated_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}


class Reservation(Base):
    """A number that nobody but its holder may use until it expires."""

    __tablename__ = "reservation"
    __table_args__ = (sa.UniqueConstraint("service_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(sa.ForeignKey("service.id", ondelete="CASCADE"))
    code: Mapped[str]
    holder: Mapped[str]
    note: Mapped[str | None]
    reserved_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Change(Base):
    """One change of the catalog: the only account of its past. Append-only by trigger.

    Services and codes stand here by name, not by reference: what is deleted keeps its history.
    """

    __tablename__ = "change"
    __table_args__ = (
        sa.Index(None, "change_set"),
        sa.Index(None, "service", "revision"),
        sa.Index(None, "service", "code", "revision"),
        sa.Index(None, "locale", "revision"),
        sa.Index(None, "actor", "revision"),
    )

    # The catalog's revision: rises by one with every change, without a gap.
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # The first revision of those that were made together.
    change_set: Mapped[int]
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str]
    service: Mapped[str]
    code: Mapped[str | None]
    locale: Mapped[str | None]
    # JSON, or None where there was or is nothing.
    before: Mapped[str | None]
    after: Mapped[str | None]
    # SHA-256 of the JSON. The chain runs over these, so a text can be blanked without breaking it.
    before_digest: Mapped[str | None]
    after_digest: Mapped[str | None]
    reason: Mapped[str | None]
    reason_digest: Mapped[str | None]
    breaking: Mapped[str | None]
    breaking_digest: Mapped[str | None]
    previous_hash: Mapped[str]
    hash: Mapped[str]


class Epoch(Base):
    """The time since the catalog was last restored; see epochs.py. One row, made with the table."""

    __tablename__ = "epoch"

    name: Mapped[str] = mapped_column(primary_key=True)
