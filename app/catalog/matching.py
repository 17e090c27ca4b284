"""Reverse lookup: which codes a line of a log is about, by number, key or message."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.catalog.batches import in_batches
from app.catalog.models import ErrorCode, Message, Service
from app.catalog.queries import codes_by_id
from app.catalog.templates import Line, fit
from app.catalog.views import CodeView

# What of a code can stand in a line.
KINDS = ("code", "key", "message")
# Of how long a line a part is looked at, in characters, and how many candidates of each kind.
LINE_LENGTH = 4000
_MOST_NAMES = 1000
_MOST_CANDIDATES = 500

# What can be a code or a key: runs of the characters of codes, and words of any others.
_NAME = re.compile(r"-?[A-Za-z0-9][A-Za-z0-9_.:-]*")
_WORD = re.compile(r"[^\s\"'()\[\]{}<>,;=]+")
_SEPARATOR = re.compile(r"[.-]")
_SHORTEST_PART = 3
# Of what has no letters, such as an address with a port, a part this long may be meant.
_SHORTEST_NUMBER = 5
# Days and times of day, whose numbers are none of codes, and what colours a terminal.
_MOMENT = re.compile(
    r"\b(?:19|20)\d\d([-/.])\d\d\1\d\d(?!\d)[T:]?"
    r"|\b\d\d([-/.])(?:\d\d|[A-Za-z]{3})\2(?:19|20)\d\d(?!\d):?"
    r"|\b(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?:[.,]\d{1,9})?(?!\d)"
    r"(?:Z\b| ?[+-]\d\d:?\d\d\b)?"
    r"|\x1b\[[\d;]*m"
)


@dataclass
class _Hit:
    """A code that a line fits, and how many characters of the line that explains, by kind."""

    slug: str
    code: str
    explained: dict[str, int] = field(default_factory=dict)
    locale: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Match:
    """A code that a line fits: `by` which of code, key and message.

    `locale` is that of the message in the line, `values` what stands for its placeholders.
    """

    view: CodeView
    by: tuple[str, ...]
    locale: str | None
    values: Mapping[str, str]


def match(session: Session, text: str, limit: int) -> list[Match]:
    """Up to `limit` codes that a line fits, first those that explain most of it.

    The name of a service in the line counts for its codes. What is looked up is bounded whatever
    the line says, and nothing in it is taken for a pattern.
    """
    line = Line(text)
    names = _names_in(line.text)
    services = _services_in(session, names)
    hits: dict[int, _Hit] = {}
    _match_names(session, hits, names, services)
    _match_messages(session, hits, line, services)
    _match_rest(session, hits, frozenset(names))

    def rank(code_id: int) -> tuple[int, str, int]:
        hit = hits[code_id]
        service = len(hit.slug) if hit.slug in services else 0
        return -sum(hit.explained.values()) - service, hit.slug, code_id

    best = sorted(hits, key=rank)[:limit]
    return [
        Match(
            view,
            tuple(kind for kind in KINDS if kind in hits[view.id].explained),
            hits[view.id].locale,
            hits[view.id].values,
        )
        for view in codes_by_id(session, best)
    ]


def _names_in(line: str) -> list[str]:
    """What may be a code, a key or a service in a line, whole or in parts."""
    names: dict[str, None] = {}
    plain = _MOMENT.sub(" ", line)
    for found in _NAME.finditer(plain):
        names.update(dict.fromkeys(_parts(found[0].rstrip(".:-_"))))
        if len(names) > _MOST_NAMES:
            break
    if not plain.isascii():
        words = (word.strip(".:-") for word in _WORD.findall(plain)[:_MOST_NAMES])
        names.update(dict.fromkeys(word for word in words if not word.isascii()))
    return [name for name in names if name][:_MOST_NAMES]


def _parts(whole: str) -> Iterator[str]:
    """A run of characters, and the parts of it that may be meant."""
    yield whole
    if not any(mark.isalpha() for mark in whole):
        yield from (piece for piece in whole.split(":") if len(piece) >= _SHORTEST_NUMBER)
        return
    for piece in whole.split(":"):
        yield piece
        yield from (part for part in _SEPARATOR.split(piece) if len(part) >= _SHORTEST_PART)


def _services_in(session: Session, names: Sequence[str]) -> frozenset[str]:
    found: set[str] = set()
    for batch in in_batches(names):
        found.update(session.scalars(sa.select(Service.slug).where(Service.slug.in_(batch))))
    return frozenset(found)


def _match_names(
    session: Session, hits: dict[int, _Hit], names: Sequence[str], services: frozenset[str]
) -> None:
    for batch in in_batches(names):
        for kind, column in (("code", ErrorCode.code), ("key", ErrorCode.key)):
            rows = session.execute(
                sa.select(ErrorCode.id, Service.slug, ErrorCode.code, column)
                .join(Service, Service.id == ErrorCode.service_id)
                .where(column.in_(batch))
                # The longest name is the least likely to stand there by chance.
                .order_by(_others(services), sa.func.length(column).desc(), Service.slug)
                .limit(_MOST_CANDIDATES)
            )
            for code_id, slug, code, name in rows:
                hits.setdefault(code_id, _Hit(slug, code)).explained[kind] = len(name or "")


def _match_messages(
    session: Session, hits: dict[int, _Hit], line: Line, services: frozenset[str]
) -> None:
    for row in _candidates(session, line, services):
        fitted = fit(row.text or "", line)
        if fitted is None:
            continue
        hit = hits.setdefault(row.id, _Hit(row.slug, row.code))
        if fitted.explained > hit.explained.get("message", 0):
            hit.explained["message"] = fitted.explained
            hit.locale, hit.values = row.locale, fitted.values


def _match_rest(session: Session, hits: dict[int, _Hit], names: frozenset[str]) -> None:
    """See to it that no hit lacks a number or key in the line because many others have it too."""
    for ids in in_batches(sorted(hits)):
        rows = session.execute(
            sa.select(ErrorCode.id, ErrorCode.code, ErrorCode.key).where(ErrorCode.id.in_(ids))
        )
        for code_id, code, key in rows:
            for kind, name in (("code", code), ("key", key)):
                if name in names:
                    hits[code_id].explained[kind] = len(name)


def _candidates(
    session: Session, line: Line, services: frozenset[str]
) -> Iterator[sa.Row[int, str, str, str, str | None]]:
    """The messages that a line may have in it, those with the longest runs of words first."""
    found = 0
    for anchors in line.anchors():
        rows = session.execute(
            sa.select(ErrorCode.id, Service.slug, ErrorCode.code, Message.locale, Message.text)
            .join(ErrorCode, ErrorCode.id == Message.error_code_id)
            .join(Service, Service.id == ErrorCode.service_id)
            .where(Message.anchor.in_(anchors))
            .order_by(_others(services), Service.slug, Message.id)
            .limit(_MOST_CANDIDATES - found)
        ).all()
        found += len(rows)
        yield from rows
        if found >= _MOST_CANDIDATES:
            return


def _others(services: frozenset[str]) -> sa.ColumnElement[int]:
    """What puts the services that a line names before the others."""
    return sa.case((Service.slug.in_(services), 0), else_=1)
