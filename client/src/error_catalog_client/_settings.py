"""How a catalog is set up, checked once."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

from error_catalog_client._locales import canonical

_YEAR = 365 * 24 * 60 * 60
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)


class Readable(Protocol):
    """What has bytes, as a path or a package's resource."""

    def read_bytes(self) -> bytes:
        """All of them."""


Source = str | os.PathLike[str] | Readable

# A service, and a locale of it; None is its default one.
Pair = tuple[str, str | None]


@dataclass(frozen=True)
class Settings:
    """Where the catalog is, what is wanted of it, and how often, in seconds."""

    scheme: str
    host: str
    port: int | None
    target: str
    services: tuple[str, ...]
    locales: tuple[str | None, ...]
    refresh: float
    timeout: float
    wait: float
    token: str | None = field(repr=False)

    @property
    def pairs(self) -> list[Pair]:
        """All that is wanted."""
        return [(service, locale) for service in self.services for locale in self.locales]

    @property
    def address(self) -> str:
        """What the catalog is asked for, with where it is."""
        port = "" if self.port is None else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}{self.target}"


def checked(
    url: str,
    services: str | Iterable[str],
    locales: str | Iterable[str],
    *,
    refresh: float,
    timeout: float,
    wait: float,
    token: str | None,
) -> Settings:
    """The settings that an application gives; raises ValueError and TypeError."""
    slugs = _several("services", services, _slug)
    tags = _several("locales", locales, canonical)
    if not slugs:
        raise ValueError("services must name one at least")
    scheme, host, port, path = _parts(url)
    query = [("service", slug) for slug in slugs] + [("locale", tag) for tag in tags]
    return Settings(
        scheme,
        host,
        port,
        f"{path}/bundle?{urlencode(query)}",
        slugs,
        tags or (None,),
        _seconds("refresh", refresh),
        _seconds("timeout", timeout),
        _seconds("wait", wait, may_be_0=True),
        _token(token),
    )


def sources_of(given: Source | Iterable[Source]) -> list[Source]:
    """One file or several as a list; raises TypeError."""
    sources = [given] if _is_source(given) else list(given)  # type: ignore[arg-type]
    for source in sources:
        if not _is_source(source):
            raise TypeError(f"bootstrap must be files, not {type(source).__name__}")
    return sources  # type: ignore[return-value]


def _is_source(given: object) -> bool:
    return isinstance(given, str | os.PathLike) or hasattr(given, "read_bytes")


def _parts(url: str) -> tuple[str, str, int | None, str]:
    if not isinstance(url, str):
        raise TypeError("url must be text")
    parts = urlsplit(url)
    is_text = url.isascii() and url.isprintable() and " " not in url
    is_plain = is_text and not (parts.query or parts.fragment)
    if parts.scheme not in ("http", "https") or not parts.hostname or not is_plain:
        raise ValueError(f"{url!r} is not the http or https address of a catalog")
    if parts.username is not None:
        raise ValueError("url must not have a user's name in it; there is token")
    return parts.scheme, parts.hostname, parts.port, parts.path.rstrip("/")


def _several(name: str, given: str | Iterable[str], read: Callable[[str], str]) -> tuple[str, ...]:
    values = [given] if isinstance(given, str) else list(given)
    if not all(isinstance(value, str) for value in values):
        raise TypeError(f"{name} must be text")
    return tuple(dict.fromkeys(read(value) for value in values))


def _slug(slug: str) -> str:
    if not _SLUG.fullmatch(slug):
        raise ValueError(f"{slug!r} is no service such as document-recognizer")
    return slug


def _seconds(name: str, value: Any, *, may_be_0: bool = False) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{name} must be a number of seconds")
    if not (0 < value <= _YEAR or (may_be_0 and value == 0)):
        raise ValueError(f"{name} must be a number of seconds up to a year, not {value}")
    return float(value)


def _token(token: str | None) -> str | None:
    if token is None:
        return None
    if not isinstance(token, str):
        raise TypeError("token must be text")
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise ValueError("token is no token")
    return token
