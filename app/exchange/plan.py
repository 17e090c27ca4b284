"""The plan of an import: what would change, worked out before anything does.

The plan is the dry run and the diff; `importing.py` carries it out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.catalog.breaks import key_break, placeholder_break, retirement_break
from app.catalog.edits.rows import Texts
from app.catalog.locales import canonical_locale
from app.catalog.ordering import FRONT
from app.catalog.placeholders import mismatch
from app.catalog.views import CodeView
from app.exchange.document import Document, Row


@dataclass(frozen=True)
class Source:
    """A document and the locale of its texts, which cannot be told from their content."""

    document: Document
    locale: str


@dataclass(frozen=True)
class Target:
    """The service that an import is for; `exists` tells whether the catalog has it."""

    slug: str
    title: str
    section: str | None
    default_locale: str
    exists: bool


@dataclass(frozen=True)
class Told:
    """What an import can change about a code in one locale."""

    key: str | None
    texts: Texts


@dataclass(frozen=True)
class Entry:
    """One row of a document, and the place in the catalog that it speaks of."""

    service: str
    code: str
    locale: str
    file: str | None
    line: int | None
    # What the document says, and what the catalog will say by it.
    said: Told
    told: Told
    before: Told | None = None
    breaking: tuple[str, ...] = ()
    # Where a new code is put: behind this code, or FRONT; None is the end.
    follows: str | None = None


@dataclass(frozen=True)
class Refused:
    """A row, or a whole file, that cannot be taken."""

    file: str
    line: int
    reason: str


@dataclass
class Plan:
    """What an import would do to one service."""

    target: Target
    added: list[Entry] = field(default_factory=list)
    changed: list[Entry] = field(default_factory=list)
    unchanged: list[Entry] = field(default_factory=list)
    missing: list[Entry] = field(default_factory=list)
    untranslated: list[Entry] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    ignored: list[Refused] = field(default_factory=list)
    # Of the missing, those that are to be retired.
    retired: list[Entry] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether carrying it out would change nothing."""
        return not (self.added or self.changed or self.retired)

    @property
    def breaks(self) -> Mapping[str, Sequence[str]]:
        """What carrying it out would break, by code."""
        return {
            entry.code: entry.breaking for entry in [*self.changed, *self.retired] if entry.breaking
        }

    def without(self, protected: Callable[[Entry], bool]) -> Plan:
        """The same plan, leaving alone what is protected."""
        return replace(
            self,
            added=[entry for entry in self.added if not protected(entry)],
            changed=[entry for entry in self.changed if not protected(entry)],
            unchanged=[*self.unchanged, *filter(protected, [*self.added, *self.changed])],
        )


@dataclass
class _Known:
    """What the catalog has, or after the rows read so far will have, of one code."""

    status: str
    key: str | None
    texts: dict[str, Texts]


def make_plan(
    target: Target,
    codes: Iterable[CodeView],
    sources: Sequence[Source],
    gone: Mapping[str, str | None] | None = None,
    *,
    retire_missing: bool = False,
) -> Plan:
    """Hold documents against what the catalog has.

    `codes` are all that the service has, `gone` those that were active once, with the keys they
    had: one comes back with the same key or not at all. Documents in the default locale are read
    first, since only they bring new codes and since a text that says the same is not a translation
    of it.
    """
    plan = Plan(target)
    known = {code.code: _known(code) for code in codes}
    present = list(known)
    said: dict[tuple[str, str], tuple[str, Row]] = {}
    for given in sorted(sources, key=lambda source: source.locale != target.default_locale):
        source = replace(given, locale=canonical_locale(given.locale))
        document = source.document
        refused = [Refused(document.file, it.line, it.reason) for it in document.refused]
        plan.ignored += [Refused(document.file, it.line, it.reason) for it in document.ignored]
        follows = _start(document, present)
        for row in document.rows:
            problem = _problem(target, source, row, known.get(row.code), said)
            problem = problem or _takes_a_lost_number(row, known, gone or {})
            if problem:
                refused.append(Refused(document.file, row.line, problem))
                continue
            said[row.code, source.locale] = (document.file, row)
            if source.locale == target.default_locale:
                _plan_source_row(plan, known, source, row, follows)
            else:
                _plan_translation_row(plan, known[row.code], source, row)
            follows = row.code
        plan.refused += sorted(refused, key=lambda place: place.line)
    told = {row.code for source in sources for row in source.document.rows}
    for number in present:
        if number not in told and known[number].status != "retired":
            plan.missing.append(_missing(target, number, known[number]))
            if retire_missing and known[number].status != "draft":
                plan.retired.append(_retired(plan.missing[-1], known[number].status))
    return plan


