"""Numbers that break the pattern of the blocks beside them.

Group numbers hide a grid: in 5003001, 5003011 and 5003021 each block of ten is one kind of
document, and the last digit is the kind of failure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from app.catalog.survey import SurveyedCode
from app.lint.rule import Rule, Severity, Spot

_SHORTEST = 6
# The digits of a number that count blocks and what is in them.
_GRID_DIGITS = 3


def check(codes: Sequence[SurveyedCode]) -> Iterator[Spot]:
    """The codes whose last digit no block of the usual form has."""
    families: dict[tuple[str, str], dict[str, list[SurveyedCode]]] = {}
    for code in codes:
        digits = code.code.removeprefix("-")
        if digits.isascii() and digits.isdigit() and len(digits) >= _SHORTEST:
            family = (code.service.slug, code.code[:-_GRID_DIGITS])
            families.setdefault(family, {}).setdefault(code.code[:-1], []).append(code)
    for blocks in families.values():
        yield from _off_grid(blocks)


def _off_grid(blocks: dict[str, list[SurveyedCode]]) -> Iterator[Spot]:
    forms = Counter(frozenset(code.code[-1] for code in block) for block in blocks.values())
    form, count = forms.most_common(1)[0]
    # A grid is several blocks alike, with several numbers each, and most of all there are.
    if len(form) < 2 or count * 2 <= len(blocks):
        return
    like = min(name for name, block in blocks.items() if {it.code[-1] for it in block} == form)
    for block in blocks.values():
        for code in block:
            if code.code[-1] not in form:
                yield Spot(
                    code,
                    f"{code.code} ends in {code.code[-1]}, where {count} blocks such as {like}0 "
                    f"of {code.service.slug} have {', '.join(sorted(form))} alone",
                )


RULE = Rule(
    "number-off-grid",
    Severity.INFO,
    "A number breaks the pattern of the blocks beside it.",
    "People read the grid: the last digit tells them the kind of failure. One number off it is"
    " misread, and it may take the place of the next block.",
    "Take numbers by reservation, which knows the grid; while it is a draft, delete it and create"
    " it anew.",
    check,
)
