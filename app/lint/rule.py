"""What a rule is, and what it finds."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from app.catalog.survey import SurveyedCode


class Severity(enum.StrEnum):
    """How bad it is: consumers are misled; people should mend it; it is good to know."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Spot:
    """A place where a rule does not hold, and what is wrong there, in one line."""

    code: SurveyedCode
    message: str
    locale: str | None = None


@dataclass(frozen=True)
class Rule:
    """One thing to look for. `check` is given all codes and gives the spots in their order."""

    name: str
    severity: Severity
    summary: str
    why: str
    mend: str
    check: Callable[[Sequence[SurveyedCode]], Iterable[Spot]]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found. Nothing but `message` changes when a text is worded otherwise."""

    rule: str
    severity: Severity
    service: str | None
    code: str | None
    locale: str | None
    message: str
