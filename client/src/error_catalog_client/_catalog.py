"""The catalog as an application has it: its own copy, kept fresh."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Any

from error_catalog_client._bundles import Bundle
from error_catalog_client._cache import Cache
from error_catalog_client._entries import Entry
from error_catalog_client._errors import CatalogError
from error_catalog_client._events import Event, Reporter
from error_catalog_client._forking import go_on_in_children
from error_catalog_client._holdings import Holding, Holdings
from error_catalog_client._locales import UNDETERMINED, best, wishes_of
from error_catalog_client._pacing import Pace
from error_catalog_client._refreshing import Refresher
from error_catalog_client._services import Service, Values, text_of
from error_catalog_client._settings import Pair, Source, checked, sources_of
from error_catalog_client._starting import known_at_start
from error_catalog_client._status import LIVE, Status, combined


class Catalog:
    """The codes of some services in some locales, looked up in memory and never over the network.

    They are what the catalog at `url` last answered; until it has, the newer of what `cache` (a
    file) kept of an earlier run and what `bootstrap` has (one or several files, as `error-catalog
    export --format bundle` writes them); and a code that is in none of it is told as it is. A
    thread asks the catalog for news, `refresh` seconds or more apart, and gives an answer
    `timeout` seconds. The constructor waits for the first one only where neither cache nor
    bootstrap has everything, and no longer than `wait` seconds. Without `locales` each service is
    had in its default one; the first is what a lookup without a locale gives. `token` is for a
    catalog that is closed. `observe` is told what happens, for metrics. It all goes on until
    `close()`, or the end of a `with`.

    Raises ValueError and TypeError where it is set up wrongly. Nothing else raises, and what goes
    wrong later is logged.
    """

    def __init__(  # noqa: PLR0913 (each is a setting of its own)
        self,
        url: str,
        services: str | Iterable[str],
        locales: str | Iterable[str] = (),
        *,
        cache: str | os.PathLike[str] | None = None,
        bootstrap: Source | Iterable[Source] | None = None,
        refresh: float = 60.0,
        token: str | None = None,
        timeout: float = 10.0,
        wait: float = 3.0,
        observe: Callable[[Event], object] | None = None,
    ) -> None:
        self._settings = checked(
            url, services, locales, refresh=refresh, timeout=timeout, wait=wait, token=token
        )
        if observe is not None and not callable(observe):
            raise TypeError("observe must be a function")
        reporter = Reporter(observe)
        file = None if cache is None else Cache(cache)
        found, etag = known_at_start(sources_of(bootstrap), file, self._settings, reporter)
        self._services = {slug: Service(slug, self._error) for slug in self._settings.services}
        self._only = next(iter(self._services.values())) if len(self._services) == 1 else None
        self._hold(found)
        self._refresher = Refresher(self._settings, file, reporter, self._take, etag)
        self._refresher.start()
        go_on_in_children(self._refresher)
        if len(found) < len(self._settings.pairs):
            self._refresher.wait(self._settings.wait)

    def service(self, slug: str) -> Service:
        """One of the services; one that is not configured knows no code."""
        name = text_of(slug)
        return self._services.get(name) or Service(name, self._error)

    def message(
        self,
        code: str,
        /,
        locale: str | None = None,
        values: Values | None = None,
        **placeholders: object,
    ) -> str:
        """Service.message of the first service, in the order configured, that has the code."""
        return self._having(code).message(code, locale, values, **placeholders)

    def entry(self, code: str, /, locale: str | None = None) -> Entry | None:
        """Service.entry of the first service, in the order configured, that has the code."""
        return self._having(code).entry(code, locale)

    def problem(
        self,
        code: str,
        /,
        locale: str | None = None,
        values: Values | None = None,
        instance: str | None = None,
        **placeholders: object,
    ) -> dict[str, Any]:
        """Service.problem of the first service, in the order configured, that has the code."""
        return self._having(code).problem(code, locale, values, instance, **placeholders)

    def problem_for(
        self, error: CatalogError, locale: str | None = None, instance: str | None = None
    ) -> dict[str, Any]:
        """The problem (RFC 9457) that a raised error is to somebody who reads this locale."""
        return self._problem_of(error, locale, instance)[0]

    def locale_for(self, accept_language: str | None) -> str:
        """The locale that suits an Accept-Language header best, else the default; never raises."""
        available = self._locales()
        wishes = wishes_of(accept_language) if isinstance(accept_language, str) else []
        return best(wishes, available) or next(iter(available), UNDETERMINED)

    def status(self) -> Status:
        """The least trusted source that a service is on, and the oldest age of one."""
        return combined((it.status() for it in self._services.values()), self._error())

    def close(self) -> None:
        """Stop asking the catalog; what is known of it can be looked up still."""
        self._refresher.end()

    def __enter__(self) -> Catalog:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _problem_of(
        self, error: CatalogError, locale: str | None, instance: str | None
    ) -> tuple[dict[str, Any], Entry | None]:
        service = self._having(error.code) if error.service is None else self.service(error.service)
        return service._problem_with(error.code, locale, error.values, instance, error.status)

    def _having(self, code: object) -> Service:
        if self._only is not None:
            return self._only
        return next((it for it in self._services.values() if it._has(code)), _NO_SERVICE)

    def _locales(self) -> list[str]:
        """The locales that are wanted, or else those that there are."""
        wanted = [locale for locale in self._settings.locales if locale]
        return wanted or list(
            dict.fromkeys(it for service in self._services.values() for it in service._locales())
        )

    def _error(self) -> str | None:
        return self._refresher.error

    def _take(self, brought: Mapping[Pair, Bundle] | None) -> None:
        """Have the services know what a poll brought, or that what they know still holds."""
        now = time.time()
        if brought is None:
            for service in self._services.values():
                service._confirm(now)
        else:
            holdings = {pair: Holding(it, LIVE, now) for pair, it in brought.items()}
            pause = Pace()
            for old in self._hold(holdings):
                for bundle in old.of_locales.values():
                    bundle.empty(pause)

    def _hold(self, found: Mapping[Pair, Holding]) -> list[Holdings]:
        """Have the services know this from now on; gives what they knew before."""
        locales = self._settings.locales
        return [
            service._hold(Holdings({locale: found.get((slug, locale)) for locale in locales}))
            for slug, service in self._services.items()
        ]


_NO_SERVICE = Service("", lambda: None)
