"""Everything that can be wrong with a request to the catalog.

    CatalogError
    ├── NotFound
    │   ├── UnknownService      no service has this slug
    │   ├── UnknownCode         the service has no such code, or no service has it
    │   └── UnknownMessage      the code has no message in this locale
    ├── Conflict                the catalog's state does not allow it
    │   ├── ServiceExists
    │   └── CodeExists
    └── Invalid                 a value does not have the form it must have

Each is raised with one sentence for the person who asked.
"""

from __future__ import annotations


class CatalogError(Exception):
    """The root: anything that the catalog refuses, with a sentence that says why."""

    @property
    def detail(self) -> str:
        """The sentence for the person who asked."""
        return str(self)


class NotFound(CatalogError):
    """What was asked for is not in the catalog."""


class UnknownService(NotFound):
    """No service has this slug."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"There is no service {_quoted(slug)}.")


class UnknownCode(NotFound):
    """The service has no such code; without a service, none has."""

    def __init__(self, code: str, service: str | None = None) -> None:
        owner = "No service" if service is None else f"The service {_quoted(service)}"
        suffix = "has a code" if service is None else "has no code"
        super().__init__(f"{owner} {suffix} {_quoted(code)}.")


class UnknownMessage(NotFound):
    """The code has no message in this locale."""

    def __init__(self, service: str, code: str, locale: str) -> None:
        super().__init__(
            f"The code {_quoted(code)} of {_quoted(service)} has no message in {_quoted(locale)}."
        )


class Conflict(CatalogError):
    """The state of the catalog does not allow what was asked."""


class ServiceExists(Conflict):
    """The slug is taken."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"There is a service {_quoted(slug)} already.")


class CodeExists(Conflict):
    """The code is in use in this service."""

    def __init__(self, service: str, code: str) -> None:
        super().__init__(f"The service {_quoted(service)} has a code {_quoted(code)} already.")


class Invalid(CatalogError):
    """A value does not have the form it must have; `field` names it."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(detail)
        self.field = field


def _quoted(text: str) -> str:
    """Name what was asked for, cut short: a caller may have sent thousands of characters."""
    shown = text if len(text) <= 80 else text[:79] + "…"
    return f"“{shown}”"
