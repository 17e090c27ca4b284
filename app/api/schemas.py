"""The answers' forms, for the OpenAPI document. Answers are written by present.py, and a test
holds them against these."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from app.catalog.codes import STATUSES
from app.catalog.matching import KINDS
from app.catalog.texts import MESSAGE_STATES
from app.editing.models import PROPOSAL_STATES
from app.lint.rule import Severity


def _text(description: str, example: str | None = None, **more: Any) -> fields.String:
    metadata = {"description": description} | ({"example": example} if example else {})
    return fields.String(required=True, metadata=metadata, **more)


def _text_or_null(description: str, example: str | None = None) -> fields.String:
    return _text(description, example, allow_none=True)


def _locale(description: str = "A BCP 47 language tag in its canonical case.") -> fields.String:
    return _text(description, "en")


def _moment(description: str, **more: Any) -> fields.String:
    return fields.String(
        required=True,
        **more,
        metadata={
            "description": description,
            "format": "date-time",
            "example": "2026-11-22T00:00:00Z",
        },
    )


def _number(description: str, **more: Any) -> fields.Integer:
    return fields.Integer(required=True, metadata={"description": description}, **more)


def _entries(description: str) -> fields.List[Any]:
    return fields.List(fields.Dict(), required=True, metadata={"description": description})


class ServiceSchema(ma.Schema):
    """A service whose error codes the catalog keeps."""

    slug = _text("Its name in addresses.", "document-recognizer")
    title = _text("Its name for people.", "Document Recognizer")
    section = _text_or_null("The group of services it belongs to.", "AI Service")
    default_locale = _locale("The locale in which every code of it has a message.")
    locales = fields.List(
        _locale(), required=True, metadata={"description": "Every locale any of its codes has."}
    )
    codes = _number("How many codes it has.")
    four_eyes = fields.Boolean(
        required=True, metadata={"description": "Whether what one edits another must approve."}
    )
    updated_at = _moment("When it or anything in it last changed.")


class CodeSchema(ma.Schema):
    """One error code of one service, with its texts in the best locale there is."""

    service = _text("The slug of its service.", "document-recognizer")
    code = _text("The code, which is text: leading zeros and signs count.", "4000122")
    key = _text_or_null("Its symbolic name.", "AUTHENTICITY_REQUEST_KEY_INVALID")
    http_status = _number("The HTTP status that goes with it, where one is known.", allow_none=True)
    status = _text("Where in its life it is.", validate=validate.OneOf(STATUSES))
    message = _text_or_null("What the API answers.", "Request Key is invalid or expired.")
    locale = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The locale of the message.", "example": "en"},
    )
    fallback = fields.Boolean(
        required=True,
        metadata={"description": "Whether that locale is other than what was asked for."},
    )
    description = _text_or_null("What it means.")
    description_locale = _text_or_null("The locale of the description.")
    remedy = _text_or_null("What to do about it.")
    remedy_locale = _text_or_null("The locale of the remedy.")
    locales = fields.List(
        _locale(), required=True, metadata={"description": "Every locale that it has texts in."}
    )
    replaced_by = _text_or_null("The code of the same service to use in its place.")
    type = _text(
        "Its own address, which serves as the type of an RFC 9457 problem.",
        "http://127.0.0.1:8000/services/document-recognizer/codes/4000122",
    )
    version = _number("Rises by one with every edit of it or of any of its texts.")
    updated_at = _moment("When it or any of its texts last changed.")


class BundledCodeSchema(CodeSchema):
    """One error code as a bundle has it."""

    class Meta:
        """What is said of the whole bundle, or changes more often than what consumers need."""

        exclude = ("service", "locales", "version", "updated_at")

    deprecated_at = _moment("Since when it is deprecated.", allow_none=True)
    sunset_at = _moment("When it is to be retired.", allow_none=True)


class BundleSchema(ma.Schema):
    """A service in one locale."""

    format = _number("The version of this form.")
    service = _text("The slug of the service.", "document-recognizer")
    title = _text("Its name for people.", "Document Recognizer")
    locale = _locale("The locale asked for.")
    default_locale = _locale("The locale in which every code of it has a message.")
    epoch = _text("The catalog's epoch. A later one is greater as text.")
    revision = _number("The catalog's revision of the newest change of the service.")
    updated_at = _moment("When that change was made.")
    codes = fields.List(
        fields.Nested(BundledCodeSchema),
        required=True,
        metadata={"description": "Its codes in document order, without drafts; one a line."},
    )


class BundlesSchema(ma.Schema):
    """Several bundles: service by service, each in every locale asked for."""

    format = _number("The version of this form.")
    bundles = fields.List(fields.Nested(BundleSchema), required=True)


class MatchSchema(CodeSchema):
    """A code that a line of a log fits."""

    matched = fields.List(
        _text("What of it stands in the line.", validate=validate.OneOf(KINDS)),
        required=True,
    )
    matched_locale = _text_or_null("The locale of the message in the line.", "en")
    values = fields.Dict(
        required=True,
        metadata={"description": "What stands in the line for the placeholders of the message."},
    )


class MessageSchema(ma.Schema):
    """The texts of a code in one locale."""

    locale = _locale()
    text = _text_or_null("What the API answers.", "Request Key is invalid or expired.")
    description = _text_or_null("What it means.")
    remedy = _text_or_null("What to do about it.")
    state = _text("Whether somebody has approved it.", validate=validate.OneOf(MESSAGE_STATES))
    stale = fields.Boolean(
        required=True,
        metadata={"description": "Whether the source text moved on after it was translated."},
    )
    updated_at = _moment("When it last changed.")


class ChangeSchema(ma.Schema):
    """One entry of the change log."""

    revision = _number("The catalog's revision after it; rises by one with every change.")
    change_set = _number("The first revision of the changes that were made together.")
    at = _moment("When it was made.")
    actor = _text("Who made it.", "seed")
    action = _text("What was done.", "code.create")
    service = _text("The slug of the service changed.", "document-recognizer")
    code = _text_or_null("The code changed.", "4000122")
    locale = _text_or_null("The locale of the text changed.", "ko")
    before = fields.Dict(required=True, allow_none=True, metadata={"description": "As it was."})
    after = fields.Dict(required=True, allow_none=True, metadata={"description": "As it became."})
    reason = _text_or_null("Why, in its author's words.")
    breaking = _text_or_null("Why consumers were broken, where they were.")


class FindingSchema(ma.Schema):
    """Something that looks like a mistake."""

    rule = _text("The rule that it does not hold to.", "code-conflict")
    severity = _text("How bad it is.", validate=validate.OneOf([str(it) for it in Severity]))
    service = _text_or_null("The slug of the service.", "document-recognizer")
    code = _text_or_null("The code.", "5003001")
    locale = _text_or_null("The locale of the text, where it is about one.", "ko")
    message = _text("What is wrong, naming both sides.")


class FindingsSchema(ma.Schema):
    """Everything that looks like a mistake."""

    findings = fields.List(fields.Nested(FindingSchema), required=True)


class CoverageSchema(ma.Schema):
    """How far one locale of a service is translated, counted in codes."""

    locale = _locale()
    codes = _number("How many codes the service has, without the retired.")
    translated = _number("How many of them say anything in this locale.")
    stale = _number("How many of those translated are older than their source.")
    needs_review = _number("How many of those translated nobody has approved yet.")
    missing = _number("How many say nothing in this locale.")


class SuggestionSchema(ma.Schema):
    """An approved translation of the same or nearly the same text, and where it stands."""

    text = _text("The translation.", "잘못된 파라미터입니다.")
    service = _text("The service where it stands.", "pose-estimation")
    code = _text("The code where it stands.", "4000001")
    locale = _locale("The locale of the translation.")
    source = _text("What it translates there.", "Invalid parameter.")
    similarity = fields.Float(
        required=True,
        metadata={"description": "How alike that is to the text at hand: 1 where it is the same."},
    )


class ProposalSchema(ma.Schema):
    """An edit that waits for another account, and what became of it."""

    id = _number("Its number.")
    service = _text("The slug of the service.", "document-recognizer")
    code = _text_or_null("The code that it edits.", "4000122")
    locale = _text_or_null("The locale of the texts that it edits.", "ko")
    kind = _text("Which edit it is.", "message.write")
    edit = fields.Dict(required=True, metadata={"description": "The edit's fields."})
    author = _text("Who proposes it.", "mina")
    reason = _text_or_null("Why, in its author's words.")
    breaking = _text_or_null("Why consumers are broken, where it breaks them.")
    proposed_at = _moment("When it was proposed.")
    state = _text("Where it is.", validate=validate.OneOf(PROPOSAL_STATES))
    decided_by = _text_or_null("Who approved or rejected it.")
    decided_at = _moment("When that was.", allow_none=True)
    decision_reason = _text_or_null("Why it was rejected.")
    revision = _number("The catalog's revision that it became.", allow_none=True)


class ReservedSchema(ma.Schema):
    """A number that is held for somebody."""

    code = _text("The number.", "4000123")
    holder = _text("Who holds it.", "mina")
    note = _text_or_null("What for.")
    reserved_at = _moment("Since when.")
    expires_at = _moment("Until when, unless a code is created under it.")


class ReservationSchema(ma.Schema):
    """The numbers that were just reserved."""

    service = _text("The slug of the service.", "document-recognizer")
    codes = fields.List(
        _text("A number.", "4000123"), required=True, metadata={"description": "The numbers held."}
    )
    holder = _text("Who holds them.", "mina")
    note = _text_or_null("What for.")
    reserved_at = _moment("Since when.")
    expires_at = _moment("Until when.")


class PlanSchema(ma.Schema):
    """What a document would change, or changed; each a list of entries."""

    added = _entries("What is new.")
    changed = _entries("What is other, with `before`, `after` and what is `breaking`.")
    unchanged = _entries("What is said already.")
    missing = _entries("Codes that the document does not mention.")
    untranslated = _entries("Rows whose text is that of the source.")
    refused = _entries("Rows that cannot be taken, with `line` and `reason`.")
    ignored = _entries("Tables that are not about errors.")


class DifferenceSchema(ma.Schema):
    """Something that a document says otherwise than the catalog, or not at all."""

    line = _number("The line of the document, from 1; null where it says nothing.", allow_none=True)
    code = _text_or_null("The code.", "4010002")
    message = _text("What differs, in words.", "4010002: key is “BAD”, in the catalog “INVALID”")
    breaking = fields.Boolean(
        required=True,
        metadata={"description": "Whether consumers would break, were it brought in."},
    )


class CheckSchema(ma.Schema):
    """How a document differs from the catalog."""

    service = _text("The slug of the service it is about.", "document-recognizer")
    differences = fields.List(fields.Nested(DifferenceSchema), required=True)


class FieldErrorSchema(ma.Schema):
    """What is wrong with one field or parameter."""

    field = _text("Its name.", "limit")
    message = _text("What is wrong.", "Not a valid integer.")


class ProblemSchema(ma.Schema):
    """A problem (RFC 9457)."""

    type = _text("What kind of problem it is; about:blank says no more than its status.")
    title = _text("The kind in words.", "Unknown code")
    status = _number("The HTTP status.")
    detail = _text("What is the matter this time.")
    instance = _text("The path of the request.", "/services/document-recognizer/codes/1")
    errors = fields.List(
        fields.Nested(FieldErrorSchema),
        metadata={"description": "Which fields or parameters do not fit."},
    )
    breaks = fields.List(
        fields.String(), metadata={"description": "What would break consumers, in words."}
    )
    check = fields.String(metadata={"description": "What of the catalog is not ready."})


def page_of(item: type[ma.Schema], name: str, **more: fields.Field[Any]) -> type[ma.Schema]:
    """The form of a page of items; `more` are the fields that this kind of list has besides."""
    members: dict[str, Any] = {
        "items": fields.List(fields.Nested(item), required=True),
        "next": _text_or_null("The address of the next page; null on the last."),
        **more,
    }
    return ma.Schema.from_dict(members, name=name)


class PairSchema(ma.Schema):
    """A code that was asked for and is not there."""

    service = _text_or_null("The service it was looked for in; null where in all of them.")
    code = _text("The code.")


class StatusSchema(ma.Schema):
    """How the service is."""

    status = _text("What it says of itself.", "ok")


ServicePageSchema = page_of(ServiceSchema, "ServicePage")
CodePageSchema = page_of(CodeSchema, "CodePage")
MatchPageSchema = page_of(MatchSchema, "MatchPage")
CoveragePageSchema = page_of(CoverageSchema, "CoveragePage")
SuggestionPageSchema = page_of(SuggestionSchema, "SuggestionPage")
MessagePageSchema = page_of(MessageSchema, "MessagePage")
ChangePageSchema = page_of(
    ChangeSchema,
    "ChangePage",
    epoch=_text("The catalog's epoch: another one begins when it is restored from a backup."),
    revision=_number("The catalog's revision now."),
)
ProposalPageSchema = page_of(ProposalSchema, "ProposalPage")
ReservationPageSchema = page_of(ReservedSchema, "ReservationPage")
FoundCodesSchema = page_of(
    CodeSchema,
    "FoundCodes",
    missing=fields.List(
        fields.Nested(PairSchema),
        metadata={"description": "Where many were asked for at once: those that are not there."},
    ),
)
