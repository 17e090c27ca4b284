"""Lookups and lists ask the database a constant number of questions, however much there is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.catalog.edits.messages import MessageEdit
from app.catalog.edits.rows import Texts
from app.db import Database
from tests.api.making import CODES, LOOKUP, code, publish, write
from tests.conftest import AppFactory
from tests.tracing import trace

ADDRESSES = [
    "/services?limit=500",
    "/services/document-recognizer",
    f"{CODES}?limit=500",
    f"{CODES}?limit=500&q=failed&http_status=500&status=active",
    f"{CODES}?limit=2&locale=ko",
    LOOKUP,
    f"{LOOKUP}/messages",
    f"{LOOKUP}/messages/ko",
    "/codes/4000122?limit=500",
    "/codes?q=failed&limit=500",
    "/codes?q=4000122&limit=500",
    "/codes?q=%EC%9A%94&limit=500",
    "/codes?code=4000122&code=0&code=5003001",
    "/codes?code=4000122&service=document-recognizer",
    "/changes/5",
    "/changes?limit=500",
    "/services/document-recognizer/proposals",
    "/services/document-recognizer/reservations",
    "/changes?since=3&limit=500&locale=ko",
    "/services/document-recognizer/bundle?locale=ko",
]

# How transactions end that wrote nothing; and what is asked of which state the catalog is in, and
# remembered where others than tests have written to it.
ASIDE = ("ROLLBACK", "COMMIT", "SELECT coalesce((SELECT name FROM epoch)")


@pytest.fixture
def statements(
    make_app: AppFactory, seeded_url: str, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], list[str]]:
    """Tells the statements that an address takes to answer, on the catalog that `seeded` edits."""
    seen = trace(monkeypatch)
    client = make_app(seeded_url, replay_megabytes=0).test_client()

    def of(address: str) -> list[str]:
        # The first time, connections are opened and statements compiled.
        client.get(address)
        seen.clear()
        response = client.get(address)
        assert response.status_code == 200, response.get_data(as_text=True)
        return [it for it in seen if not it.startswith(ASIDE)]

    return of


def grow(database: Database) -> None:
    """Put several times as much of everything into the catalog."""
    locales = ["de", "fr", "ko", "zh-Hant"]
    numbers = ["4000122", "0", "5003001", *map(str, range(5000100, 5000109))]
    for service in range(12):
        publish(
            database,
            f"service-{service}",
            [code(number, "It failed.", key=f"KEY_{number}") for number in numbers],
            [
                MessageEdit(number, locale, Texts(f"요청 failed {locale}"))
                for number in numbers
                for locale in locales
            ],
        )
    more = [MessageEdit("4000122", locale, Texts(f"failed {locale}")) for locale in locales]
    write(database, "document-recognizer", *more)


def test_no_read_takes_more_statements_for_more_rows(
    statements: Callable[[str], list[str]], seeded: Database
) -> None:
    before = {address: len(statements(address)) for address in ADDRESSES}
    grow(seeded)
    assert {address: len(statements(address)) for address in ADDRESSES} == before


def test_a_read_takes_few_statements_and_writes_nothing(
    statements: Callable[[str], list[str]],
) -> None:
    for address in ADDRESSES:
        taken = statements(address)
        assert 1 <= len(taken) <= 8, address
        assert all(statement.startswith(("BEGIN", "SELECT")) for statement in taken), address


def test_a_lookup_takes_one_statement(statements: Callable[[str], list[str]]) -> None:
    statements(LOOKUP)
    (select,) = statements(LOOKUP)
    assert select.startswith("SELECT")
