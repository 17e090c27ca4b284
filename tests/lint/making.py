"""What the tests of lint share: surveyed codes made in one line, and what a rule finds in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.catalog.survey import SurveyedCode, SurveyedMessage, SurveyedService
from app.lint.rule import Finding, Rule, Severity

Said = str | SurveyedMessage


def service(
    slug: str = "svc",
    section: str | None = None,
    default_locale: str = "en",
    locales: Sequence[str] = ("en",),
) -> SurveyedService:
    """A service, in English where nothing else is said."""
    return SurveyedService(slug, section, default_locale, tuple(locales))


def message(
    text: str | None = "Something failed.",
    description: str | None = None,
    remedy: str | None = None,
    *,
    state: str = "approved",
    stale: bool = False,
) -> SurveyedMessage:
    """What is said about a code in one locale: approved and fresh where nothing else is said."""
    return SurveyedMessage(text, description, remedy, state, stale)


def code(
    number: str = "4000001",
    text: Said = "Something failed.",
    key: str | None = None,
    of: SurveyedService | str = "svc",
    translations: Mapping[str, Said] | None = None,
    *,
    http_status: int | None = 400,
    status: str = "active",
    replaced_by: str | None = None,
) -> SurveyedCode:
    """A code of a service, or of an English one with this slug; `text` is its source."""
    home = service(of) if isinstance(of, str) else of
    said = {home.default_locale: text, **(translations or {})}
    told = {locale: _message(said[locale]) for locale in sorted(said)}
    return SurveyedCode(home, number, key, http_status, status, replaced_by, told)


def _message(said: Said) -> SurveyedMessage:
    return message(said) if isinstance(said, str) else said


def places(rule: Rule, *codes: SurveyedCode) -> list[tuple[str, str]]:
    """The service and the number of each code in which a rule finds something."""
    return [(spot.code.service.slug, spot.code.code) for spot in rule.check(codes)]


def messages(rule: Rule, *codes: SurveyedCode) -> list[str]:
    """What a rule says of these codes."""
    return [spot.message for spot in rule.check(codes)]


def locales(rule: Rule, *codes: SurveyedCode) -> list[str | None]:
    """The locale of each spot that a rule finds in these codes."""
    return [spot.locale for spot in rule.check(codes)]


def finding(
    rule: str = "stale",
    place: str | None = "svc",
    number: str | None = "4000001",
    locale: str | None = None,
    said: str = "It is old.",
    severity: Severity = Severity.WARNING,
) -> Finding:
    """A finding in a service."""
    return Finding(rule, severity, place, number, locale, said)
