"""Slugs: the names that services have in addresses."""

from __future__ import annotations

import re
import unicodedata

from app.catalog.errors import Invalid
from app.catalog.texts import normalized

SLUG_LENGTH = 64
SLUG_FORM = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def is_slug(text: str) -> bool:
    """Whether the text is lower-case ASCII letters and digits with single hyphens between."""
    return len(text) <= SLUG_LENGTH and SLUG_FORM.fullmatch(text) is not None


def checked_slug(text: str) -> str:
    """The text itself where it is a slug; raises Invalid where it is not."""
    if not is_slug(text):
        raise Invalid(
            "slug",
            f"A slug is lower-case ASCII letters, digits and single hyphens, up to {SLUG_LENGTH}.",
        )
    return text


def slug_of_title(title: str) -> str | None:
    """A title as a slug ("Document Recognizer" → document-recognizer).

    None where the title has letters outside ASCII, for which there is no one right spelling, or
    where nothing is left of it.
    """
    plain = "".join(mark for mark in normalized("NFKD", title) if not unicodedata.combining(mark))
    if not plain.isascii():
        return None
    slug = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
    return slug if is_slug(slug) else None
