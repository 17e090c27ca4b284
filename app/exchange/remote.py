"""A catalog asked over HTTP: what a page is held against where there is no database."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from app.catalog.views import CodeTexts, TextsView
from app.exchange.plan import Target

TIMEOUT_SECONDS = 30
LONGEST_ANSWER = 64_000_000


class RemoteError(Exception):
    """The other catalog does not answer as one; the message is one line."""


def fetch(url: str, slug: str, locale: str | None) -> tuple[Target, list[CodeTexts]]:
    """A service of the catalog at this address, with its texts in the default locale and in one
    more.

    A token for a catalog that is closed is read from ERROR_CATALOG_TOKEN. Raises RemoteError.
    """
    base = url.rstrip("/")
    if urlsplit(base).scheme not in ("http", "https"):
        raise RemoteError(f"{url} is not an http or https address")
    service = _get(f"{base}/services/{quote(slug)}")
    target = Target(
        service["slug"], service["title"], service["section"], service["default_locale"], True
    )
    locales = dict.fromkeys([target.default_locale, locale or target.default_locale])
    told = {
        wanted: {code["code"]: code for code in _codes(base, target.slug, wanted)}
        for wanted in locales
    }
    return target, [
        _texts(
            {wanted: codes[code] for wanted, codes in told.items() if code in codes},
            target.default_locale,
        )
        for code in told[target.default_locale]
    ]


def _codes(base: str, slug: str, locale: str) -> Iterator[Mapping[str, Any]]:
    following: str | None = f"{base}/services/{quote(slug)}/codes?limit=500&locale={quote(locale)}"
    while following is not None:
        page = _get(following)
        yield from page["items"]
        # The other catalog may be known to itself under another address.
        following = page["next"] and f"{base}{_path(page['next'])}"


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
        "approved",
    )


def _path(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def _get(address: str) -> Any:
    headers = {"Accept": "application/json"}
    if token := os.environ.get("ERROR_CATALOG_TOKEN"):
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(address, headers=headers)  # noqa: S310 (http, https)
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:  # noqa: S310
            return json.loads(response.read(LONGEST_ANSWER))
    except urllib.error.HTTPError as error:
        raise RemoteError(f"{address} answers {error.code}: {_detail(error)}") from error
    except (OSError, ValueError) as error:
        raise RemoteError(f"{address} does not answer as a catalog: {error}") from error


def _detail(error: urllib.error.HTTPError) -> str:
    try:
        return str(json.loads(error.read(100_000))["detail"])
    except (OSError, ValueError, KeyError, TypeError):
        return error.reason
