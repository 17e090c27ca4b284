"""A catalog asked over HTTP: what a page is held against where there is no database."""

from __future__ import annotations

import http.client
import json
import os
import urllib.error
import urllib.request
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

from app.catalog.views import CodeTexts, TextsView
from app.exchange.plan import UNKNOWN, Target

TIMEOUT_SECONDS = 30
LONGEST_ANSWER = 64_000_000
MOST_PAGES = 10_000

Read = TypeVar("Read")


class RemoteError(Exception):
    """The other catalog does not answer as one; the message is one line."""


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A token is sent to the address that was given, and not on to another."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Follow none: the answer then counts as the error that it is."""


_OPENER = urllib.request.build_opener(_NoRedirects)


def fetch_target(url: str, slug: str) -> Target:
    """A service of the catalog at this address; raises RemoteError.

    A token for a catalog that is closed is read from ERROR_CATALOG_TOKEN.
    """
    service = _get(f"{_base(url)}/services/{quote(slug)}")
    return _read(
        lambda: Target(
            str(service["slug"]),
            str(service["title"]),
            service["section"],
            str(service["default_locale"]),
            exists=True,
        ),
        url,
    )


def fetch_codes(url: str, target: Target, locales: Collection[str]) -> list[CodeTexts]:
    """The codes of a service with their texts in its default locale and these.

    Raises RemoteError.
    """
    wanted = dict.fromkeys([target.default_locale, *locales])
    told = {
        locale: {code["code"]: code for code in _codes(_base(url), target.slug, locale)}
        for locale in wanted
    }
    return _read(
        lambda: [
            _texts(
                {locale: codes[code] for locale, codes in told.items() if code in codes},
                target.default_locale,
            )
            for code in told[target.default_locale]
        ],
        url,
    )


def _base(url: str) -> str:
    try:
        parts = urlsplit(url)
        fits = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        fits = None
    if not fits or any(mark.isspace() for mark in url):
        raise RemoteError(f"{url} is not an http or https address")
    return url.rstrip("/")


def _codes(base: str, slug: str, locale: str) -> Iterator[Mapping[str, Any]]:
    path = f"{base}/services/{quote(slug)}/codes"
    address = f"{path}?limit=500&locale={quote(locale)}"
    for _ in range(MOST_PAGES):
        page = _get(address)
        yield from _read(lambda page=page: list(page["items"]), base)  # type: ignore[misc]
        following = _read(lambda page=page: page["next"], base)  # type: ignore[misc]
        if following is None:
            return
        # The other catalog may be known to itself under another address.
        address = f"{path}?{urlsplit(str(following)).query}"
    raise RemoteError(f"{base} has pages without end")


def _texts(told: Mapping[str, Mapping[str, Any]], default_locale: str) -> CodeTexts:
    code = told[default_locale]
    found = {locale: _in_locale(locale, it) for locale, it in told.items()}
    return CodeTexts(
        code["code"],
        code["key"],
        code["http_status"],
        code["status"],
        code["replaced_by"],
        {locale: it for locale, it in found.items() if it.text or it.description or it.remedy},
    )


def _in_locale(locale: str, code: Mapping[str, Any]) -> TextsView:
    """The texts of a code that are in this very locale; the API does not tell their state here."""
    return TextsView(
        code["message"] if code["locale"] == locale else None,
        code["description"] if code["description_locale"] == locale else None,
        code["remedy"] if code["remedy_locale"] == locale else None,
        UNKNOWN,
    )


def _get(address: str) -> Any:
    try:
        request = urllib.request.Request(address, headers=_headers())  # noqa: S310 (http, https)
        with _OPENER.open(request, timeout=TIMEOUT_SECONDS) as response:
            return json.loads(response.read(LONGEST_ANSWER))
    except urllib.error.HTTPError as error:
        with error:
            raise RemoteError(f"{address} answers {error.code}: {_detail(error)}") from error
    except (OSError, ValueError, http.client.HTTPException, RecursionError) as error:
        raise RemoteError(f"{address} does not answer as a catalog: {_line(error)}") from error


def _headers() -> dict[str, str]:
    headers = {"Accept": "application/json"}
    if token := os.environ.get("ERROR_CATALOG_TOKEN"):
        if not (token.isascii() and token.isprintable()):
            raise RemoteError("ERROR_CATALOG_TOKEN is no token")
        headers["Authorization"] = f"Bearer {token}"
    return headers


def _read(reader: Callable[[], Read], url: str) -> Read:
    """What an answer says, where it has the form that a catalog's has."""
    try:
        return reader()
    except (KeyError, TypeError, AttributeError) as error:
        raise RemoteError(f"{url} does not answer as a catalog") from error


def _detail(error: urllib.error.HTTPError) -> str:
    try:
        return _line(json.loads(error.read(100_000))["detail"])
    except (OSError, ValueError, KeyError, TypeError, http.client.HTTPException):
        return _line(error.reason)


def _line(told: object) -> str:
    """What somebody else told, as one line."""
    return " ".join(str(told).split())[:500] or type(told).__name__
