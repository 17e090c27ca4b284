"""What the pages of accounts share: what was typed, what is told and logged, and tokens shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import flask
import structlog

from app.access.managing import May
from app.access.roles import Role
from app.access.views import AccountView
from app.edge.callers import principal
from app.pages.forms import Unfit, listed
from app.pages.rendering import page
from app.pages.words import gettext

# What the forms call fields that the catalog calls otherwise.
FIELDS = {"slug": "services", "locale": "locales"}
TOKEN_FIELDS = {"name": "token_name"}
# How long a token lives where nobody says.
_DAYS = "365"

log = structlog.get_logger("error_catalog.accounts")


@dataclass(frozen=True)
class Done:
    """What was done to an account: in words for the page, and for the log."""

    words: str
    what: str
    token: str | None = None


def values_of(view: AccountView) -> dict[str, str]:
    """An account as its forms show it."""
    return {
        "role": view.role,
        "services": ", ".join(view.services),
        "locales": ", ".join(view.locales),
        "expires": _DAYS,
    }


def may_of(given: Mapping[str, str]) -> May:
    """What an account is to be allowed; raises Invalid."""
    services, locales = listed(given.get("services", "")), listed(given.get("locales", ""))
    return May(Role.named(given.get("role", "")), services, locales)


def days_of(given: Mapping[str, str]) -> int | None:
    """In how many days a token expires, None where it never does; raises Invalid."""
    days = given.get("expires", "").strip()
    if not days:
        return None
    if not re.fullmatch("[0-9]{1,9}", days):
        raise Unfit("expires", gettext("Write a whole number of days, or nothing."))
    return int(days)


def name_of(given: Mapping[str, str]) -> str | None:
    """What a token is for, None where nobody said."""
    return given.get("token_name", "").strip() or None


def number_of() -> int:
    """The number of the token that the form is to revoke; aborts where it is none."""
    token = flask.request.form.get("token", "")
    if not re.fullmatch("[1-9][0-9]{0,17}", token):
        flask.abort(400)
    return int(token)


def note(account: str, what: str) -> None:
    """Tell the log who did what to whom."""
    log.info("account changed", by=principal().name, account=account, what=what)


def token_page(account: str, token: str, back: str) -> flask.Response:
    """The only page that ever shows a token; nothing keeps it."""
    response = page("token.html", account=account, token=token, back=back)
    response.headers["Cache-Control"] = "no-store"
    return response
