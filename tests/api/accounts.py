"""A seeded catalog with accounts, and callers that send their tokens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.access.accounts import add_account, disable_account
from app.access.roles import Role
from app.access.tokens import add_token, list_tokens, revoke_token
from app.db import Database
from tests.conftest import SEEDED_AT
from tests.databases import copied, url_of

SERVICE = "document-recognizer"
OTHER_SERVICE = "pose-estimation"


@dataclass(frozen=True)
class Person:
    """Whom an account is for."""

    role: Role
    services: tuple[str, ...] = ()
    locales: tuple[str, ...] = ()


PEOPLE: Mapping[str, Person] = {
    "ada": Person(Role.ADMIN),
    "eda": Person(Role.EDITOR),
    "edo": Person(Role.EDITOR),
    "tara": Person(Role.TRANSLATOR),
    "rita": Person(Role.READER),
    "posy": Person(Role.EDITOR, (OTHER_SERVICE,)),
    "adam": Person(Role.ADMIN, (OTHER_SERVICE,)),
    "kojin": Person(Role.TRANSLATOR, (), ("ko",)),
    "jaime": Person(Role.TRANSLATOR, (), ("ja",)),
}
# Tokens that are no longer good, of an admin each.
BAD = ("expired", "revoked", "disabled")


@dataclass(frozen=True)
class Caller:
    """Somebody who sends a token, or nobody."""

    client: FlaskClient
    token: str | None = None

    def call(
        self,
        method: str,
        address: str,
        body: Any = None,
        *,
        tag: str | None = None,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> TestResponse:
        """The answer, read to its end; `body` is sent as JSON, `tag` in If-Match."""
        sent = dict(headers or {})
        if self.token is not None:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        if tag is not None:
            sent["If-Match"] = tag
        if body is not None:
            more["json"] = body
        return self.client.open(address, method=method, headers=sent, buffered=True, **more)

    def get(self, address: str, **more: Any) -> TestResponse:
        """The answer to a GET."""
        return self.call("GET", address, **more)

    def post(self, address: str, body: Any = None, **more: Any) -> TestResponse:
        """The answer to a POST of JSON."""
        return self.call("POST", address, body, **more)

    def put(self, address: str, body: Any, **more: Any) -> TestResponse:
        """The answer to a PUT of JSON."""
        return self.call("PUT", address, body, **more)

    def patch(self, address: str, body: Any, **more: Any) -> TestResponse:
        """The answer to a PATCH, of the state that is there now where no `tag` is given."""
        more.setdefault("tag", self.tag(address))
        return self.call("PATCH", address, body, **more)

    def delete(self, address: str, **more: Any) -> TestResponse:
        """The answer to a DELETE, of the state that is there now where no `tag` is given."""
        more.setdefault("tag", self.tag(address))
        return self.call("DELETE", address, **more)

    def tag(self, address: str, **headers: str) -> str | None:
        """The ETag of what is at an address now."""
        return self.get(address.partition("?")[0], headers=headers).headers.get("ETag")


@dataclass(frozen=True)
class Desk:
    """A catalog in which people edit."""

    app: Flask
    database: Database
    tokens: Mapping[str, str]

    def by(self, name: str) -> Caller:
        """One of PEOPLE, or of BAD."""
        return Caller(self.app.test_client(), self.tokens[name])

    @property
    def nobody(self) -> Caller:
        """A caller without a token."""
        return Caller(self.app.test_client())

    @property
    def revision(self) -> int:
        """The catalog's revision now."""
        found = self.nobody.get("/changes?limit=1").get_json()["revision"]
        assert isinstance(found, int)
        return found

    def changes(self, since: int) -> list[Any]:
        """The changes after a revision."""
        found: list[Any] = self.nobody.get(f"/changes?since={since}").get_json()["items"]
        return found


def assert_is_the_edit(desk: Desk, response: TestResponse, address: str, revision: int) -> None:
    """An edit's answer is what a GET of the resource then gives, and names the revision."""
    now = desk.nobody.get(address)
    assert response.get_json() == now.get_json()
    assert response.headers["ETag"] == now.headers["ETag"]
    assert response.headers["Content-Location"] == f"http://127.0.0.1:8000{address}"
    assert response.headers["Catalog-Revision"] == str(revision) == str(desk.revision)


def employ(session: Session) -> dict[str, str]:
    """Add PEOPLE, each with a token, and the tokens of BAD; gives them by name."""
    tokens = {}
    for name, person in PEOPLE.items():
        add_account(session, name, person.role, person.services, person.locales, SEEDED_AT)
        tokens[name] = add_token(session, name, SEEDED_AT)
    add_account(session, "gone", Role.ADMIN, (), (), SEEDED_AT)
    tokens["disabled"] = add_token(session, "gone", SEEDED_AT)
    disable_account(session, "gone", SEEDED_AT)
    long_ago = SEEDED_AT - timedelta(days=400)
    tokens["expired"] = add_token(session, "ada", long_ago, expires_in_days=365)
    tokens["revoked"] = add_token(session, "ada", SEEDED_AT)
    revoke_token(session, list_tokens(session)[-1].id, SEEDED_AT)
    return tokens


@dataclass(frozen=True)
class Office:
    """A file of a seeded catalog with accounts, never written to, and their tokens."""

    file: Path
    tokens: Mapping[str, str]


@pytest.fixture(scope="session")
def office(seeded_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Made once a run."""
    file = copied(seeded_file, tmp_path_factory.mktemp("office") / "catalog.sqlite3")
    database = Database(url_of(file))
    with database.writing() as session:
        tokens = employ(session)
    database.dispose()
    return Office(file, tokens)


@pytest.fixture
def desk(seeded_app: Flask, office: Office, tmp_path: Path) -> Iterator[Desk]:
    """A seeded catalog of the test's own, with accounts."""
    database = Database(url_of(copied(office.file, tmp_path / "desk.sqlite3")))
    seeded_app.extensions["catalog"].database = database
    yield Desk(seeded_app, database, office.tokens)
    database.dispose()
