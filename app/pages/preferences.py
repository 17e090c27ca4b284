"""What somebody prefers: language, colours, single keys. Kept by their browser."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import flask
import werkzeug

from app.edge.addresses import PAGES
from app.edge.context import public_url
from app.pages.links import published_under
from app.pages.words import LANGUAGE_COOKIE, LANGUAGES

THEMES = ("system", "light", "dark")
_CHOICES = {
    LANGUAGE_COOKIE: ("", *LANGUAGES),
    "theme": THEMES,
    "keys": ("on", "off"),
}
_A_YEAR = 365 * 24 * 3600  # seconds


@dataclass(frozen=True)
class Preferences:
    """How the pages look and behave; `language` is empty where the browser's is taken."""

    language: str = ""
    theme: str = "system"
    keys: bool = True


def preferences() -> Preferences:
    """Those of whoever asks."""
    cookies = flask.request.cookies
    language, theme = cookies.get(LANGUAGE_COOKIE, ""), cookies.get("theme", "")
    return Preferences(
        language if language in LANGUAGES else "",
        theme if theme in THEMES else Preferences.theme,
        cookies.get("keys") != "off",
    )


def keep(response: werkzeug.Response, chosen: Mapping[str, str]) -> None:
    """Let the browser keep what was chosen; what was not, or is no choice, stays as it was."""
    for name, values in _CHOICES.items():
        value = chosen.get(name)
        if value in values:
            _set_cookie(response, name, value)


def _set_cookie(response: werkzeug.Response, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=_A_YEAR if value else 0,
        path=published_under() + PAGES,
        secure=public_url().startswith("https:"),
        httponly=True,
        samesite="Lax",
    )
