"""Tokens: 256 random bits that stand for an account, kept only as their digest."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.access.accounts import checked_name, find_account, principal_of
from app.access.errors import BadToken, UnknownToken
from app.access.models import Account, Token
from app.access.roles import Principal
from app.access.views import TokenView
from app.catalog.errors import Conflict, Invalid

# So that a token is known for one wherever it is pasted, by people and by scanners for secrets.
PREFIX = "ecat_"
RANDOM_BYTES = 32
LONGEST_LIFE_DAYS = 3650

# The last use is kept to the hour, so that reading does not mean writing each time.
USE_RESOLUTION = timedelta(hours=1)

_UNKNOWN = "The token is not valid."


def add_token(
    session: Session,
    account_name: str,
    at: datetime,
    *,
    name: str | None = None,
    expires_in_days: int | None = None,
) -> str:
    """Make a token of an account and return its text, which nothing tells again.

    Raises UnknownAccount, Conflict for a disabled account, and Invalid.
    """
    account = find_account(session, account_name)
    if account.disabled_at is not None:
        raise Conflict(f"The account “{account.name}” is disabled.")
    if expires_in_days is not None and not 1 <= expires_in_days <= LONGEST_LIFE_DAYS:
        raise Invalid("expires", f"A token expires in 1 to {LONGEST_LIFE_DAYS} days.")
    text = PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
    token = Token(
        account_id=account.id,
        name=checked_name(name) if name else f"made {at:%Y-%m-%d}",
        digest=digest_of(text),
        created_at=at,
        expires_at=None if expires_in_days is None else at + timedelta(days=expires_in_days),
    )
    session.add(token)
    session.flush()
    return text


def authenticate(session: Session, text: str, now: datetime) -> Principal:
    """Whom a token stands for; raises BadToken."""
    # Looked up by its digest: how long that takes tells nothing about the token.
    found = session.execute(
        sa.select(Token, Account)
        .join(Account, Account.id == Token.account_id)
        .where(Token.digest == digest_of(text))
    ).one_or_none()
    if found is None:
        raise BadToken(_UNKNOWN)
    token, account = found
    if token.revoked_at is not None:
        raise BadToken("The token was revoked.")
    if token.expires_at is not None and token.expires_at <= now:
        raise BadToken("The token has expired.")
    if account.disabled_at is not None:
        raise BadToken("The token's account is disabled.")
    return replace(principal_of(account), token_id=token.id, last_used_at=token.last_used_at)


def use_is_due(holder: Principal, now: datetime) -> bool:
    """Whether a token's last use is so long ago that this one is to be noted."""
    return holder.last_used_at is None or now - holder.last_used_at >= USE_RESOLUTION


def note_use(session: Session, token_id: int | None, now: datetime) -> None:
    """Note that a token was used."""
    session.execute(sa.update(Token).where(Token.id == token_id).values(last_used_at=now))


def revoke_token(
    session: Session, token_id: int, at: datetime, *, account_name: str | None = None
) -> None:
    """Let a token stand for nobody any more; raises UnknownToken.

    So too where it is not a token of the account, if one is given.
    """
    token = session.get(Token, token_id)
    if token is None or (
        account_name is not None and token.account_id != find_account(session, account_name).id
    ):
        raise UnknownToken(token_id)
    token.revoked_at = token.revoked_at or at
    session.flush()


def list_tokens(session: Session, account_name: str | None = None) -> list[TokenView]:
    """Every token, or those of one account, by number; raises UnknownAccount."""
    wanted = (
        sa.select(Token, Account.name)
        .join(Account, Account.id == Token.account_id)
        .order_by(Token.id)
    )
    if account_name is not None:
        wanted = wanted.where(Account.id == find_account(session, account_name).id)
    return [
        TokenView(
            token.id,
            account,
            token.name,
            token.created_at,
            token.expires_at,
            token.last_used_at,
            token.revoked_at,
        )
        for token, account in session.execute(wanted)
    ]


def digest_of(text: str) -> str:
    """What is kept of a text that only its holder knows."""
    return hashlib.sha256(text.encode("utf-8", errors="surrogatepass")).hexdigest()
