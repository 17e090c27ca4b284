"""The forms of bodies. What is not named here is refused: ids, actors and times are never taken."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from app.api.fields import CatalogText, Code, Flag, HttpStatus, Key, Locale, Moment, Number, Slug
from app.catalog.allocation import HIGHEST_COUNT, LONGEST_HOLD
from app.catalog.codes import STATUSES
from app.catalog.matching import LINE_LENGTH
from app.catalog.texts import MESSAGE_STATES

CODE_LENGTH = 65


def _about(description: str, example: Any = None, **more: Any) -> dict[str, Any]:
    metadata = {"description": description} | ({} if example is None else {"example": example})
    return {"metadata": metadata, **more}


class Body(ma.Schema):
    """Nothing but why."""

    reason = CatalogText(**_about("Why, for the history.", "A clearer wording"), allow_none=True)
    breaking = CatalogText(
        **_about("Why consumers are broken, where the edit breaks them."), allow_none=True
    )


class ServiceBody(Body):
    """A new service."""

    slug = Slug(**_about("Its name in addresses.", "face-recognition"), required=True)
    title = CatalogText(**_about("Its name for people.", "Face Recognition"), required=True)
    section = CatalogText(**_about("The group it belongs to.", "AI Service"), allow_none=True)
    default_locale = Locale(
        **_about("The locale in which every code of it has a message.", "en"), load_default="en"
    )
    four_eyes = Flag(**_about("Whether what one edits another must approve."), load_default=False)

    @ma.validates("title")
    def check_title(self, value: str | None, **_: Any) -> None:
        """Refuse a title of white space."""
        if value is None:
            raise ma.ValidationError("A service needs a title.")


class ServicePatch(Body):
    """Other values for some fields of a service."""

    title = CatalogText(**_about("Its name for people."))
    section = CatalogText(**_about("The group it belongs to; null takes it out."), allow_none=True)
    default_locale = Locale(**_about("Only while it has no codes."))
    four_eyes = Flag(**_about("Whether what one edits another must approve."))

    check_title = ServiceBody.check_title


class CodeBody(Body):
    """A new code with its texts in its service's default locale."""

    code = Code(**_about("The code, which is text.", "4000123"), required=True)
    key = Key(**_about("Its symbolic name.", "REQUEST_KEY_MISSING"), allow_none=True)
    http_status = HttpStatus(
        **_about("Its HTTP status, where its digits do not tell.", 400), allow_none=True
    )
    status = fields.String(
        **_about("Whether consumers may rely on it."),
        load_default="draft",
        validate=validate.OneOf(("draft", "active")),
    )
    message = CatalogText(
        **_about("What the API answers.", "Request key is missing."), required=True
    )
    description = CatalogText(**_about("What it means."), allow_none=True)
    remedy = CatalogText(**_about("What to do about it."), allow_none=True)

    @ma.validates("message")
    def check_message(self, value: str | None, **_: Any) -> None:
        """Refuse a message of white space."""
        if value is None:
            raise ma.ValidationError("A code needs a message in its service's default locale.")


class CodePatch(Body):
    """Other values for some fields of a code (RFC 7396): null takes a value away."""

    key = Key(**_about("Its symbolic name."), allow_none=True)
    http_status = HttpStatus(
        **_about("Its HTTP status; null leaves it to the code's digits."), allow_none=True
    )
    status = fields.String(
        **_about("The next part of its life."), validate=validate.OneOf(STATUSES)
    )
    replaced_by = Code(**_about("The code of the service to use instead."), allow_none=True)
    sunset_at = Moment(
        **_about("When it will stop being answered.", "2027-06-30T00:00:00Z"), allow_none=True
    )


class MessageBody(Body):
    """All texts of a code in one locale: what is absent or null is removed."""

    text = CatalogText(
        **_about("What the API answers.", "Request Key is invalid or expired."), allow_none=True
    )
    description = CatalogText(**_about("What it means."), allow_none=True)
    remedy = CatalogText(**_about("What to do about it."), allow_none=True)
    state = fields.String(
        **_about("Whether it is fit to be shown as it is."),
        load_default="approved",
        validate=validate.OneOf(MESSAGE_STATES),
    )
    typo = Flag(
        **_about("That the texts mean what they meant, so that translations stay fresh."),
        load_default=False,
    )

    @ma.validates_schema(skip_on_field_errors=True)
    def check_texts(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a message without any text."""
        if not any(data.get(name) for name in ("text", "description", "remedy")):
            raise ma.ValidationError("A message needs at least one text.", "text")


class MatchBody(ma.Schema):
    """A line of a log."""

    text = fields.String(
        **_about(
            "The line, as it was logged.", "ERROR 4000122: Request Key is invalid or expired."
        ),
        required=True,
        validate=validate.Length(1, LINE_LENGTH),
    )


class ReservationBody(ma.Schema):
    """Which numbers to hold, and for how long; one of prefix, after and block says where."""

    prefix = fields.String(
        **_about("Behind the highest number that begins so.", "40001"),
        validate=validate.Length(1, CODE_LENGTH),
    )
    after = Code(**_about("Behind this number.", "4000122"))
    block = fields.String(
        **_about(
            "The next block of ten behind those that begin so, or that this is one of.", "5003"
        ),
        validate=validate.Length(1, CODE_LENGTH),
    )
    count = Number(**_about("How many."), load_default=1, validate=validate.Range(1, HIGHEST_COUNT))
    ttl = Number(
        **_about("For how many seconds."),
        load_default=86_400,
        validate=validate.Range(1, int(LONGEST_HOLD.total_seconds())),
    )
    note = CatalogText(**_about("What for.", "The new upload errors"), allow_none=True)

    @ma.validates_schema(skip_on_field_errors=True)
    def check_place(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse what says no place, or more than one."""
        if len({"prefix", "after", "block"} & data.keys()) != 1:
            raise ma.ValidationError("Say where: one of prefix, after and block.", "prefix")
