"""How a service, a code, a message and a change look in an answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from app.catalog.addresses import code_path
from app.catalog.allocation import ReservationView
from app.catalog.fallbacks import best_texts
from app.catalog.locales import Negotiation
from app.catalog.views import ChangeView, CodeAnswer, CodeView, MessageView, ServiceView
from app.editing.proposals import ProposalView
from app.json import timestamp


def service(view: ServiceView) -> dict[str, Any]:
    """A service as it is answered."""
    return {
        "slug": view.slug,
        "title": view.title,
        "section": view.section,
        "default_locale": view.default_locale,
        "locales": list(view.locales),
        "codes": view.codes,
        "four_eyes": view.four_eyes,
        "updated_at": timestamp(view.updated_at),
    }


def code(view: CodeView | CodeAnswer, negotiation: Negotiation, public_url: str) -> dict[str, Any]:
    """A code as it is answered, each of its three texts in the best locale there is for it."""
    return {
        "service": view.service,
        "code": view.code,
        "key": view.key,
        "http_status": view.http_status,
        "status": view.status,
        **best_texts(view.messages, view.default_locale, negotiation),
        "locales": list(view.messages),
        "replaced_by": view.replaced_by,
        "type": f"{public_url}{code_path(view.service, view.code)}",
        "version": view.version,
        "updated_at": timestamp(view.updated_at),
    }


def message(view: MessageView) -> dict[str, Any]:
    """The texts of a code in one locale as they are answered."""
    return {
        "locale": view.locale,
        "text": view.text,
        "description": view.description,
        "remedy": view.remedy,
        "state": view.state,
        "stale": view.stale,
        "updated_at": timestamp(view.updated_at),
    }


def change(view: ChangeView) -> dict[str, Any]:
    """An entry of the change log as it is answered."""
    return {
        "revision": view.revision,
        "change_set": view.change_set,
        "at": timestamp(view.at),
        "actor": view.actor,
        "action": view.action,
        "service": view.service,
        "code": view.code,
        "locale": view.locale,
        "before": view.before,
        "after": view.after,
        "reason": view.reason,
        "breaking": view.breaking,
    }


def proposal(view: ProposalView) -> dict[str, Any]:
    """A proposal as it is answered."""
    moments = {
        name: None if moment is None else timestamp(moment)
        for name in ("proposed_at", "decided_at")
        for moment in [getattr(view, name)]
    }
    return asdict(view) | moments


def reserved(view: ReservationView) -> dict[str, Any]:
    """A number that is held, as it is answered."""
    return asdict(view) | {
        "reserved_at": timestamp(view.reserved_at),
        "expires_at": timestamp(view.expires_at),
    }


def languages(codes: Iterable[Mapping[str, Any]]) -> list[str]:
    """The locales of the messages in an answer, for its Content-Language."""
    return sorted({code["locale"] for code in codes if code["locale"]})
