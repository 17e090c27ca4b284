"""Passwords: how long they are, how they are kept, and whether one fits."""

from __future__ import annotations

import secrets
from functools import cache

from werkzeug.security import check_password_hash, generate_password_hash

from app.catalog.errors import Invalid

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1000
_METHOD = "scrypt"


def hashed(password: str) -> str:
    """What is kept of a password; raises Invalid for one that is unfit."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise Invalid(
            "password", f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters."
        )
    try:
        return generate_password_hash(password, method=_METHOD)
    except UnicodeEncodeError as error:
        raise Invalid("password", "A password cannot hold a lone surrogate.") from error


def fits(kept: str | None, password: str) -> bool:
    """Whether it is the password of which this was kept; None takes as long, and never fits."""
    if len(password) > LONGEST_PASSWORD:
        return False
    try:
        is_it = check_password_hash(kept or _nobodys(), password)
    except UnicodeEncodeError:
        return False
    return is_it and kept is not None


@cache
def _nobodys() -> str:
    """Checked where there is no account or no password: both take as long as a wrong one."""
    return generate_password_hash(secrets.token_urlsafe(), method=_METHOD)
