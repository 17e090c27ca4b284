"""The catalog over HTTP, held against plain dictionaries that are told the same.

A few short runs, always the same ones; `STATEFUL=long` makes 500 runs of 50 steps, always others.
"""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule, run_state_machine_as_test

from app.access.accounts import add_account
from app.access.tokens import add_token
from app.db import Database
from tests.conftest import AppFactory
from tests.databases import copied, url_of
from tests.journeys.draft import Draft
from tests.journeys.machine import Machine
from tests.journeys.model import BEGINNING, TEXTS, Place, Row, State
from tests.journeys.requests import ROLES, Office, Request

COMMON = settings(deadline=None, suppress_health_check=list(HealthCheck))
settings.register_profile(
    "short",
    COMMON,
    max_examples=8,
    stateful_step_count=12,
    derandomize=True,
    database=None,
    # A failure is told as it was found: so few steps need no shortening, which takes minutes.
    phases=[Phase.generate],
)
settings.register_profile("long", COMMON, max_examples=500, stateful_step_count=50)
LENGTH = os.environ.get("STATEFUL", "short")

DEFAULT_LOCALES = {"pay": "en", "vault": "ko", "late": "en"}

SERVICES = list(DEFAULT_LOCALES)
NUMBERS = ["4000001", "E1", "-500"]
LOCALES = ["en", "ko", "de"]

# What can be done, as often as it shall be among what is done: the name of a method of
# CatalogMachine, with its arguments. One rule does all of it, since of several rules Hypothesis
# leaves some out of each run, and here each edit matters to the others. The first is its favourite.
STEPS: list[st.SearchStrategy[tuple[str, dict[str, Any]]]] = []
Drawn = TypeVar("Drawn")
Method = TypeVar("Method", bound=Callable[..., None])


def step(often: int, **drawn: st.SearchStrategy[Any]) -> Callable[[Method], Method]:
    """Let a method be a step, with arguments drawn so."""

    def add(method: Method) -> Method:
        one = st.tuples(st.just(method.__name__), st.fixed_dictionaries(drawn))
        STEPS.extend([one] * often)
        return method

    return add


def one_of(strategies: Sequence[st.SearchStrategy[Drawn]]) -> st.SearchStrategy[Drawn]:
    """What one of these draws; one that stands there twice is taken twice as often."""
    return st.sampled_from(strategies).flatmap(lambda strategy: strategy)


def places(*names: list[str]) -> st.SearchStrategy[Place]:
    """Places with these names, mostly such as have something in them."""
    anywhere = st.tuples(*map(st.sampled_from, names))

    def there(machine: Machine) -> st.SearchStrategy[Place]:
        found = [it for it in machine.catalog.states if len(it) == len(names)]
        return st.sampled_from(sorted(found)) if found else anywhere

    return one_of([st.runner().flatmap(there)] * 14 + [anywhere])


ANYBODY = st.sampled_from([*["ada"] * 5, *["eve"] * 4, "emil", "tara"])
# Services are for an admin; who is none is refused now and then.
MOSTLY_ADMIN = st.sampled_from([*["ada"] * 7, "eve"])
SERVICE = places(SERVICES)
CODE = places(SERVICES, NUMBERS)
MESSAGE = places(SERVICES, NUMBERS, LOCALES)
NUMBER = st.sampled_from(NUMBERS)
LOCALE = st.sampled_from(LOCALES)
KEY = st.sampled_from([None, "A", "B"])
HTTP_STATUS = st.sampled_from([None, 400, 404])
# With and without a placeholder, so that a translation fits its source now and then. The last is in
# Unicode's form D, with white space around it.
FORM_D = unicodedata.normalize("NFD", " 나쁨 {n}\n")
TEXT = st.sampled_from(["Bad.", "Bad {n}.", "{n} late.", "잘못됨", "늦음 {n}", FORM_D])
DESCRIPTION = st.sampled_from([None, None, "Why.", "Why.", "이유", "이유", "Why {n}."])
REMEDY = st.sampled_from([None, None, "Retry.", "다시"])
BREAKING = st.sampled_from([True, True, False])
WHY = {"breaking": st.sampled_from(["They were told.", "They were told.", None])}
# How If-Match names the state that is changed.
MATCH = st.sampled_from([*["right"] * 12, "any", "stale", "missing"])
# How far back in the log, mostly not far; -1 is what is not there yet.
BACK = one_of([st.integers(0, 3), st.integers(0, 3), st.integers(-1, 12)])

