"""The rules, a module each, in the order in which they are told."""

from __future__ import annotations

from app.lint.rule import Rule
from app.lint.rules import (
    code_conflict,
    confusable,
    control_characters,
    deprecated_without_successor,
    divergent_translation,
    duplicate_text,
    key_conflict,
    message_divergence,
    needs_review,
    no_description,
    number_off_grid,
    placeholder_mismatch,
    stale,
    status_suspicious,
    status_unknown,
    typo_like,
    untranslated,
    whitespace,
    wrong_language,
)

RULES: tuple[Rule, ...] = (
    code_conflict.RULE,
    key_conflict.RULE,
    message_divergence.RULE,
    divergent_translation.RULE,
    untranslated.RULE,
    stale.RULE,
    needs_review.RULE,
    placeholder_mismatch.RULE,
    wrong_language.RULE,
    status_suspicious.RULE,
    status_unknown.RULE,
    number_off_grid.RULE,
    whitespace.RULE,
    control_characters.RULE,
    confusable.RULE,
    typo_like.RULE,
    duplicate_text.RULE,
    no_description.RULE,
    deprecated_without_successor.RULE,
)
BY_NAME = {rule.name: rule for rule in RULES}
