"""Everything that can be wrong with a request to the catalog.

    CatalogError
    ├── NotFound
    │   ├── UnknownService      no service has this slug
    │   ├── UnknownCode         the service has no such code, or no service has it
    │   ├── UnknownMessage      the code has no message in this locale
    │   ├── UnknownChange       the log has no such change or change set
    │   ├── UnknownProposal     the service has no such proposal
    │   └── UnknownReservation  the service has no such number reserved
    ├── Conflict                the catalog's state does not allow it
    │   ├── ServiceExists
    │   ├── CodeExists          the code is, or once was, in use
    │   ├── CodeReserved        somebody else holds the number
    │   └── BreaksConsumers     it breaks those who use a code, and does not say why
    └── Invalid                 a value does not have the form it must have

Each is raised with one sentence for the person who asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime


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


class UnknownChange(NotFound):
    """The log has no such change or change set."""

    def __init__(self, revision: int) -> None:
        super().__init__(f"There is no change {revision}.")


class UnknownProposal(NotFound):
    """The service has no such proposal."""

    def __init__(self, service: str, number: int) -> None:
        super().__init__(f"The service {_quoted(service)} has no proposal {number}.")


class UnknownReservation(NotFound):
    """The service has no such number reserved."""

    def __init__(self, service: str, code: str) -> None:
        super().__init__(f"The service {_quoted(service)} has not reserved {_quoted(code)}.")


class Conflict(CatalogError):
    """The state of the catalog does not allow what was asked."""


class ServiceExists(Conflict):
    """The slug is taken."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"There is a service {_quoted(slug)} already.")


class CodeExists(Conflict):
    """The code is in use in this service, or was: a number is never given another meaning."""

    def __init__(self, service: str, code: str, *, once: bool = False) -> None:
        told = "had a code" if once else "has a code"
        suffix = ", and a number once active is never free again." if once else " already."
        super().__init__(f"The service {_quoted(service)} {told} {_quoted(code)}{suffix}")


class CodeReserved(Conflict):
    """Somebody else holds the number for a while."""

    def __init__(self, service: str, code: str, holder: str, until: datetime) -> None:
        super().__init__(
            f"The code {_quoted(code)} of {_quoted(service)} is reserved by {_quoted(holder)}"
            f" until {until:%Y-%m-%d %H:%M} UTC."
        )


class BreaksConsumers(Conflict):
    """The edit breaks those who use a code; `breaks` says what, in words, by code."""

    def __init__(self, breaks: Mapping[str, Sequence[str]]) -> None:
        self.breaks = [f"{code}: {it}" for code, broken in breaks.items() for it in broken]
        shown = "; ".join(self.breaks[:10]) + ("; …" if len(self.breaks) > 10 else "")
        super().__init__(f"It breaks consumers and does not say why in “breaking”: {shown}.")


class Invalid(CatalogError):
    """A value does not have the form it must have; `field` names it."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(detail)
        self.field = field


def _quoted(text: str) -> str:
    """Name what was asked for, cut short: a caller may have sent thousands of characters."""
    shown = text if len(text) <= 80 else text[:79] + "…"
    return f"“{shown}”"
