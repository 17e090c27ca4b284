"""How an answer says that it may be given again: notes that go with the request, for app/replay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask

from app.catalog.locales import Negotiation, Offer

_REPLAYABLE = "error_catalog.replayable"
_NEGOTIATION = "error_catalog.negotiation"


def may_be_replayed() -> None:
    """Say that the answer to this request depends on the catalog and on the request alone."""
    flask.request.environ[_REPLAYABLE] = True


def is_chosen_by(negotiation: Negotiation) -> None:
    """Say by whose negotiation the languages of the answer to this request are chosen."""
    flask.request.environ[_NEGOTIATION] = negotiation


def is_replayable(environment: Mapping[str, Any]) -> bool:
    """Whether the answer to a request may be given again."""
    return _REPLAYABLE in environment


def offers_in(environment: Mapping[str, Any]) -> tuple[Offer, ...]:
    """Among which locales the languages of an answer were chosen."""
    negotiation = environment.get(_NEGOTIATION)
    return () if negotiation is None else tuple(negotiation.choices)
