"""Everything that can be wrong with who asks.

    AccessError
    ├── BadToken            the token is unknown, expired or revoked
    ├── WrongPassword       no account has this name and password
    └── Forbidden           the account may not do this, or not here

    CatalogError
    ├── UnknownAccount      (NotFound) no account has this name
    ├── UnknownToken        (NotFound) there is no token of this number
    └── AccountExists       (Conflict) the name is taken

Each is raised with one sentence for the person who asked.
"""

from __future__ import annotations

from app.catalog.errors import Conflict, NotFound


class AccessError(Exception):
    """The root: whoever asks may not, with a sentence that says why."""


class BadToken(AccessError):
    """The token is unknown, expired or revoked, or of an account that is disabled."""


class WrongPassword(AccessError):
    """No account has this name and password."""

    def __init__(self) -> None:
        super().__init__("The name or the password is not right.")


class Forbidden(AccessError):
    """The account may not do this, or not in this service or locale."""


class UnknownAccount(NotFound):
    """No account has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no account “{name[:80]}”.")


class UnknownToken(NotFound):
    """There is no token of this number."""

    def __init__(self, number: int) -> None:
        super().__init__(f"There is no token {number}.")


class AccountExists(Conflict):
    """The name is taken."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is an account “{name[:80]}” already.")
