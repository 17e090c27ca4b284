"""The parameters of queries: how they are written, and what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask
import marshmallow as ma
from marshmallow import fields, validate

from app.api.fields import CatalogText, Cursor, Locale, Slug, WholeNumber, YesOrNo
from app.catalog.codes import STATUSES
from app.catalog.locales import Negotiation, wish_for, wish_of_header
from app.catalog.search import QUERY_LENGTH
from app.db import LARGEST_INTEGER
from app.edge.paging import DEFAULT_LIMIT, HIGHEST_LIMIT
from app.edge.replaying import is_chosen_by
from app.editing.models import PROPOSAL_STATES
from app.exchange.formats import BY_NAME
from app.lint import rules

MOST_BUNDLES = 100


class Query(ma.Schema):
    """No parameters at all."""


class WhyQuery(Query):
    """Why something is deleted."""

    reason = CatalogText(metadata={"description": "Why, for the history."})
    breaking = CatalogText(
        metadata={"description": "Why consumers are broken, where the deletion breaks them."}
    )


class ImportQuery(WhyQuery):
    """How a document is brought in."""

    dry_run = YesOrNo(
        load_default=False, metadata={"description": "Tell what would change, change nothing."}
    )
    locale = Locale(
        metadata={"description": "The locale of its texts; else the service's default."}
    )
    skip_refused = YesOrNo(
        load_default=False, metadata={"description": "Load the other rows where some are refused."}
    )
    retire_missing = YesOrNo(
        load_default=False, metadata={"description": "Retire codes that it does not mention."}
    )


class LocaleQuery(Query):
    """The locale of the texts in the answer."""

    locale = Locale(
        metadata={
            "description": "The locale wanted, before any Accept-Language. Where there is no text "
            "in it, the answer has the nearest there is.",
            "example": "ko",
        }
    )


class PageQuery(Query):
    """How long the pages of a list are."""

    limit = WholeNumber(
        load_default=DEFAULT_LIMIT,
        validate=validate.Range(1, HIGHEST_LIMIT),
        metadata={"description": "How many items a page has at the most."},
    )


class ServicesQuery(PageQuery):
    """Which page of the services."""

    cursor = Cursor(str)


class MessagesQuery(PageQuery):
    """Which page of a code's messages."""

    cursor = Cursor(str)


class ExportQuery(Query):
    """In which format and locale."""

    locale = Locale(
        metadata={"description": "The locale of the texts; else the service's default."}
    )

    format = fields.String(
        required=True,
        validate=validate.OneOf(list(BY_NAME)),
        metadata={"description": "The format.", "example": "markdown"},
    )


class BundleQuery(Query):
    """The locale of a bundle."""

    locale = Locale(
        metadata={
            "description": "The locale wanted; else the service's default.",
            "example": "ko",
        }
    )


