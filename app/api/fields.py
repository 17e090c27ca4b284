"""How single values are written in queries and bodies, and read strictly."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

import flask
import marshmallow as ma
from marshmallow import fields

from app.catalog.codes import checked_code, checked_http_status, checked_key
from app.catalog.errors import Invalid
from app.catalog.locales import canonical_locale
from app.catalog.slugs import checked_slug
from app.catalog.texts import checked_text
from app.edge.paging import decode_cursor

_RFC_3339 = r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)"


class WholeNumber(fields.Integer):
    """A number in ASCII digits alone; Python would read "1_0" and Arabic digits too."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> int:
        if isinstance(value, str) and not re.fullmatch(r"[0-9]{1,19}", value, re.ASCII):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class YesOrNo(fields.Boolean):
    """`true` or `false`, in these words alone."""

    truthy = {"true"}
    falsy = {"false"}


class Ruled(fields.String):
    """A text that a rule of the catalog reads; what the rule refuses is refused."""

    rule: Callable[[str], Any]

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        text = str(super()._deserialize(value, attr, data, **kwargs))
        try:
            return self.rule(text)
        except Invalid as invalid:
            raise ma.ValidationError(invalid.detail) from invalid


class Locale(Ruled):
    """A well-formed BCP 47 tag, in its canonical case."""

    rule = staticmethod(canonical_locale)


class CatalogText(Ruled):
    """A text as the catalog keeps texts; nothing but white space is as good as null."""

    rule = staticmethod(partial(checked_text, "text"))


class Cursor(fields.String):
    """Where a page of a list begins, as the place of the item before it."""

    def __init__(self, *form: type) -> None:
        """`form` are the types of the parts of a place in this kind of list."""
        described = "Where the page begins: from the `next` of the page before."
        super().__init__(metadata={"description": described})
        self.form = form

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        place = decode_cursor(str(text), flask.request.path, self.form)
        if place is None:
            raise ma.ValidationError("This is not a cursor of this list.")
        return place


class Code(Ruled):
    """A code."""

    rule = staticmethod(checked_code)


class Key(Ruled):
    """A key; an empty one is as good as null."""

    rule = staticmethod(checked_key)


class Slug(Ruled):
    """A service's name in addresses."""

    rule = staticmethod(checked_slug)


class Number(fields.Integer):
    """A whole number, written as one: neither "400" nor true nor 400.0."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> int:
        if type(value) is not int:
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class HttpStatus(Number):
    """An HTTP status."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> int:
        number = super()._deserialize(value, attr, data, **kwargs)
        try:
            checked_http_status(number)
        except Invalid as invalid:
            raise ma.ValidationError(invalid.detail) from invalid
        return number


class Flag(fields.Boolean):
    """True or false, and nothing that some languages take for them."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class Moment(Ruled):
    """A moment as RFC 3339 writes it; given on as ISO 8601."""

    @staticmethod
    def rule(text: str) -> str:
        """The moment in UTC; raises Invalid."""
        if not re.fullmatch(_RFC_3339, text, re.ASCII):
            raise Invalid("moment", "A moment is written as 2026-11-22T00:00:00Z.")
        try:
            return datetime.fromisoformat(text.upper()).astimezone(UTC).isoformat()
        except (ValueError, OverflowError) as error:
            raise Invalid("moment", f"There is no such moment: {error}.") from error