NEW_CODE = st.fixed_dictionaries(
    {
        "key": KEY,
        "http_status": HTTP_STATUS,
        "status": st.sampled_from(["draft", "active"]),
        "message": TEXT,
        "description": DESCRIPTION,
        "remedy": REMEDY,
    }
)
CODE_PATCH = st.fixed_dictionaries(
    WHY,
    optional={
        "status": st.sampled_from(["active", "deprecated", "retired", "draft"]),
        "key": KEY,
        "http_status": HTTP_STATUS,
        "replaced_by": one_of([st.none(), NUMBER]),
    },
)
NEW_TEXTS = st.fixed_dictionaries(
    {
        "text": one_of([TEXT] * 7 + [st.none()]),
        "description": DESCRIPTION,
        "remedy": REMEDY,
        "state": st.sampled_from(["approved", "approved", "needs_review"]),
        "typo": st.booleans(),
    }
    | WHY
)
ROWS = st.lists(
    st.builds(Row, NUMBER, KEY, TEXT, DESCRIPTION),
    min_size=1,
    max_size=3,
    unique_by=lambda row: row.code,
)


class CatalogMachine(Machine):
    """People who edit a catalog; each step is one request."""

    @initialize()
    def begin(self) -> None:
        """Make two services, one with four eyes, each with a code and a translation of it."""
        for slug in ("pay", "vault"):
            self.make_service("ada", slug, four_eyes=slug == "vault")
            self.bring_in("ada", slug, [Row("4000001", "A", "Bad {n}.", "Why.")], None)
            self.bring_in("ada", slug, [Row("4000001", "A", "{n} late.", None)], "de")
            draft = {"key": None, "http_status": None, "status": "draft", "message": "Bad."}
            draft |= {"description": None, "remedy": None}
            self.make_code("ada", (slug,), "E1", draft)

    @step(5, actor=ANYBODY, code=CODE, locale=LOCALE, said=NEW_TEXTS, match=MATCH)
    def write_message(self, actor: str, code: Place, locale: str, said: State, match: str) -> None:
        place = (*code, locale)
        fits = any(said[name] for name in TEXTS)
        source = self.catalog.source(code) if code in self.catalog.states else place
        # A proposal is a translation of what its author saw.
        seen = self.catalog.states[source] if source != place else None
        self.carry_out(
            Request(actor, "PUT", place, said, match, fits),
            lambda draft: draft.put_message(place, said, seen),
        )

    @step(3, actor=ANYBODY, service=SERVICE, number=NUMBER, said=NEW_CODE)
    def make_code(self, actor: str, service: Place, number: str, said: State) -> None:
        place = (*service, number)
        self.carry_out(
            Request(actor, "POST", place, said | {"code": number}),
            lambda draft: draft.new_code(place, said),
        )

    @step(4, actor=ANYBODY, place=CODE, said=CODE_PATCH, match=MATCH)
    def change_code(self, actor: str, place: Place, said: State, match: str) -> None:
        if said.get("replaced_by") == place[1]:
            said = said | {"replaced_by": None}
        self.carry_out(
            Request(actor, "PATCH", place, said, match),
            lambda draft: draft.patch_code(place, said),
        )

    @step(
        3,
        actor=ANYBODY,
        service=SERVICE,
        rows=ROWS,
        locale=st.sampled_from([None, None, "ko", "de"]),
        breaking=BREAKING,
        dry_run=st.sampled_from([False, False, True]),
    )
    def import_rows(
        self,
        actor: str,
        service: Place,
        rows: list[Row],
        locale: str | None,
        breaking: bool,
        dry_run: bool,
    ) -> None:
        self.bring_in(actor, service[0], rows, locale, breaking=breaking, dry_run=dry_run)

    @step(3, actor=ANYBODY, place=one_of([MESSAGE] * 3 + [CODE] * 3 + [SERVICE]), match=MATCH)
    def delete(self, actor: str, place: Place, match: str) -> None:
        deletions = (Draft.delete_service, Draft.delete_code, Draft.delete_message)
        deletion = deletions[len(place) - 1]
        self.carry_out(
            Request(actor, "DELETE", place, match=match), lambda draft: deletion(draft, place)
        )

    @step(5, actor=ANYBODY, back=BACK, whole_set=st.booleans(), breaking=BREAKING)
    def revert(self, actor: str, back: int, whole_set: bool, breaking: bool) -> None:
        log = self.catalog.log
        revision = len(log) - back
        if not whole_set:
            self.take_back(actor, f"/changes/{revision}/revert", [revision], breaking)
            return
        # Now and then of a change that is not the first of its set, which names none.
        first = log[revision - 1].change_set if 0 < revision <= len(log) and back < 9 else revision
        address = f"/change-sets/{first}/revert"
        self.take_back(actor, address, self.catalog.together(first), breaking)

    @step(
        3,
        actor=ANYBODY,
        back=st.integers(0, 3),
        decision=st.sampled_from(["approve", "approve", "reject"]),
    )
    def decide_on_one(self, actor: str, back: int, decision: str) -> None:
        if self.proposals:
            self.decide(actor, self.proposals[-1 - back % len(self.proposals)], decision)

    @step(1, actor=MOSTLY_ADMIN, slug=st.sampled_from(SERVICES), four_eyes=st.booleans())
    def make_service(self, actor: str, slug: str, four_eyes: bool) -> None:
        fields = {"title": "T", "default_locale": DEFAULT_LOCALES[slug], "four_eyes": four_eyes}
        self.carry_out(
            Request(actor, "POST", (slug,), fields | {"slug": slug}),
            lambda draft: draft.create_service(slug, fields),
        )

    @step(
        1,
        actor=MOSTLY_ADMIN,
        place=SERVICE,
        fields=st.fixed_dictionaries(
            {}, optional={"title": st.sampled_from("TU"), "four_eyes": st.booleans()}
        ),
        match=MATCH,
    )
    def change_service(self, actor: str, place: Place, fields: State, match: str) -> None:
        self.carry_out(
            Request(actor, "PATCH", place, fields, match),
            lambda draft: draft.change_service(place[0], fields),
        )

    @rule(taken=st.deferred(lambda: one_of(STEPS)))
    def edit(self, taken: tuple[str, dict[str, Any]]) -> None:
        """Take a step."""
        self.office.steps += 1
        method, arguments = taken
        getattr(self, method)(**arguments)


@pytest.fixture
def office(
    migrated_file: Path, tmp_path: Path, make_app: AppFactory, monkeypatch: pytest.MonkeyPatch
) -> Office:
    """An empty catalog with accounts, and a clock that goes on with each edit."""
    file = copied(migrated_file, tmp_path / "beginning.sqlite3")
    database = Database(url_of(file))
    with database.writing() as session:
        for name, role in ROLES.items():
            add_account(session, name, role, (), (), BEGINNING)
        tokens = {name: add_token(session, name, BEGINNING) for name in ROLES}
    database.dispose()
    office = Office(make_app(url_of(file), log_level="ERROR"), file, tokens)
    monkeypatch.setattr("app.clock.now", lambda: office.now)
    for name in ROLES:
        # So that no run has to note the first use of a token.
        assert office.app.test_client().get("/services", headers=office.by(name)).status_code == 200
    office.app.extensions["catalog"].database.dispose()
    return office


def test_the_catalog_does_what_dictionaries_would_do(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(CatalogMachine, "office", office, raising=False)
    run_state_machine_as_test(CatalogMachine, settings=settings.get_profile(LENGTH))
    if LENGTH == "long":
        with capsys.disabled():
            sys.stdout.write(f"\n{office.done}\n")
