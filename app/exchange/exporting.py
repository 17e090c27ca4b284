"""Export: what the catalog says of a service in one locale, ready to be written in any format."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.catalog.code_texts import code_texts
from app.catalog.locales import canonical_locale
from app.catalog.services import find_heading
from app.catalog.views import CodeTexts, TextsView
from app.exchange.document import Export, Item

_NOTHING = TextsView(None, None, None, "needs_review")


def export_of(session: Session, service: str, locale: str | None = None) -> Export:
    """The codes of a service in document order, without drafts, which nobody relies on yet.

    Without a locale, in the service's default one. Raises UnknownService, and Invalid for what is
    no locale.
    """
    view = find_heading(session, service)
    wanted = canonical_locale(locale) if locale else view.default_locale
    codes = code_texts(session, service, {view.default_locale, wanted})
    return Export(
        view.slug,
        view.title,
        view.section,
        view.default_locale,
        wanted,
        tuple(_item(code, view.default_locale, wanted) for code in codes if code.status != "draft"),
    )


def _item(code: CodeTexts, default_locale: str, locale: str) -> Item:
    source = code.texts[default_locale]
    said = code.texts.get(locale, _NOTHING)
    return Item(
        code.code,
        code.key,
        code.http_status,
        code.status,
        code.replaced_by,
        said.text,
        said.description,
        said.remedy,
        said.state,
        source.text or "",
        source.description,
        source.remedy,
    )
