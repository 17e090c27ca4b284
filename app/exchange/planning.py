"""Working a plan out: documents held against what the catalog has, row by row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.catalog.breaks import http_status_break, key_break, placeholder_break, retirement_break
from app.catalog.edits.rows import Texts
from app.catalog.locales import canonical_locale
from app.catalog.ordering import FRONT
from app.catalog.placeholders import mismatch
from app.catalog.views import CodeTexts
from app.exchange.document import Document, Row
from app.exchange.plan import UNKNOWN, Entry, Plan, Refused, Source, Target, Told


@dataclass
class _Known:
    """What the catalog has, or after the rows read so far will have, of one code."""

    status: str
    key: str | None
    http_status: int | None
    texts: dict[str, Texts]
    states: dict[str, str]

    def told(self, locale: str) -> Told:
        """What the catalog says of it in a locale."""
        return Told(self.key, self.texts[locale], self.http_status, self.states[locale])

    def learn(self, locale: str, told: Told) -> None:
        """Take over what the catalog will say of it in a locale."""
        self.key, self.http_status = told.key, told.http_status
        self.texts[locale] = told.texts
        self.states[locale] = told.state or "approved"


def make_plan(
    target: Target,
    codes: Iterable[CodeTexts],
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
    lost = gone or {}
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
            problem = problem or _takes_a_lost_number(row, known, lost)
            if problem:
                refused.append(Refused(document.file, row.line, problem))
                continue
            said[row.code, source.locale] = (document.file, row)
            if source.locale == target.default_locale:
                _plan_source_row(plan, known, source, row, (follows, lost.get(row.code)))
            else:
                _plan_translation_row(plan, known[row.code], source, row)
            follows = row.code
        plan.refused += sorted(refused, key=lambda place: place.line)
    told = {row.code for source in sources for row in source.document.rows}
    # What could not be read may be what seems missing, and only the default locale brings codes.
    retire_missing = retire_missing and not plan.refused
    retire_missing &= any(source.locale == target.default_locale for source in sources)
    locales = {canonical_locale(source.locale) for source in sources}
    for number in present:
        # No document has drafts in it, nor what is retired; a translation, what is translated.
        expected = known[number].status in ("active", "deprecated") and not locales.isdisjoint(
            known[number].texts
        )
        if expected and number not in told:
            plan.missing.append(_missing(target, number, known[number]))
            if retire_missing:
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
    told = said.get((row.code, source.locale))
    if told is not None and replace(told[1], line=row.line) != row:
        return f"{row.code} is told otherwise in {told[0]}:{told[1].line}"
    if source.locale == target.default_locale:
        return None if row.message else f"no message for {row.code}"
    if code is None:
        return (
            f"{target.slug} has no code {row.code}: import its {target.default_locale} page first"
        )
    if row.key is not None and row.key != code.key:
        return f"{row.code} has the key {code.key}, not {row.key}"
    if row.http_status is not None and row.http_status != code.http_status:
        return f"{row.code} has the HTTP status {code.http_status}, not {row.http_status}"
    original = code.texts[target.default_locale]
    translated = code.texts.get(source.locale, Texts())
    # What the catalog says already it keeps, though its source may have moved on.
    return (
        (row.message != translated.text and mismatch(original.text, row.message))
        or (
            row.description != translated.description
            and mismatch(original.description, row.description)
        )
        or (row.remedy != translated.remedy and mismatch(original.remedy, row.remedy))
        or None
    )


def _takes_a_lost_number(
    row: Row, known: Mapping[str, _Known], gone: Mapping[str, str | None]
) -> str | None:
    if row.code in known or row.code not in gone or row.key in (None, gone[row.code]):
        return None
    once = gone[row.code] or "without a key"
    return f"{row.code} once was {once}, and a number is never given another meaning"


def _plan_source_row(
    plan: Plan,
    known: dict[str, _Known],
    source: Source,
    row: Row,
    place: tuple[str | None, str | None],
) -> None:
    """`place` is that of a new code: what it follows, and the key that it once had."""
    code = known.get(row.code)
    if code is None:
        follows, once = place
        entry = _entry(plan, source, row, replace(_said(row), key=row.key or once))
        plan.added.append(replace(entry, follows=follows))
        code = known[row.code] = _Known("active", None, None, {}, {})
        code.learn(source.locale, entry.told)
        return
    before = code.told(source.locale)
    texts = _merged(before.texts, _said(row).texts)
    after = Told(
        row.key or before.key,
        texts,
        row.http_status or before.http_status,
        _state(row, before, texts),
    )
    breaking = (
        key_break(code.status, before.key, after.key),
        http_status_break(code.status, before.http_status, after.http_status),
        placeholder_break(code.status, before.texts.text, after.texts.text),
    )
    entry = replace(
        _entry(plan, source, row, after),
        before=before,
        breaking=tuple(it for it in breaking if it),
    )
    (plan.unchanged if before == after else plan.changed).append(entry)
    code.learn(source.locale, after)


def _plan_translation_row(plan: Plan, code: _Known, source: Source, row: Row) -> None:
    said = _said(row)
    translated = _without_source(said.texts, code.texts[plan.target.default_locale])
    if translated == Texts():
        entry = _entry(plan, source, row, replace(said, key=code.key))
        known = code.told(source.locale) if source.locale in code.texts else None
        plan.untranslated.append(replace(entry, before=known))
        return
    texts = code.texts.get(source.locale)
    after = Told(code.key, _merged(texts or Texts(), translated), code.http_status, row.state)
    if texts is None:
        plan.added.append(_entry(plan, source, row, after))
    else:
        before = code.told(source.locale)
        after = replace(after, state=_state(row, before, after.texts))
        entry = replace(_entry(plan, source, row, after), before=before)
        (plan.unchanged if before == after else plan.changed).append(entry)
    code.learn(source.locale, after)


def _state(row: Row, before: Told, texts: Texts) -> str | None:
    """The state that a document gives to texts.

    Where it does not say, texts that stay as they are keep theirs, and what is new has that of
    whoever brings it. Where the catalog's own is not known, there is nothing to compare.
    """
    if before.state == UNKNOWN:
        return UNKNOWN
    return row.state or (before.state if texts == before.texts else None)


def _said(row: Row) -> Told:
    texts = Texts(row.message, row.description, row.remedy)
    return Told(row.key, texts, row.http_status, row.state)


def _without_source(texts: Texts, source: Texts) -> Texts:
    """Texts without those that are word for word their source's: these translate nothing."""
    return Texts(
        texts.text if texts.text != source.text else None,
        texts.description if texts.description != source.description else None,
        texts.remedy if texts.remedy != source.remedy else None,
    )


def _merged(texts: Texts, said: Texts) -> Texts:
    """The texts there are, with what a document says in place of them; silence changes nothing."""
    return Texts(
        said.text or texts.text,
        said.description or texts.description,
        said.remedy or texts.remedy,
    )


def _entry(plan: Plan, source: Source, row: Row, told: Told) -> Entry:
    file = source.document.file
    said, slug = _said(row), plan.target.slug
    return Entry(slug, row.code, source.locale, file, row.line, said, told, speaks_of=row.speaks_of)


def _missing(target: Target, number: str, code: _Known) -> Entry:
    told = code.told(target.default_locale)
    return Entry(target.slug, number, target.default_locale, None, None, told, told)


def _retired(entry: Entry, status: str) -> Entry:
    broken = retirement_break(status, "retired")
    return replace(entry, breaking=(broken,) if broken else ())


def _known(code: CodeTexts) -> _Known:
    return _Known(
        code.status,
        code.key,
        code.http_status,
        {locale: Texts(it.text, it.description, it.remedy) for locale, it in code.texts.items()},
        {locale: it.state for locale, it in code.texts.items()},
    )
