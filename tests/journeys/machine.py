"""Edits over HTTP that are carried out in a model too, and the comparison of the two."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from flask import Flask
from hypothesis.stateful import RuleBasedStateMachine, invariant
from sqlalchemy import event
from werkzeug.test import TestResponse

from app.access.roles import Role
from app.api.json import timestamp
from app.catalog import verification
from app.db import Database
from tests.conftest import url_of
from tests.journeys.model import (
    BEGINNING,
    TEXTS,
    Catalog,
    Change,
    Draft,
    Place,
    Refused,
    Row,
    State,
)

ROLES = {"eve": Role.EDITOR, "ada": Role.ADMIN, "emil": Role.EDITOR, "tara": Role.TRANSLATOR}
KINDS = ("services", "codes", "messages")
# By how much names a place.
NEEDED = {1: Role.ADMIN, 2: Role.EDITOR, 3: Role.TRANSLATOR}
# What the log tells of a service, a code and a message, and is promised.
LOGGED = (
    *("title", "default_locale", "four_eyes"),
    *("key", "http_status", "status", "replaced_by"),
    *(*TEXTS, "state"),
)

Edit = Callable[[Draft], None]


@dataclass
class Office:
    """One application with accounts, the file that each run begins with, and what was done."""

    app: Flask
    file: Path
    tokens: Mapping[str, str]
    now: datetime = BEGINNING
    runs: int = 0
    answers: Counter[int] = field(default_factory=Counter)

    @property
    def done(self) -> str:
        """How much was done, for people."""
        answers = ", ".join(
            f"{status}: {count:,}" for status, count in sorted(self.answers.items())
        )
        return f"{self.runs:,} runs, {self.answers.total():,} edits, answered {answers}"

    def by(self, name: str) -> dict[str, str]:
        """The headers of a request by somebody."""
        return {"Authorization": f"Bearer {self.tokens[name]}"}


@dataclass(frozen=True)
class Request:
    """A request that edits what is at a place: makes it (POST, PUT), changes or deletes it.

    `match` says how If-Match names the state; `fits`, whether its body has the right form.
    """

    actor: str
    method: str
    place: Place
    body: State | None = None
    match: str | None = None
    fits: bool = True

    @property
    def address(self) -> str:
        """Where it is sent to."""
        address = address_of(self.place)
        return address.rpartition("/")[0] if self.method == "POST" else address

    @property
    def needs(self) -> list[Place]:
        """The places that its address names, where something must be."""
        whole = len(self.place) if self.method in ("PATCH", "DELETE") else len(self.place) - 1
        # The texts in one locale are written whether or not there are some.
        return [self.place[:length] for length in range(1, whole + 1)]


@dataclass
class Proposal:
    """An edit that waits, and which state its author saw."""

    number: int
    service: str
    author: str
    edit: Edit
    breaking: bool
    place: Place | None
    base: int | None
    state: str = "open"


class Machine(RuleBasedStateMachine):
    """A catalog over HTTP beside a model of it; each edit goes to both."""

    # Of the run of tests, which makes it: a machine is made without arguments.
    office: ClassVar[Office]

    def __init__(self) -> None:
        super().__init__()
        office = self.office
        office.runs += 1
        office.now = BEGINNING
        self.file = Path(shutil.copy(office.file, office.file.with_name("run.sqlite3")))
        self.database = Database(url_of(self.file))
        # No run outlives a crash of the machine, and waiting for the disk is most of the time.
        event.listen(self.database.engine, "connect", _do_not_wait_for_the_disk)
        office.app.extensions["catalog"].database = self.database
        self.client = office.app.test_client()
        self.catalog = Catalog()
        self.proposals: list[Proposal] = []
        # The first ETag seen of each state of what is at a place, by change set.
        self.tags: dict[Place, dict[int, str]] = {}
        self.compared = 0
        self.agrees = True

    def carry_out(self, request: Request, edit: Edit) -> None:
        """Make an edit of one place."""
        states, place = self.catalog.states, request.place
        is_there = place in states
        match = self._if_match(request)

        def check() -> None:
            self._require_role(request.actor, NEEDED[len(place)])
            if not all(it in states for it in request.needs):
                raise Refused(404)
            if not request.fits:
                raise Refused(422)
            if request.match is not None:
                _require_state(request.match, is_there, match)

        makes = request.method == "POST" or not is_there
        response = self._submit(
            request.actor,
            request.method,
            request.address,
            check,
            edit,
            service=place[0],
            place=place,
            good=204 if request.method == "DELETE" else 201 if makes else 200,
            breaking=bool((request.body or {}).get("breaking")),
            json=request.body,
            headers={} if match is None else {"If-Match": match},
        )
        if response.status_code in (200, 201):
            self._learn_tag(place, response)

    def bring_in(
        self,
        actor: str,
        slug: str,
        rows: Sequence[Row],
        locale: str | None,
        *,
        breaking: bool = False,
        dry_run: bool = False,
    ) -> None:
        """Import a document, or see what that would do."""

        def check() -> None:
            self._require_role(actor, Role.EDITOR)
            if (slug,) not in self.catalog.states:
                raise Refused(404)

        said = {"locale": locale, "breaking": "Because" if breaking else None}
        query = {name: value for name, value in said.items() if value}
        self._submit(
            actor,
            "POST",
            f"/services/{slug}/import",
            check,
            (lambda _: None) if dry_run else (lambda draft: draft.bring_in(slug, rows, locale)),
            service=slug,
            breaking=breaking,
            query_string=query | ({"dry_run": "true"} if dry_run else {}),
            data=document(rows),
            content_type="text/markdown",
        )

    def take_back(self, actor: str, address: str, revisions: Sequence[int], breaking: bool) -> None:
        """Revert changes of these revisions, some of which may not be there."""
        log = self.catalog.log
        entries = [log[it - 1] for it in revisions if 0 < it <= len(log)]

        def check() -> None:
            if not entries:
                raise Refused(404)
            for entry in entries:
                self._require_role(actor, NEEDED[len(entry.place)])

        self._submit(
            actor,
            "POST",
            address,
            check,
            lambda draft: draft.take_back(revisions),
            service=entries[0].place[0] if entries else "",
            breaking=breaking,
            json={"breaking": "Because"} if breaking else {},
        )

    def decide(self, actor: str, proposal: Proposal, decision: str) -> None:
        """Approve or reject a proposal."""
        approves = decision == "approve"

        def check() -> None:
            self._require_role(actor, Role.EDITOR)
            if (proposal.service,) not in self.catalog.states:
                raise Refused(404)
            if approves and actor == proposal.author:
                raise Refused(403)
            if proposal.state != "open" or (approves and self._state(proposal) != proposal.base):
                raise Refused(409)

        edit = proposal.edit if approves else lambda _: None
        draft = self._draft(proposal.author, proposal.breaking)
        expected = _tried(draft, check, edit) or 200
        address = f"/services/{proposal.service}/proposals/{proposal.number}/{decision}"
        response = self._ask(actor, "POST", address, expected, json={})
        if expected == 200:
            proposal.state = "approved" if approves else "rejected"
            assert response.get_json()["state"] == proposal.state
            self.catalog = draft.catalog

    def _submit(
        self,
        actor: str,
        method: str,
        address: str,
        check: Callable[[], None],
        edit: Edit,
        *,
        service: str,
        place: Place | None = None,
        good: int = 200,
        breaking: bool = False,
        **sent: Any,
    ) -> TestResponse:
        """Hand an edit in, which is `good`, becomes a proposal or is refused."""
        draft = self._draft(actor, breaking)
        expected = _tried(draft, check, edit)
        four_eyes = self.catalog.states.get((service,), {}).get("four_eyes", False)
        waits = not expected and draft.changes and four_eyes and ROLES[actor] < Role.ADMIN
        if waits:
            expected = 202
        elif not expected:
            expected = good if draft.changes else 200
            self.catalog = draft.catalog
        response = self._ask(actor, method, address, expected, **sent)
        if waits:
            assert "Catalog-Revision" not in response.headers
            number = int(response.headers["Location"].rpartition("/")[2])
            proposal = Proposal(number, service, actor, edit, breaking, place, None)
            proposal.base = self._state(proposal)
            self.proposals.append(proposal)
        elif draft.changes and expected < 300:
            assert response.headers["Catalog-Revision"] == str(len(self.catalog.log))
        return response

    def _ask(
        self, actor: str, method: str, address: str, expected: int, **sent: Any
    ) -> TestResponse:
        """The answer to somebody, which must have this status."""
        self.agrees = False
        headers = self.office.by(actor) | sent.pop("headers", {})
        response = self.client.open(address, method=method, headers=headers, buffered=True, **sent)
        self.office.answers[response.status_code] += 1
        told = response.get_data(as_text=True)
        assert response.status_code == expected, f"{method} {address} by {actor}: {told}"
        return response

    def _get(self, address: str, **headers: str) -> Any:
        """What is at an address."""
        response = self.client.get(address, headers=headers)
        assert response.status_code == 200, f"{address}: {response.get_data(as_text=True)}"
        return response.get_json()

    def _draft(self, actor: str, breaking: bool) -> Draft:
        """An edit by somebody, a second after the last one."""
        self.office.now += timedelta(seconds=1)
        return Draft(self.catalog, actor, self.office.now, breaking)

    def _state(self, proposal: Proposal) -> int | None:
        """Which state what a proposal edits is in; None where there is nothing or no one place."""
        return None if proposal.place is None else self.catalog.touched.get(proposal.place)

    def _require_role(self, actor: str, needed: Role) -> None:
        if ROLES[actor] < needed:
            raise Refused(403)

    def _if_match(self, request: Request) -> str | None:
        """The header that names a state of what is at a place as the request says."""
        place = request.place
        known = self.tags.setdefault(place, {})
        now = self.catalog.touched.get(place)
        if request.match in (None, "missing") or (request.match == "right" and now is None):
            return None
        if request.match == "any":
            return "*"
        if request.match == "right":
            if now not in known:
                # The tag of any language variant will do.
                headers = {"Accept-Language": "ko"}
                self._learn_tag(place, self.client.get(address_of(place), headers=headers))
            return known[now or 0]
        old = [tag for at, tag in known.items() if at != now]
        return old[-1] if old else '"c0.0-never"'

    def _learn_tag(self, place: Place, response: TestResponse) -> None:
        """Keep the first ETag seen of the state that a place is in."""
        known = self.tags.setdefault(place, {})
        known.setdefault(self.catalog.touched[place], response.headers["ETag"])

    @invariant()
    def the_catalog_is_what_the_model_says(self) -> None:
        """Every service, its codes in order, their texts, and what was logged since."""
        catalog = self.catalog
        services = self._get("/services")["items"]
        assert services == [_service(catalog, it) for it in sorted(catalog.order)]
        for slug, codes in catalog.order.items():
            told = self._get(f"/services/{slug}/codes")["items"]
            _compare_codes(told, [_code(catalog, (slug, code)) for code in codes])
            for code in codes:
                messages = self._get(f"/services/{slug}/codes/{code}/messages")["items"]
                assert messages == _messages(catalog, (slug, code))
        changes = self._get(f"/changes?since={self.compared}&limit=500")
        assert changes["revision"] == len(catalog.log)
        new = catalog.log[self.compared :]
        assert [_shown(it) for it in changes["items"]] == [
            _logged(number, it) for number, it in enumerate(new, start=self.compared + 1)
        ]
        self.compared = len(catalog.log)
        self.agrees = True

    def teardown(self) -> None:
        """Look everything up once more by its own address, and let the log happen again."""
        try:
            if self.agrees:
                self._look_everything_up()
                with self.database.reading() as session:
                    assert verification.verify(session).problems == ()
        finally:
            self.database.dispose()
            self.file.unlink()

    def _look_everything_up(self) -> None:
        catalog = self.catalog
        for place, state in catalog.states.items():
            response = self.client.get(address_of(place))
            if len(place) == 1:
                assert response.get_json() == _service(catalog, place[0])
                waiting = self._get(f"{address_of(place)}/proposals")["items"]
                assert [(it["id"], it["author"], it["state"]) for it in waiting] == [
                    (it.number, it.author, it.state)
                    for it in self.proposals
                    if it.service == place[0]
                ]
            elif len(place) == 2:
                _compare_codes([response.get_json()], [_code(catalog, place)])
                deprecated = state["deprecated_at"]
                wanted = None if deprecated is None else f"@{int(deprecated.timestamp())}"
                assert response.headers.get("Deprecation") == wanted, place
            else:
                assert [response.get_json()] == [
                    it for it in _messages(catalog, place[:2]) if it["locale"] == place[2]
                ]


def _do_not_wait_for_the_disk(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous = OFF")


def address_of(place: Place) -> str:
    """Where something is."""
    return "".join(f"/{kind}/{it}" for kind, it in zip(KINDS, place, strict=False))


def document(rows: Sequence[Row]) -> str:
    """A page with a table of these rows."""
    cells = [[it.code, it.key or "", it.text.strip(), it.description or ""] for it in rows]
    head = [["Code", "Key", "Message", "Description"], ["---"] * 4]
    return "".join(f"| {' | '.join(line)} |\n" for line in head + cells)


def _tried(draft: Draft, check: Callable[[], None], edit: Edit) -> int | None:
    """The status that an edit is refused with; None where it is not."""
    try:
        check()
        edit(draft)
    except Refused as refused:
        return refused.status
    return None


def _require_state(named: str, is_there: bool, match: str | None) -> None:
    if is_there and match is None:
        raise Refused(428)
    if named == "stale" or (not is_there and match is not None):
        raise Refused(412)


def _service(catalog: Catalog, slug: str) -> dict[str, Any]:
    codes = catalog.order[slug]
    state = catalog.states[slug,]
    return {
        "slug": slug,
        "title": state["title"],
        "section": None,
        "default_locale": state["default_locale"],
        "locales": sorted({it[2] for it in catalog.states if len(it) == 3 and it[0] == slug}),
        "codes": len(codes),
        "four_eyes": state["four_eyes"],
        "updated_at": timestamp([it.at for it in catalog.log if it.place[0] == slug][-1]),
    }


def _code(catalog: Catalog, place: Place) -> dict[str, Any]:
    """A code as it is shown in no language, each of its texts with the choice there is."""
    state, messages = catalog.states[place], catalog.messages(place)
    default = catalog.source(place)[2]
    chosen = {}
    for name in TEXTS:
        texts = {locale: it[name] for locale, it in messages.items() if it[name] is not None}
        chosen[name] = {default: texts[default]} if default in texts else texts
    return {
        **{name: state[name] for name in ("key", "http_status", "status", "replaced_by")},
        "service": place[0],
        "code": place[1],
        "locales": list(messages),
        "version": catalog.versions[place],
        "updated_at": timestamp(catalog.changed_at(place)),
        "chosen": chosen,
    }


def _compare_codes(told: Sequence[dict[str, Any]], expected: Sequence[dict[str, Any]]) -> None:
    assert [it["code"] for it in told] == [it["code"] for it in expected]
    for found, wanted in zip(told, expected, strict=True):
        assert {name: found[name] for name in wanted if name != "chosen"} == {
            name: value for name, value in wanted.items() if name != "chosen"
        }
        message, description, remedy = wanted["chosen"].values()
        assert message == {found["locale"]: found["message"]}
        for name, texts in (("description", description), ("remedy", remedy)):
            assert texts.get(found[f"{name}_locale"]) == found[name]
            assert bool(texts) == (found[name] is not None)


def _messages(catalog: Catalog, code: Place) -> list[dict[str, Any]]:
    return [
        {
            "locale": locale,
            **{name: message[name] for name in (*TEXTS, "state")},
            "stale": catalog.is_stale((*code, locale)),
            "updated_at": timestamp(catalog.changed_at((*code, locale))),
        }
        for locale, message in catalog.messages(code).items()
    ]


def _logged(revision: int, change: Change) -> dict[str, Any]:
    """An entry of the log as it must be."""
    service, code = (*change.place, None)[:2]
    return {
        "revision": revision,
        "change_set": change.change_set,
        "at": timestamp(change.at),
        "actor": change.actor,
        "action": change.action,
        "service": service,
        "code": code,
        "locale": change.locale,
        "before": _public(change.before),
        "after": _public(change.after),
    }


def _shown(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry of the log as it is, as far as the model has an opinion."""
    rest = {name: it for name, it in entry.items() if name not in ("reason", "breaking")}
    return rest | {name: _public(rest[name]) for name in ("before", "after")}


def _public(state: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if state is None else {name: state[name] for name in LOGGED if name in state}
