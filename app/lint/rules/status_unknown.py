"""Codes without an HTTP status."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.catalog.survey import SurveyedCode
from app.lint.rule import Rule, Severity, Spot


def check(codes: Sequence[SurveyedCode]) -> Iterator[Spot]:
    """The codes whose digits tell no HTTP status, and whose editors told none."""
    for code in codes:
        if code.http_status is None:
            yield Spot(
                code, f"neither the digits of {code.code} nor an editor tell its HTTP status"
            )


RULE = Rule(
    "status-unknown",
    Severity.INFO,
    "Nobody knows the HTTP status of the code.",
    "Programs that answer with the catalog's entries have no status to answer with.",
    "Set it; a first HTTP status breaks nobody.",
    check,
)
