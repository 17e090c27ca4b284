"""What is known before the catalog has answered: what ships with the application, and the cache."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from error_catalog_client._bundles import read_file
from error_catalog_client._cache import Cache
from error_catalog_client._events import Event, Reporter, line_of
from error_catalog_client._holdings import Holding, chosen
from error_catalog_client._settings import Pair, Settings, Source
from error_catalog_client._status import BOOTSTRAP, DISK


def known_at_start(
    sources: Iterable[Source], cache: Cache | None, settings: Settings, reporter: Reporter
) -> tuple[dict[Pair, Holding], str | None]:
    """What is wanted and known, and the ETag of an answer that was just that, if it was one.

    An application may be newer than what was kept: of the two, what shows the later state of the
    catalog counts.
    """
    shipped = _bootstrapped(sources, settings, reporter)
    kept, etag = _kept_by(cache, settings, reporter)
    older = [
        pair
        for pair, it in kept.items()
        if pair in shipped and it.bundle.standing < shipped[pair].bundle.standing
    ]
    for pair in older:
        del kept[pair]
    return {**shipped, **kept}, None if older else etag


def _bootstrapped(
    sources: Iterable[Source], settings: Settings, reporter: Reporter
) -> dict[Pair, Holding]:
    """What is wanted of these files; one that cannot be read is told and passed over."""
    found: dict[Pair, Holding] = {}
    for source in sources:
        try:
            bundles = chosen(read_file(_content(source)), settings.pairs)
            if not bundles:
                raise ValueError("it holds nothing that is asked for")
        except Exception as error:  # whatever a resource of a package raises
            _tell(reporter, source, error)
            continue
        found |= {it: Holding(of, BOOTSTRAP, of.updated_at) for it, of in bundles.items()}
    return found


def _kept_by(
    cache: Cache | None, settings: Settings, reporter: Reporter
) -> tuple[dict[Pair, Holding], str | None]:
    """What is wanted of what an earlier run kept, and its ETag where it is an answer to just that.

    A cache that cannot be read is told and passed over.
    """
    if cache is None:
        return {}, None
    try:
        saved = cache.read()
        if saved is None:
            return {}, None
        if _place(saved.address) != _place(settings.address):
            raise ValueError(f"it is of another catalog, {_place(saved.address)}")
        bundles = chosen(read_file(saved.content), settings.pairs)
    except Exception as error:  # whatever the file makes of reading it
        _tell(reporter, cache.path, error)
        return {}, None
    found = {it: Holding(of, DISK, saved.saved_at) for it, of in bundles.items()}
    is_all = saved.address == settings.address and len(found) == len(settings.pairs)
    return found, saved.etag if is_all else None


def _place(address: str) -> str:
    """Where a catalog is, without what it is asked for."""
    return address.partition("?")[0].removesuffix("/bundle")


def _content(source: Source) -> bytes:
    if isinstance(source, str | os.PathLike):
        return Path(source).read_bytes()
    return source.read_bytes()


def _tell(reporter: Reporter, source: object, error: Exception) -> None:
    reporter.tell(Event("unreadable", error=f"{source}: {line_of(error)}"))
