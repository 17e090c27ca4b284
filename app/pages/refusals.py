"""What the catalog refuses, as a form shows it."""

from __future__ import annotations

from collections.abc import Mapping

from app.catalog.errors import BreaksConsumers, CatalogError, Conflict, Invalid
from app.edge.problems import FieldError, problem_of
from app.pages.forms import CatalogWords, Form, Unfit
from app.pages.saving import ChangedSince
from app.pages.words import gettext


def refused(
    values: Mapping[str, str],
    refusal: CatalogError,
    *,
    fields: Mapping[str, str] | None = None,
    conflict: str = "",
) -> tuple[Form, int]:
    """A form with what was typed and why it is refused, and the status that says so.

    `fields` are what the form calls fields that the catalog calls otherwise; `conflict` is the one
    that a conflict is about.
    """
    name = ""
    words = str(refusal) if isinstance(refusal, Unfit) else CatalogWords(refusal)
    if isinstance(refusal, Invalid):
        name = (fields or {}).get(refusal.field, refusal.field)
    elif isinstance(refusal, BreaksConsumers):
        name, words = "breaking", gettext("Say why it is right all the same.")
    elif isinstance(refusal, ChangedSince):
        words = gettext("Somebody else changed it since it was shown.")
    elif isinstance(refusal, Conflict):
        name = conflict
    return Form(values, [FieldError(name, words)]), problem_of(refusal).status
