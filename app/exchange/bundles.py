"""Bundles: everything that a consumer needs of a service in one locale, to keep and to ship.

A bundle is JSON with one code a line, so that two of them are compared line by line, and read
without holding up whoever reads them. It has no drafts, and its texts are in the locale or in the
best other one there is. The same state of a service always gives the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.catalog import history
from app.catalog.addresses import code_path
from app.catalog.code_texts import code_texts
from app.catalog.fallbacks import best_texts
from app.catalog.history import GENESIS_HASH, Newest
from app.catalog.locales import Negotiation, wish_for
from app.catalog.services import find_heading
from app.catalog.views import CodeTexts, ServiceHeading
from app.json import dumps, timestamp

# Rises with every change of what is written here: a bundle's tag must never name other bytes.
FORMAT = 1


@dataclass(frozen=True)
class Subject:
    """What a bundle is of: a service in its newest state, and the locale of the texts."""

    service: ServiceHeading
    locale: str
    newest: Newest


def subjects(session: Session, services: Iterable[str], locales: Sequence[str]) -> list[Subject]:
    """Every service in every locale, in the order given; without locales in its default one.

    `locales` are in their canonical form. Raises UnknownService.
    """
    found = []
    for slug in services:
        service = find_heading(session, slug)
        newest = history.newest_of_service(session, slug)
        newest = newest or Newest(0, service.updated_at, GENESIS_HASH)
        found += [Subject(service, it, newest) for it in locales or [service.default_locale]]
    return found


def tag_of(wanted: Sequence[Subject], public_url: str, form: str) -> str:
    """A name of what the bundles of these subjects say, known before they are written.

    `form` tells how they are written: there may be one, or a list of one.

    The newest change's hash stands for everything before it, so no two states share a name, though
    a catalog may have been set back and its revisions used again.
    """
    named = [
        FORMAT,
        form,
        public_url,
        *((it.newest.hash, it.service.slug, it.locale) for it in wanted),
    ]
    return hashlib.sha256(dumps(named)).hexdigest()[:32]


def write(session: Session, wanted: Subject, public_url: str) -> bytes:
    """The bundle of one subject; `public_url` begins the addresses in it."""
    return _bundle(session, wanted, public_url) + b"\n"


def write_many(session: Session, wanted: Sequence[Subject], public_url: str) -> bytes:
    """Several bundles in one object."""
    bundles = b",\n".join(_bundle(session, it, public_url) for it in wanted)
    return b'{"format":%d,"bundles":[\n%b\n]}\n' % (FORMAT, bundles)


def _bundle(session: Session, wanted: Subject, public_url: str) -> bytes:
    service = wanted.service
    head = {
        "format": FORMAT,
        "service": service.slug,
        "title": service.title,
        "locale": wanted.locale,
        "default_locale": service.default_locale,
        "revision": wanted.newest.revision,
        "updated_at": timestamp(wanted.newest.at),
    }
    negotiation = Negotiation(wish_for(wanted.locale))
    codes = [
        _line(_entry(code, service, negotiation, public_url))
        for code in code_texts(session, service.slug)
        if code.status != "draft"
    ]
    return b"\n".join([_line(head)[:-1] + b',"codes":[', *_separated(codes), b"]}"])


def _entry(
    code: CodeTexts, service: ServiceHeading, negotiation: Negotiation, public_url: str
) -> dict[str, Any]:
    return {
        "code": code.code,
        "key": code.key,
        "http_status": code.http_status,
        "status": code.status,
        **best_texts(code.texts, service.default_locale, negotiation),
        "replaced_by": code.replaced_by,
        "deprecated_at": _moment(code.deprecated_at),
        "sunset_at": _moment(code.sunset_at),
        "type": f"{public_url}{code_path(service.slug, code.code)}",
    }


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else timestamp(moment)


def _line(data: Any) -> bytes:
    return dumps(data).rstrip()


def _separated(lines: Sequence[bytes]) -> list[bytes]:
    return [*(it + b"," for it in lines[:-1]), *lines[-1:]]
