"""A large catalog: 1,000,000 codes in 3 locales, in 2,000 services, made by the edits themselves.

python -m bench.million FILE [--services N] [--codes N]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from app import schema
from app.catalog.changes import change_set
from app.catalog.edits.creation import NewCode, create_codes
from app.catalog.edits.messages import MessageEdit, write_messages
from app.catalog.edits.rows import Texts
from app.catalog.edits.services import create_service
from app.catalog.history import Authorship
from app.db import Database
from bench.words import WORDS, code_of, words_of

SERVICES, CODES = 2000, 500
AT = datetime(2026, 11, 22, tzinfo=UTC)
TRANSLATED = [it for it in WORDS if it != "en"]


def main() -> None:
    """Make the file, and tell how long it took."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--services", type=int, default=SERVICES)
    parser.add_argument("--codes", type=int, default=CODES)
    given = parser.parse_args()
    begin = time.perf_counter()
    make_catalog(given.file, given.services, given.codes)
    sys.stdout.write(f"{time.perf_counter() - begin:.0f} s\n")


def make_catalog(file: Path, services: int = SERVICES, codes: int = CODES) -> None:
    """Make a catalog of so many services with so many codes each, if the file is not there yet."""
    if file.exists():
        return
    url = f"sqlite:///{file}"
    schema.upgrade(url)
    database = Database(url)
    for service in range(services):
        _make_service(database, service, codes)
    database.dispose()


def slug_of(service: int) -> str:
    """What a service is called."""
    return f"service-{service}"


def _make_service(database: Database, number: int, codes: int) -> None:
    authorship = Authorship("bench", AT)
    with database.writing() as session, change_set(session, authorship) as changes:
        service = create_service(changes, slug_of(number), f"Service {number}", None, "en")
        numbers = range(codes)
        create_codes(
            changes,
            service,
            [
                NewCode(str(code_of(it)), f"KEY_{number}_{it}", Texts(_text(number, it, "en")))
                for it in numbers
            ],
        )
        write_messages(changes, service, list(_translations(number, codes)))


def _translations(service: int, codes: int) -> Iterator[MessageEdit]:
    for number in range(codes):
        for locale in TRANSLATED:
            yield MessageEdit(str(code_of(number)), locale, Texts(_text(service, number, locale)))


def _text(service: int, number: int, locale: str) -> str:
    return f"{words_of(f'{service}-{number}', locale, 6)} {service}-{number}."


if __name__ == "__main__":
    main()
