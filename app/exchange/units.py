"""What the formats of translators share: one unit a text, gathered into one row a code.

A unit is named by the code for the message, by `code|description` and `code|remedy` for the others.
No code has a bar in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from app.exchange.document import Item, Remark, Row
from app.exchange.rows import Unfit, code_of, fit_key, fit_text


@dataclass(frozen=True)
class Unit:
    """One text of a code as a file tells it; `text` is None or empty where there is none."""

    line: int
    name: str | None
    key: str | None
    text: str | None
    needs_review: bool


@dataclass(frozen=True)
class Pair:
    """One text on its way out: its unit's name, the text of the source, the text of the locale."""

    name: str
    source: str | None
    text: str | None


def pairs_of(item: Item) -> Iterator[Pair]:
    """The texts that a code has in either locale; the message always."""
    yield Pair(item.code, item.source_message, item.message)
    if item.source_description or item.description:
        yield Pair(f"{item.code}|description", item.source_description, item.description)
    if item.source_remedy or item.remedy:
        yield Pair(f"{item.code}|remedy", item.source_remedy, item.remedy)


@dataclass
class _Told:
    """What was told of a code so far: the lines of its texts, and the texts."""

    line: int
    key: str | None = None
    lines: dict[str, int] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    needs_review: bool = False


@dataclass
class Gathering:
    """The units of a file gathered by code, what was refused, and what is no part of a catalog."""

    refused: list[Remark] = field(default_factory=list)
    ignored: list[Remark] = field(default_factory=list)
    _codes: dict[str, _Told] = field(default_factory=dict)

    def take(self, unit: Unit) -> None:
        """Take a unit; an unfit one, or a second one of the same name, is refused."""
        try:
            self._take(unit)
        except Unfit as unfit:
            self.refused.append(Remark(unit.line, str(unfit)))

    def rows(self) -> tuple[Row, ...]:
        """A row for each code that has a text, in the order in which the codes were first named.

        Its line is that of the code's first unit. It needs review where one of its texts does.
        """
        return tuple(
            Row(
                told.line,
                code,
                told.key,
                told.texts.get("message"),
                told.texts.get("description"),
                told.texts.get("remedy"),
                "needs_review" if told.needs_review else "approved",
            )
            for code, told in self._codes.items()
            if told.texts
        )

    def _take(self, unit: Unit) -> None:
        name = unit.name or ""
        code, bar, which = name.partition("|")
        if not bar:
            which = "message"
        elif which not in ("description", "remedy"):
            code = name
        code_of(code)
        key, text = fit_key(unit.key), fit_text(which, unit.text)
        told = self._codes.get(code) or _Told(unit.line)
        if which in told.lines:
            raise Unfit(f"{name} stands in line {told.lines[which]} already")
        if key and told.key and key != told.key:
            raise Unfit(f"code {code} has the key {told.key} in line {told.line}, here {key}")
        self._codes[code] = told
        told.lines[which] = unit.line
        told.key = told.key or key
        if text:
            told.texts[which] = text
            told.needs_review |= unit.needs_review
