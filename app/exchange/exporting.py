"""Export: what the catalog says of a service in one locale, ready to be written in any format."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.catalog import queries
from app.catalog.locales import canonical_locale
from app.catalog.views import CodeView, MessageView
from app.exchange.document import Export, Item


def export_of(session: Session, service: str, locale: str | None = None) -> Export:
    """The codes of a service in document order, without drafts, which nobody relies on yet.

    Without a locale, in the service's default one. Raises UnknownService, and Invalid for what is
    no locale.
    """
    view = queries.find_service(session, service)
    wanted = canonical_locale(locale) if locale else view.default_locale
    codes = queries.all_codes(session, service)
    return Export(
        view.slug,
        view.title,
        view.section,
        view.default_locale,
        wanted,
        tuple(_item(code, wanted) for code in codes if code.status != "draft"),
    )


def _item(code: CodeView, locale: str) -> Item:
    source = code.messages[code.default_locale]
    message: MessageView | None = code.messages.get(locale)
    return Item(
        code.code,
        code.key,
        code.http_status,
        code.status,
        code.replaced_by,
        message.text if message else None,
        message.description if message else None,
        message.remedy if message else None,
        message.state if message else "needs_review",
        source.text or "",
        source.description,
        source.remedy,
    )
