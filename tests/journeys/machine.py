"""Edits over HTTP that are carried out in a model too, and the comparison of the two."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, ClassVar

from hypothesis.stateful import RuleBasedStateMachine, invariant
from sqlalchemy import event
from werkzeug.test import TestResponse

from app.access.roles import Role
from app.catalog import verification
from app.db import Database
from tests import databases
from tests.databases import copied, url_of
from tests.journeys import comparing
from tests.journeys.comparing import address_of
from tests.journeys.draft import Draft
from tests.journeys.model import BEGINNING, Catalog, Place, Refused, Row
from tests.journeys.requests import NEEDED, ROLES, Edit, Office, Proposal, Request, document


class Machine(RuleBasedStateMachine):
    """A catalog over HTTP beside a model of it; each edit goes to both."""

    # Of the run of tests, which makes it: a machine is made without arguments.
    office: ClassVar[Office]

    def __init__(self) -> None:
        super().__init__()
        office = self.office
        office.runs += 1
        office.now = BEGINNING
        self.file = copied(office.file, office.file.with_name("run.sqlite3"))
        self.database = Database(url_of(self.file))
        # No run outlives a crash of the machine, and waiting for the disk is most of the time.
        if databases.SERVER is None:
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
            _require_role(request.actor, NEEDED[len(place)])
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
            _require_role(actor, Role.EDITOR)
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
                _require_role(actor, NEEDED[len(entry.place)])

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
            if approves:
                _require_role(actor, Role.EDITOR)
            if (proposal.service,) not in self.catalog.states:
                raise Refused(404)
            # An author may withdraw what they proposed, and not approve it.
            if approves and actor == proposal.author:
                raise Refused(403)
            if actor != proposal.author:
                _require_role(actor, Role.EDITOR)
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

    def _get(self, address: str) -> Any:
        """What is at an address."""
        response = self.client.get(address)
        assert response.status_code == 200, f"{address}: {response.get_data(as_text=True)}"
        return response.get_json()

    def _draft(self, actor: str, breaking: bool) -> Draft:
        """An edit by somebody, a second after the last one."""
        self.office.now += timedelta(seconds=1)
        return Draft(self.catalog, actor, self.office.now, breaking)

    def _state(self, proposal: Proposal) -> int | None:
        """Which state what a proposal edits is in; None where there is nothing or no one place."""
        return None if proposal.place is None else self.catalog.touched.get(proposal.place)

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
        assert services == [comparing.service(catalog, it) for it in sorted(catalog.order)]
        for slug, codes in catalog.order.items():
            told = self._get(f"/services/{slug}/codes")["items"]
            comparing.compare_codes(told, [comparing.code(catalog, (slug, code)) for code in codes])
            for code in codes:
                messages = self._get(f"/services/{slug}/codes/{code}/messages")["items"]
                assert messages == comparing.messages(catalog, (slug, code))
        changes = self._get(f"/changes?since={self.compared}&limit=500")
        assert changes["revision"] == len(catalog.log)
        new = catalog.log[self.compared :]
        assert [comparing.shown(it) for it in changes["items"]] == [
            comparing.logged(number, it) for number, it in enumerate(new, start=self.compared + 1)
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
            databases.drop(self.file)

    def _look_everything_up(self) -> None:
        catalog = self.catalog
        for place, state in catalog.states.items():
            response = self.client.get(address_of(place))
            if len(place) == 1:
                assert response.get_json() == comparing.service(catalog, place[0])
                waiting = self._get(f"{address_of(place)}/proposals")["items"]
                assert [(it["id"], it["author"], it["state"]) for it in waiting] == [
                    (it.number, it.author, it.state)
                    for it in self.proposals
                    if it.service == place[0]
                ]
            elif len(place) == 2:
                comparing.compare_codes([response.get_json()], [comparing.code(catalog, place)])
                deprecated = state["deprecated_at"]
                wanted = None if deprecated is None else f"@{int(deprecated.timestamp())}"
                assert response.headers.get("Deprecation") == wanted, place
            else:
                assert [response.get_json()] == [
                    it for it in comparing.messages(catalog, place[:2]) if it["locale"] == place[2]
                ]


def _do_not_wait_for_the_disk(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous = OFF")


def _tried(draft: Draft, check: Callable[[], None], edit: Edit) -> int | None:
    """The status that an edit is refused with; None where it is not."""
    try:
        check()
        edit(draft)
    except Refused as refused:
        return refused.status
    return None


def _require_role(actor: str, needed: Role) -> None:
    if ROLES[actor] < needed:
        raise Refused(403)


def _require_state(named: str, is_there: bool, match: str | None) -> None:
    if is_there and match is None:
        raise Refused(428)
    if named == "stale" or (not is_there and match is not None):
        raise Refused(412)