def _start(document: Document, present: Sequence[str]) -> str | None:
    """What the new codes at the head of a page follow: whatever stands before its first known
    code, or the end of the catalog where the page has none."""
    places = {number: place for place, number in enumerate(present)}
    first = next((places[row.code] for row in document.rows if row.code in places), None)
    if first is None:
        return None
    return present[first - 1] if first else FRONT


def _problem(
    target: Target,
    source: Source,
    row: Row,
    code: _Known | None,
    said: Mapping[tuple[str, str], tuple[str, Row]],
) -> str | None:
    file, earlier = said.get((row.code, source.locale), ("", row))
    if replace(earlier, line=row.line) != row:
        return f"{row.code} is told otherwise in {file}:{earlier.line}"
    if source.locale == target.default_locale:
        return None if row.message else f"no message for {row.code}"
    if code is None:
        return (
            f"{target.slug} has no code {row.code}: import its {target.default_locale} page first"
        )
    if row.key is not None and row.key != code.key:
        return f"{row.code} has the key {code.key}, not {row.key}"
    original = code.texts[target.default_locale]
    return mismatch(original.text, row.message) or mismatch(original.description, row.description)


def _takes_a_lost_number(
    row: Row, known: Mapping[str, _Known], gone: Mapping[str, str | None]
) -> str | None:
    if row.code in known or row.code not in gone or row.key in (None, gone[row.code]):
        return None
    return f"{row.code} once was {gone[row.code]}, and a number is never given another meaning"


def _plan_source_row(
    plan: Plan, known: dict[str, _Known], source: Source, row: Row, follows: str | None
) -> None:
    code = known.get(row.code)
    if code is None:
        texts = Texts(row.message, row.description)
        entry = _entry(plan, source, row, Told(row.key, texts))
        plan.added.append(replace(entry, follows=follows))
        known[row.code] = _Known("active", row.key, {source.locale: texts})
        return
    before = Told(code.key, code.texts[source.locale])
    after = Told(row.key or code.key, _merged(before.texts, row.message, row.description))
    breaking = (
        key_break(code.status, before.key, after.key),
        placeholder_break(code.status, before.texts.text, after.texts.text),
    )
    entry = replace(
        _entry(plan, source, row, after),
        before=before,
        breaking=tuple(it for it in breaking if it),
    )
    (plan.unchanged if before == after else plan.changed).append(entry)
    code.key = after.key
    code.texts[source.locale] = after.texts


def _plan_translation_row(plan: Plan, code: _Known, source: Source, row: Row) -> None:
    original = code.texts[plan.target.default_locale]
    message = row.message if row.message != original.text else None
    description = row.description if row.description != original.description else None
    if message is None and description is None:
        told = Told(code.key, Texts(row.message, row.description))
        plan.untranslated.append(_entry(plan, source, row, told))
        return
    texts = code.texts.get(source.locale)
    after = Told(code.key, _merged(texts or Texts(), message, description))
    entry = _entry(plan, source, row, after)
    if texts is None:
        plan.added.append(entry)
    else:
        entry = replace(entry, before=Told(code.key, texts))
        (plan.unchanged if texts == after.texts else plan.changed).append(entry)
    code.texts[source.locale] = after.texts


def _merged(texts: Texts, message: str | None, description: str | None) -> Texts:
    """The texts there are, with what a document says in place of them; silence changes nothing."""
    return replace(texts, text=message or texts.text, description=description or texts.description)


def _entry(plan: Plan, source: Source, row: Row, told: Told) -> Entry:
    file = source.document.file
    said = Told(row.key, Texts(row.message, row.description))
    return Entry(plan.target.slug, row.code, source.locale, file, row.line, said, told)


def _missing(target: Target, number: str, code: _Known) -> Entry:
    told = Told(code.key, code.texts[target.default_locale])
    return Entry(target.slug, number, target.default_locale, None, None, told, told)


def _retired(entry: Entry, status: str) -> Entry:
    broken = retirement_break(status, "retired")
    return replace(entry, breaking=(broken,) if broken else ())


def _known(code: CodeView) -> _Known:
    texts: Mapping[str, Texts] = {
        locale: Texts(message.text, message.description, message.remedy)
        for locale, message in code.messages.items()
    }
    return _Known(code.status, code.key, dict(texts))
