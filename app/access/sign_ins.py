"""Signing in with a password: who does, for how long, and until when.

What the browser holds is a random text; the database has its digest, so a sign-in can be ended here
whatever the browser keeps.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.access.accounts import find_account, principal_of
from app.access.errors import UnknownAccount, WrongPassword
from app.access.models import Account, SignIn, SigningKey
from app.access.passwords import fits
from app.access.roles import Principal
from app.access.tokens import RANDOM_BYTES, digest_of

LIFETIME = timedelta(days=7)


def check_password(session: Session, name: str, password: str) -> Principal:
    """Whose name and password these are; raises WrongPassword, which tells no more than that."""
    try:
        account = find_account(session, name)
    except UnknownAccount:
        account = None
    is_theirs = fits(account.password_hash if account is not None else None, password)
    if account is None or not is_theirs or account.disabled_at is not None:
        raise WrongPassword
    return principal_of(account)


def sign_in(session: Session, account_id: int, now: datetime) -> str:
    """Begin a sign-in of an account, and give the text that its browser is to hold."""
    session.execute(sa.delete(SignIn).where(SignIn.expires_at <= now))
    text = secrets.token_urlsafe(RANDOM_BYTES)
    session.add(
        SignIn(
            digest=digest_of(text),
            account_id=account_id,
            signed_in_at=now,
            expires_at=now + LIFETIME,
        )
    )
    session.flush()
    return text


def signed_in(session: Session, text: str, now: datetime) -> Principal | None:
    """Whose sign-in it is; None where it has ended, or its account is disabled."""
    account = session.scalar(
        sa.select(Account)
        .join(SignIn, SignIn.account_id == Account.id)
        .where(
            SignIn.digest == digest_of(text),
            SignIn.expires_at > now,
            Account.disabled_at.is_(None),
        )
    )
    return None if account is None else principal_of(account)


def sign_out(session: Session, text: str) -> None:
    """End a sign-in."""
    session.execute(sa.delete(SignIn).where(SignIn.digest == digest_of(text)))


def sign_everybody_out(session: Session) -> None:
    """End all sign-ins."""
    session.execute(sa.delete(SignIn))


def signing_key(session: Session) -> str:
    """What cookies are signed with, where the settings do not say."""
    return session.scalars(sa.select(SigningKey.key)).one()
