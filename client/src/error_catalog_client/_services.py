"""One service's codes, looked up in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from error_catalog_client._entries import Entry, entry_of
from error_catalog_client._holdings import Holdings
from error_catalog_client._placeholders import fill, merged
from error_catalog_client._problems import bare_problem, problem
from error_catalog_client._status import Status

Values = Mapping[str, object]


class Service:
    """The codes of one service. No lookup asks the network, waits, or raises.

    `locale` is that of whoever is told; the best that there is for it is given, and without one the
    catalog's first. Keywords fill the placeholders of texts; `values` those whose names are none.
    """

    def __init__(self, slug: str, error: Callable[[], str | None] = lambda: None) -> None:
        self._slug = slug
        self._error = error
        # Replaced as a whole; whoever looks something up takes it once.
        self._holdings = Holdings({None: None})

    def message(
        self,
        code: str,
        /,
        locale: str | None = None,
        values: Values | None = None,
        **placeholders: object,
    ) -> str:
        """What a code says; the bare code where it is not known."""
        try:
            text = self._holdings.bundles[locale].messages[code]
        except Exception:  # whatever is asked for, also what cannot be hashed
            found = self._find(code, locale)
            if found is None:
                return text_of(code)
            text = found[0]
        if placeholders or values is not None:
            return fill(text, merged(values, placeholders))
        return text

    def entry(self, code: str, /, locale: str | None = None) -> Entry | None:
        """All that is known of a code, None where it is not known."""
        found = self._find(code, locale)
        return None if found is None else entry_of(self._slug, found[1])

    def problem(
        self,
        code: str,
        /,
        locale: str | None = None,
        values: Values | None = None,
        instance: str | None = None,
        **placeholders: object,
    ) -> dict[str, Any]:
        """The problem (RFC 9457) that a code is; of an unknown one, what little there is."""
        return self._problem_with(code, locale, merged(values, placeholders), instance)[0]

    def status(self) -> Status:
        """Where the codes come from, and how old that is."""
        return self._holdings.status(self._error())

    def _problem_with(
        self,
        code: str,
        locale: str | None,
        values: Values,
        instance: str | None,
        status: int | None = None,
    ) -> tuple[dict[str, Any], Entry | None]:
        """The problem that a code is, and its entry, None where it is not known."""
        entry = self.entry(code, locale)
        if entry is None:
            return bare_problem(text_of(code), self._slug, instance, status), None
        return problem(entry, values, instance, status), entry

    def _has(self, code: object) -> bool:
        return self._find(code, None) is not None

    def _find(self, code: object, locale: object) -> tuple[str, str] | None:
        name = text_of(code)
        while True:
            holdings = self._holdings
            found = holdings.find(name, locale)
            # What has been replaced is emptied, and that may have happened just now.
            if holdings is self._holdings:
                return found

    def _locales(self) -> list[str]:
        return list(self._holdings.of_locales)

    def _hold(self, holdings: Holdings) -> Holdings:
        """Know this from now on; gives what was known before."""
        before, self._holdings = self._holdings, holdings
        return before

    def _confirm(self, now: float) -> None:
        """Have what is known come from the catalog as it is now."""
        self._holdings = self._holdings.confirmed(now)


def text_of(code: object) -> str:
    """A code as text, whatever was given for one."""
    # Not what an enumeration makes of its members.
    if isinstance(code, str):
        return str.__str__(code)
    if isinstance(code, int):
        return int.__repr__(code)
    try:
        return str(code)
    except Exception:  # whatever an application's object raises
        return type(code).__name__
