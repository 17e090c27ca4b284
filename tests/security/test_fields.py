"""Fields that nobody may set: what a body or a form does not have does nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask

from app import clock
from app.db import Base, Database
from tests.api.accounts import Desk, Office
from tests.contract.test_bad_bodies import (
    EVERY_BODY,
    Body,
    fields_of,
    prepared,
    proposing,
    unchanged,
)
from tests.databases import copied, url_of
from tests.pages import places
from tests.pages.test_every_form import state
from tests.pages.visiting import BROWSER, Visitor, values_of, visitor

__all__ = ["prepared", "proposing"]
pytestmark = pytest.mark.security("fields that nobody may set")

# All that the database has a column for, and what answers and other programs have fields for.
NAMES = {column.name for table in Base.metadata.tables.values() for column in table.columns} | {
    *("admin", "author", "is_admin", "links", "owner", "permissions", "principal", "scopes"),
    *("slug", "tag", "type", "updated_at", "user", "user_id", "__proto__", "constructor"),
}
# Whose rows are made at random, as is how a password is kept.
AT_RANDOM = ("sign_in", "token")
# Why an edit was made may be said with every one.
WHY = {"reason", "breaking"}
# What a form takes though it does not always show it: a service without codes can change it.
NOT_ALWAYS_SHOWN = {"default_locale"}
# Who sends the forms of which pages: who may do most, and, of what is their own, who may do little.
PAGES = [("ada", rule) for rule in places.RULES if rule not in places.MORE] + [
    ("tara", "/browse/account"),
    ("tara", "/browse/services/<service>/codes/<code>/messages"),
]
VALUES = {"role": "admin", "actor": "eda", "author": "eda", "services": "", "name": "eda"}


@EVERY_BODY
def test_a_body_with_one_is_refused_by_its_name(
    proposing: Desk, body: Body, tries: Callable[[int], None]
) -> None:
    known = {*body.fits, *body.texts, *body.names, *body.numbers, *body.flags}
    unknown = sorted(NAMES - known)
    tries(len(unknown))
    with unchanged(proposing):
        for name in unknown:
            assert fields_of(body.say(proposing, **{name: VALUES.get(name, 1)})) == [name]


@dataclass(frozen=True)
class Sending:
    """Somebody who sends the forms of one page, each in the same state of the catalog."""

    app: Flask
    office: Office
    address: str
    name: str
    folder: Path

    def sent(self, number: int, more: Mapping[str, str]) -> tuple[int, Mapping[str, Any]] | None:
        """The answer to a form with more fields, and what the catalog is then; None is no form."""
        database = Database(url_of(copied(self.office.file, self.folder / "x.sqlite3")))
        self.app.extensions["catalog"].database = database
        desk = Desk(self.app, database, self.office.tokens)
        try:
            there = visitor(desk, self.name)
            response = there.client.get(self.address, headers=BROWSER, follow_redirects=True)
            page = BeautifulSoup(response.get_data(), "html.parser")
            forms = page.select("main form[method=post]")
            return self._answer(there, forms[number], more) if number < len(forms) else None
        finally:
            database.dispose()
            for part in self.folder.iterdir():
                part.unlink()

    def _answer(
        self, there: Visitor, form: Tag, more: Mapping[str, str]
    ) -> tuple[int, Mapping[str, Any]]:
        own = {str(it["name"]) for it in form.select("[name]")}
        fields = {name: value for name, value in more.items() if name not in own}
        if button := form.select_one("button[name]"):
            fields[str(button["name"])] = str(button["value"])
        action = str(form.get("action") or self.address).partition("?")[0]
        response = there.client.post(action, data=values_of(form) | fields, headers=BROWSER)
        database = self.app.extensions["catalog"].database
        found = state(Desk(self.app, database, self.office.tokens))
        return response.status_code, {
            name: len(rows) if name in AT_RANDOM else re.sub("scrypt:[^']*", "", str(rows))
            for name, rows in found.items()
        }


@pytest.mark.parametrize(("name", "rule"), PAGES)
def test_a_form_with_them_does_what_it_does_without(
    seeded_app: Flask,
    worked_office: tuple[Office, Mapping[str, str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    tries: Callable[[int], None],
    name: str,
    rule: str,
) -> None:
    office, values = worked_office
    now = clock.now()
    monkeypatch.setattr("app.clock.now", lambda: now)
    sending = Sending(seeded_app, office, places.address_of(rule, values), name, tmp_path)
    more = {it: VALUES.get(it, "1") for it in sorted(NAMES - WHY - NOT_ALWAYS_SHOWN)}
    number = 0
    while (plain := sending.sent(number, {})) is not None:
        assert sending.sent(number, more) == plain, number
        number += 1
    tries(number)
    seeded_app.extensions.pop("sign_in_throttle", None)
