"""Translate once: what is translated already, for whoever has the same text to translate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

import sqlalchemy as sa
from rapidfuzz import fuzz
from sqlalchemy.orm import Session, aliased

from app.catalog import search
from app.catalog.changes import ChangeSet
from app.catalog.edits.messages import MessageEdit, write_messages
from app.catalog.edits.rows import Texts
from app.catalog.edits.services import load_service
from app.catalog.locales import canonical_locale
from app.catalog.models import ErrorCode, Message, Service
from app.catalog.placeholders import placeholders
from app.catalog.queries import find_code
from app.catalog.staleness import stale
from app.catalog.survey import SurveyedCode
from app.catalog.templates import anchor_of
from app.catalog.views import CodeView

# From which likeness on (0 to 1, by the letters that two texts share in order) one helps with the
# other, and how many that have a part in common are compared.
LEAST_SIMILARITY = 0.75
_MOST_COMPARED = 500


@dataclass(frozen=True)
class Suggestion:
    """An approved translation, where it stands, and what it translates there.

    `similarity` is 1 where that is the very text to translate.
    """

    text: str
    service: str
    code: str
    locale: str
    source: str
    similarity: float


@dataclass(frozen=True)
class Filling:
    """A missing translation, and the one to fill it with."""

    code: SurveyedCode
    locale: str
    text: str
    origin: SurveyedCode


def suggestions(
    session: Session, service: str, code: str, locale: str, limit: int
) -> list[Suggestion]:
    """Up to `limit` approved translations of the same or nearly the same text, best first.

    Those with other placeholders are of no use and left out. Raises UnknownService or UnknownCode.
    """
    view = find_code(session, service, code)
    locale = canonical_locale(locale)
    return suggestions_for(session, view, [locale], limit).get(locale, [])


def suggestions_for(
    session: Session, view: CodeView, locales: Sequence[str], limit: int
) -> dict[str, list[Suggestion]]:
    """The same for a code in each of these locales, which are written as they are kept."""
    source = view.messages[view.default_locale].text
    wanted = [locale for locale in locales if locale != view.default_locale]
    if source is None or not wanted:
        return {}
    same = sa.and_(Message.anchor == anchor_of(source), Message.text == source)
    alike = [same, Message.anchor == anchor_of(source)]
    if (near := search.having_any_part(session, _halves(source), _MOST_COMPARED)) is not None:
        alike.append(ErrorCode.id.in_(near))
    found: dict[str, dict[tuple[str, str], tuple[float, Suggestion]]] = {}
    likenesses = {source: 1.0}
    for condition in alike:
        for row in session.execute(_translations(view.default_locale, wanted).where(condition)):
            likeness = likenesses.get(row.source)
            if likeness is None:
                likeness = likenesses[row.source] = fuzz.ratio(source, row.source) / 100
            if row.id == view.id or likeness < LEAST_SIMILARITY:
                continue
            if placeholders(row.source) == placeholders(source):
                # Only the same text is told as the same.
                shown = likeness if row.source == source else min(round(likeness, 3), 0.999)
                found.setdefault(row.locale, {})[row.slug, row.code] = (
                    likeness,
                    Suggestion(row.text, row.slug, row.code, row.locale, row.source, shown),
                )
    return {locale: _best(them.values(), source, limit) for locale, them in found.items()}


def fillings(
    codes: Sequence[SurveyedCode], locale: str, service: str | None = None
) -> list[Filling]:
    """Every missing text in a locale whose very source text has an approved translation elsewhere.

    Of several translations that which most have, else that of the first. Only of this service where
    one is named.
    """
    known = _approved(codes, locale)
    wanted = (
        code
        for code in codes
        if locale not in code.messages and service in (None, code.service.slug)
    )
    return [
        Filling(code, locale, *known[code.service.default_locale, code.text])
        for code in wanted
        if (code.service.default_locale, code.text) in known
    ]


def fill(changes: ChangeSet, wanted: Iterable[Filling]) -> None:
    """Write them all, to be reviewed."""
    for slug, together in groupby(wanted, key=lambda it: it.code.service.slug):
        edits = [
            MessageEdit(it.code.code, it.locale, Texts(it.text), "needs_review") for it in together
        ]
        write_messages(changes, load_service(changes.session, slug), edits)


def _best(found: Iterable[tuple[float, Suggestion]], source: str, limit: int) -> list[Suggestion]:
    best = sorted(found, key=lambda it: (it[1].source != source, -it[0], it[1].service, it[1].code))
    return [suggestion for _, suggestion in best[:limit]]


def _translations(
    default_locale: str, locales: Sequence[str]
) -> sa.Select[int, str, str, str, str | None, str | None]:
    """The approved and fresh translations into locales of texts in this default locale."""
    translation = aliased(Message)
    return (
        sa.select(
            ErrorCode.id,
            Service.slug,
            ErrorCode.code,
            translation.locale,
            Message.text.label("source"),
            translation.text.label("text"),
        )
        .join(Service, Service.id == ErrorCode.service_id)
        .join(
            Message,
            sa.and_(
                Message.error_code_id == ErrorCode.id, Message.locale == Service.default_locale
            ),
        )
        .join(
            translation,
            sa.and_(translation.error_code_id == ErrorCode.id, translation.locale.in_(locales)),
        )
        .where(
            Service.default_locale == default_locale,
            translation.state == "approved",
            translation.text.is_not(None),
            sa.not_(stale(translation, Message)),
        )
        .order_by(Service.slug, ErrorCode.position)
        .limit(_MOST_COMPARED * len(locales))
    )


def _halves(text: str) -> list[str]:
    """A text in two parts: another one that differs in one place has one of them in it."""
    words = text.split(" ")
    middle = len(words) // 2
    return [" ".join(words[:middle]), " ".join(words[middle:])]


def _approved(
    codes: Iterable[SurveyedCode], locale: str
) -> dict[tuple[str, str], tuple[str, SurveyedCode]]:
    """By default locale and source text: the translation to take, and where it stands."""
    told: dict[tuple[str, str], list[tuple[str, SurveyedCode]]] = {}
    for code in codes:
        said = code.messages.get(locale)
        if said is None or said.text is None or said is code.source:
            continue
        fits = placeholders(said.text) == placeholders(code.text)
        if said.state == "approved" and not said.stale and fits:
            told.setdefault((code.service.default_locale, code.text), []).append((said.text, code))
    return {place: _usual(translations) for place, translations in told.items()}


def _usual(translations: Sequence[tuple[str, SurveyedCode]]) -> tuple[str, SurveyedCode]:
    usual = Counter(text for text, _ in translations).most_common(1)[0][0]
    return next(it for it in translations if it[0] == usual)