class BundlesQuery(Query):
    """Which services, and in which locales."""

    service = fields.List(
        fields.String(),
        required=True,
        validate=validate.Length(min=1),
        metadata={"description": "A service; up to 100 bundles at once.", "example": ["ocr"]},
    )
    locale = fields.List(
        Locale(),
        load_default=list,
        metadata={"description": "A locale of every one of them; else each in its default one."},
    )

    @ma.validates_schema
    def check_number(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse more bundles than one answer holds, and one that is asked for twice."""
        for name in ("service", "locale"):
            if len(set(data[name])) < len(data[name]):
                raise ma.ValidationError("The same is asked for twice.", name)
        if len(data["service"]) * max(1, len(data["locale"])) > MOST_BUNDLES:
            raise ma.ValidationError(
                f"Up to {MOST_BUNDLES} at once, counted once for each locale.", "service"
            )


class CheckQuery(Query):
    """What a document is held against."""

    service = Slug(
        metadata={
            "description": "The service that it is about; else its heading tells.",
            "example": "document-recognizer",
        }
    )
    locale = Locale(
        metadata={"description": "The locale of its texts; else its own, or the service's default."}
    )


class CodesQuery(PageQuery, LocaleQuery):
    """Which codes of a service."""

    cursor = Cursor(int, int)

    q = fields.String(
        validate=validate.Length(max=QUERY_LENGTH),
        metadata={"description": "Words or parts of a code, a key or a text.", "example": "key"},
    )
    key = fields.String(metadata={"description": "Exactly this key."})
    http_status = WholeNumber(
        validate=validate.Range(100, 599), metadata={"description": "Exactly this HTTP status."}
    )
    status = fields.String(
        validate=validate.OneOf(STATUSES), metadata={"description": "This part of a code's life."}
    )


class CodesEverywhereQuery(PageQuery, LocaleQuery):
    """One code in all services."""

    cursor = Cursor(str)


class SearchQuery(LocaleQuery):
    """Either a search (`q`) or many codes at once (`code`, with or without `service`)."""

    q = fields.String(
        validate=validate.Length(max=QUERY_LENGTH),
        metadata={
            "description": "Words or parts of a code, a key or a text, in any locale.",
            "example": "request key",
        },
    )
    limit = WholeNumber(
        validate=validate.Range(1, HIGHEST_LIMIT),
        metadata={
            "description": "How many codes a search finds at the most.",
            "default": DEFAULT_LIMIT,
        },
    )
    code = fields.List(
        fields.String(),
        validate=validate.Length(max=HIGHEST_LIMIT),
        metadata={"description": "A code to look up; up to 500 of them."},
    )
    service = fields.List(
        fields.String(),
        metadata={"description": "A service to look them up in; without it, all services."},
    )

    @ma.validates_schema
    def check_kind(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a query that is neither a search nor many at once, or both."""
        if "q" in data and ("code" in data or "service" in data):
            raise ma.ValidationError("It cannot be combined with code or service.", "q")
        if "q" not in data and "code" not in data:
            raise ma.ValidationError("Give q to search, or code to look codes up.", "q")
        if "code" in data and "limit" in data:
            raise ma.ValidationError("It belongs to a search.", "limit")
        pairs = len(data.get("code", ())) * max(1, len(data.get("service", ())))
        if pairs > HIGHEST_LIMIT:
            raise ma.ValidationError(
                f"Up to {HIGHEST_LIMIT} codes at once, counted once for each service.", "code"
            )


class LintQuery(Query):
    """Which findings."""

    service = fields.String(
        metadata={"description": "Those in this service.", "example": "document-recognizer"}
    )
    rule = fields.String(
        validate=validate.OneOf(list(rules.BY_NAME)),
        metadata={"description": "Those of this rule.", "example": "code-conflict"},
    )


class CoverageQuery(PageQuery):
    """Which page of a service's locales."""

    cursor = Cursor(str)


class SuggestionsQuery(PageQuery):
    """How many suggestions."""


class MatchQuery(LocaleQuery):
    """How many codes, and in which language."""

    limit = WholeNumber(
        load_default=10,
        validate=validate.Range(1, 100),
        metadata={"description": "How many codes are found at the most."},
    )


class ProposalsQuery(PageQuery):
    """Which proposals of a service."""

    cursor = Cursor(int)

    state = fields.String(
        validate=validate.OneOf(PROPOSAL_STATES),
        metadata={"description": "Those that are in this state."},
    )


class ReservationsQuery(PageQuery):
    """Which page of the numbers that are held."""

    cursor = Cursor(str)


class ChangesQuery(PageQuery):
    """Which changes of the log."""

    cursor = Cursor(int)

    since = WholeNumber(
        load_default=0,
        validate=validate.Range(0, LARGEST_INTEGER),
        metadata={"description": "Changes of a later revision than this."},
    )
    epoch = fields.String(
        metadata={"description": "That of the answer whose revision is given in `since`."}
    )
    service = fields.String(metadata={"description": "Changes of this service."})
    code = fields.String(metadata={"description": "Changes of this code."})
    locale = Locale(metadata={"description": "Changes of texts in this locale."})
    actor = fields.String(metadata={"description": "Changes by this actor."})


class ChangeSetQuery(PageQuery):
    """Which page of what was changed together."""

    cursor = Cursor(int)


class Language:
    """The caller's wish for a language, and what had to be looked at to know it."""

    def __init__(self, query: Mapping[str, Any]) -> None:
        locale = query.get("locale")
        if locale is None:
            wish = wish_of_header(flask.request.headers.get("Accept-Language"))
            self.varies_on: tuple[str, ...] = ("Accept-Language",)
        else:
            wish = wish_for(locale)
            self.varies_on = ()
        self.negotiation = Negotiation(wish)
        if self.varies_on:
            is_chosen_by(self.negotiation)
