"""Baselines: findings that are known, and exceptions that somebody answers for until a day.

A baseline is what `error-catalog lint --json` prints. It may have `exceptions` besides, each with a
rule, an owner, a reason and the last day that it holds (`until`); a service, a code and a locale
narrow it down.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from app.lint.rule import Finding, Severity
from app.lint.rules import BY_NAME

EXCEPTION_ENDED = "exception-ended"
_IDENTITY = ("rule", "service", "code", "locale")
# Of a conflict, whom it is with is what is known; of the rest, only the place.
_KNOWN_BY_WORDS = ("code-conflict", "key-conflict")
_NEEDED = ("rule", "owner", "reason", "until")

Identity = tuple[str | None, ...]


class BaselineError(ValueError):
    """A file is no baseline; the message is one line that says where."""


@dataclass(frozen=True)
class Exemption:
    """What a rule may go on finding, up to and including a day, because somebody said why."""

    rule: str
    owner: str
    reason: str
    until: date
    service: str | None = None
    code: str | None = None
    locale: str | None = None

    def covers(self, finding: Finding) -> bool:
        """Whether a finding is of its rule, and in the place that it names."""
        return all(getattr(self, name) in (None, getattr(finding, name)) for name in _IDENTITY)


@dataclass(frozen=True)
class Baseline:
    """What is no news: known findings, told by rule and place, and exceptions."""

    known: frozenset[Identity] = frozenset()
    exemptions: tuple[Exemption, ...] = ()


def parse(text: str) -> Baseline:
    """Read a baseline; raises BaselineError."""
    try:
        data = json.loads(text)
        # A lone surrogate can only come from an escape, and could not be written again.
        json.dumps(data, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise BaselineError(f"not JSON: {error}") from error
    if not isinstance(data, dict) or not data.keys() <= {"findings", "exceptions"}:
        raise BaselineError("not an object with findings and exceptions")
    known = frozenset(
        _identity(_object(entry, f"finding {number}"), f"finding {number}")
        for number, entry in _numbered(data, "findings")
    )
    exemptions = tuple(
        _exemption(_object(entry, f"exception {number}"), f"exception {number}")
        for number, entry in _numbered(data, "exceptions")
    )
    return Baseline(known, exemptions)


def write(findings: Iterable[Finding], exemptions: Sequence[Exemption] = ()) -> str:
    """Findings as JSON, which is also the form of a baseline, with exceptions where there are."""
    data: dict[str, Any] = {"findings": [asdict(finding) for finding in findings]}
    if exemptions:
        data["exceptions"] = [
            {name: str(value) for name, value in asdict(it).items() if value is not None}
            for it in exemptions
        ]
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def news(findings: Iterable[Finding], baseline: Baseline, today: date) -> list[Finding]:
    """The findings that a baseline does not hold, and its exceptions that have ended."""
    holding = [it for it in baseline.exemptions if it.until >= today]
    new = [
        finding
        for finding in findings
        if baseline.known.isdisjoint(_identities(finding))
        and not any(it.covers(finding) for it in holding)
    ]
    return new + [_ended(it) for it in baseline.exemptions if it.until < today]


def _ended(exemption: Exemption) -> Finding:
    return Finding(
        EXCEPTION_ENDED,
        Severity.ERROR,
        exemption.service,
        exemption.code,
        exemption.locale,
        f"the exception of {exemption.owner} from {exemption.rule} ended on {exemption.until}: "
        f"{' '.join(exemption.reason.split())}",
    )


def _numbered(data: Mapping[str, Any], name: str) -> Iterable[tuple[int, Any]]:
    entries = data.get(name, [])
    if not isinstance(entries, list):
        raise BaselineError(f"{name} is not a list")
    return enumerate(entries, start=1)


def _object(entry: Any, place: str) -> dict[str, Any]:
    if not isinstance(entry, dict):
        raise BaselineError(f"{place} is not an object")
    return entry


def _identity(entry: Mapping[str, Any], place: str) -> Identity:
    identity = tuple(entry.get(name) for name in _IDENTITY)
    if not isinstance(identity[0], str) or not all(isinstance(it, str | None) for it in identity):
        raise BaselineError(f"{place} has no rule, or a place that is not text")
    if identity[0] in _KNOWN_BY_WORDS and isinstance(entry.get("message"), str):
        identity += (entry["message"],)
    return identity


def _identities(finding: Finding) -> tuple[Identity, Identity]:
    """By what a finding may be known: its place, and that with its words."""
    place = tuple(getattr(finding, name) for name in _IDENTITY)
    return place, (*place, finding.message)


def _exemption(entry: Mapping[str, Any], place: str) -> Exemption:
    unknown = entry.keys() - {*_IDENTITY, *_NEEDED}
    if unknown:
        raise BaselineError(f"{place} has {min(unknown)!r}, which nobody knows")
    for name in _NEEDED:
        if not isinstance(entry.get(name), str) or not entry[name].strip():
            raise BaselineError(f"{place} needs {name}: who answers for it, why, and until when")
    if entry["rule"] not in BY_NAME:
        raise BaselineError(f"{place} is from {entry['rule']!r}, which is no rule")
    for name in _IDENTITY:
        if not isinstance(entry.get(name), str | None):
            raise BaselineError(f"{place} has a {name} that is not text")
    try:
        until = datetime.strptime(entry["until"], "%Y-%m-%d").date()  # noqa: DTZ007 (a day)
    except ValueError as error:
        raise BaselineError(f"{place} needs a day as 2027-06-30 in until") from error
    return Exemption(**{**entry, "until": until})
