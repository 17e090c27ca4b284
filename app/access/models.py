"""The tables of accounts, of their tokens and sign-ins, and of answers to be given again."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.access.roles import Role
from app.db import Base, one_of


class Account(Base):
    """Somebody who may edit. Never deleted: the history names them."""

    __tablename__ = "account"
    __table_args__ = (
        sa.CheckConstraint(one_of("role", [role.word for role in Role]), name="role"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str]
    # Empty is every service, every locale.
    services: Mapped[list[str]] = mapped_column(sa.JSON)
    locales: Mapped[list[str]] = mapped_column(sa.JSON)
    password_hash: Mapped[str | None]
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class Token(Base):
    """What stands for an account in a request. Its text is shown once and not kept."""

    __tablename__ = "token"
    __table_args__ = (sa.Index(None, "account_id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"))
    name: Mapped[str]
    # SHA-256 of the text, in hexadecimal.
    digest: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class SignIn(Base):
    """Somebody who signed in to the pages with a password, until they sign out."""

    __tablename__ = "sign_in"
    __table_args__ = (sa.Index(None, "account_id"), sa.Index(None, "expires_at"))

    # SHA-256, in hexadecimal, of what the browser holds.
    digest: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"))
    signed_in_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class SigningKey(Base):
    """What cookies are signed with, where the settings do not say. One row, made with the table."""

    __tablename__ = "signing_key"

    key: Mapped[str] = mapped_column(primary_key=True)


class FirstAnswer(Base):
    """What the first request with an Idempotency-Key was answered with."""

    __tablename__ = "first_answer"
    __table_args__ = (sa.Index(None, "at"),)

    account_id: Mapped[int] = mapped_column(
        sa.ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(primary_key=True)
    request_digest: Mapped[str]
    status: Mapped[int]
    headers: Mapped[list[list[str]]] = mapped_column(sa.JSON)
    body: Mapped[bytes]
    at: Mapped[datetime]
