"""How a catalog is set up, checked once."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import SplitResult, urlencode, urlsplit

from error_catalog_client._locales import canonical

_YEAR = 365 * 24 * 60 * 60
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_LONGEST_SLUG = 64
# Of what is wanted, as much as the catalog answers at once.
_MOST_PAIRS = 100


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
    if len(slugs) * max(1, len(tags)) > _MOST_PAIRS:
        raise ValueError(f"services times locales must be {_MOST_PAIRS} at most")
    parts = parts_of(url)
    query = [("service", slug) for slug in slugs] + [("locale", tag) for tag in tags]
    return Settings(
        parts.scheme,
        str(parts.hostname),
        parts.port,
        f"{parts.path.rstrip('/')}/bundle?{urlencode(query)}",
        slugs,
        tags or (None,),
        _seconds("refresh", refresh),
        _seconds("timeout", timeout),
        _seconds("wait", wait, may_be_0=True),
        token_of("token", token),
    )


def sources_of(given: Source | Iterable[Source] | None) -> list[Source]:
    """One file, several or none as a list; raises TypeError."""
    if given is None:
        return []
    sources: list[Any] = list(given) if _is_several(given) else [given]  # type: ignore[arg-type]
    for source in sources:
        if not _is_source(source):
            kind = type(source).__name__
            raise TypeError(f"bootstrap must be paths, or have read_bytes(), and is {kind}")
    return sources


def _is_several(given: object) -> bool:
    return isinstance(given, Iterable) and not isinstance(given, bytes) and not _is_source(given)


def _is_source(given: object) -> bool:
    return isinstance(given, str | os.PathLike) or hasattr(given, "read_bytes")


def parts_of(url: str) -> SplitResult:
    """A catalog's address in its parts; raises ValueError and TypeError."""
    if not isinstance(url, str):
        raise TypeError("url must be text")
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        parts, is_address = SplitResult("", "", "", "", ""), False
    # First, so that a password is never shown.
    if parts.username is not None:
        raise ValueError("the catalog's address must not have a user in it; there are tokens")
    is_text = url.isascii() and url.isprintable() and " " not in url
    if not is_address or not is_text or parts.query or parts.fragment:
        raise ValueError(f"{url!r} is not the http or https address of a catalog")
    return parts


def _several(name: str, given: str | Iterable[str], read: Callable[[str], str]) -> tuple[str, ...]:
    values = [given] if isinstance(given, str) else list(given)
    if not all(isinstance(value, str) for value in values):
        raise TypeError(f"{name} must be text")
    # Not what an enumeration makes of its members.
    return tuple(dict.fromkeys(read(str.__str__(value)) for value in values))


def _slug(slug: str) -> str:
    if len(slug) > _LONGEST_SLUG or not _SLUG.fullmatch(slug):
        raise ValueError(f"{slug!r} is no service such as document-recognizer")
    return slug


def _seconds(name: str, value: Any, *, may_be_0: bool = False) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{name} must be a number of seconds")
    if not (0 < value <= _YEAR or (may_be_0 and value == 0)):
        raise ValueError(f"{name} must be a number of seconds up to a year, not {value}")
    return float(value)


def token_of(name: str, token: str | None) -> str | None:
    """A token, which is called so where it is given; raises ValueError and TypeError."""
    if token is None:
        return None
    if not isinstance(token, str):
        raise TypeError(f"{name} must be text")
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise ValueError(f"{name} is not a token")
    return token
