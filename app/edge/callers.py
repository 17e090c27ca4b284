"""Who asks: said by the API from a token, by the pages from a session."""

from __future__ import annotations

import flask

from app.access.roles import Principal, Role
from app.edge.context import is_read_only


class MissingToken(Exception):
    """The request needs a token and has none."""

    def __init__(self) -> None:
        super().__init__("This needs a token: send it as “Authorization: Bearer …”.")


def principal() -> Principal:
    """Who asks; raises MissingToken where nobody said."""
    found = asker()
    if found is None:
        raise MissingToken
    return found


def asker() -> Principal | None:
    """Who asks, or None where that was not said."""
    found: Principal | None = flask.g.get("principal")
    return found


def asker_may(needed: Role, service: str | None = None, locale: str | None = None) -> bool:
    """Whether somebody asks who may do what needs this role, as Principal.may tells it.

    Nobody may where the catalog is read-only.
    """
    caller = asker()
    return caller is not None and not is_read_only() and caller.may(needed, service, locale)


def remember(caller: Principal) -> None:
    """Let the rest of the request know who asks."""
    flask.g.principal = caller
