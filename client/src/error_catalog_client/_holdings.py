"""What is known of a service at one time.

A change puts a new object in the place of the old one: who looks something up needs no lock.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from error_catalog_client._bundles import Bundle
from error_catalog_client._locales import best
from error_catalog_client._settings import Pair
from error_catalog_client._status import LIVE, NONE, Status, combined

# Of spellings of locales that were asked for, how many are kept, and how long ones.
_MOST_SPELLINGS = 200
_LONGEST_SPELLING = 40

_NOTHING = Bundle("", "", "", 0, 0.0, {}, {})


@dataclass(frozen=True)
class Holding:
    """A bundle, where it is from, and when the catalog last confirmed it (since the epoch)."""

    bundle: Bundle
    source: str
    confirmed_at: float


class Holdings:
    """What is known of a service in the locales that are wanted, the first of which is the default.

    `bundles` has a locale's by each spelling of it that was asked for; None is the default.
    """

    def __init__(self, wanted: Mapping[str | None, Holding | None]) -> None:
        self._wanted = wanted
        self._of_locales = {it.bundle.locale: it.bundle for it in wanted.values() if it}
        default = next(iter(self._of_locales.values()), _NOTHING)
        self.bundles: dict[str | None, Bundle] = {None: default}
        self.bundles.update(self._of_locales)

    @property
    def of_locales(self) -> Mapping[str, Bundle]:
        """The bundles that there are, by their locales."""
        return self._of_locales

    def find(self, code: str, locale: object) -> tuple[str, str] | None:
        """A code's message and line in the best locale that has it, None where none has."""
        for bundle in (self._best(locale), *self._of_locales.values()):
            message, line = bundle.messages.get(code), bundle.lines.get(code)
            if message is not None and line is not None:
                return message, line
        return None

    def _best(self, locale: object) -> Bundle:
        """The bundle that suits a spelling of a locale best, else the default one."""
        if not isinstance(locale, str):
            return self.bundles[None]
        # Not what a subclass makes of it.
        spelling = str.__str__(locale)
        found = self.bundles.get(spelling)
        if found is None:
            found = self.bundles[best([spelling], self._of_locales)]
            if len(self.bundles) < _MOST_SPELLINGS and len(spelling) <= _LONGEST_SPELLING:
                self.bundles[spelling] = found
        return found

    def confirmed(self, now: float) -> Holdings:
        """The same, confirmed by the catalog just now."""
        return Holdings(
            {locale: it and Holding(it.bundle, LIVE, now) for locale, it in self._wanted.items()}
        )

    def status(self, error: str | None) -> Status:
        """Where it all is from, and how old."""
        now = time.time()
        return combined(
            (
                Status(it.source, max(0.0, now - it.confirmed_at), it.bundle.revision)
                if it
                else Status(NONE, None, None)
                for it in self._wanted.values()
            ),
            error,
        )


def chosen(bundles: Iterable[Bundle], pairs: Iterable[Pair]) -> dict[Pair, Bundle]:
    """Those of the bundles that are wanted."""
    found: dict[Pair, Bundle] = {}
    for bundle in bundles:
        found[bundle.service, bundle.locale] = bundle
        if bundle.locale == bundle.default_locale:
            found[bundle.service, None] = bundle
    return {pair: found[pair] for pair in pairs if pair in found}
