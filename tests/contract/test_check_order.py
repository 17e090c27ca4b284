"""A request that is wrong in several ways at once is told the first of them, in the order of the
contract: 405, 401, 403, 404, 413, 415, 400, 422 (form), 428, 412, 409, 422 (stored)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any

import pytest
from flask import Flask

from app.db import Database
from tests.api.accounts import Desk, Office
from tests.api.making import code, publish
from tests.databases import copied, url_of

FORM, STORED = "422 form", "422 stored"
ORDER = ["405", "401", "403", "404", "413", "415", "400", FORM, "428", "412", "409", STORED]

SVC = "/services/svc"
NOBODY = "ecat_nobody"


@dataclass(frozen=True)
class Request:
    """One request, in the parts that can be wrong."""

    method: str
    address: str
    body: Mapping[str, Any]
    by: str = "eda"
    token: str | None = None
    media_type: str = "application/json"
    tag: str | None = None
    rewritten: tuple[Callable[[str], str], ...] = ()

    def send(self, desk: Desk) -> tuple[int, str]:
        """The status and the kind of the answer."""
        text = json.dumps(self.body)
        for rewrite in self.rewritten:
            text = rewrite(text)
        token = self.token or desk.tokens[self.by]
        response = desk.nobody.call(
            self.method,
            self.address,
            headers={"Authorization": f"Bearer {token}"},
            tag=self.tag,
            data=text.encode(),
            content_type=self.media_type,
        )
        return response.status_code, response.get_json()["type"].partition("#")[2]


Wrong = Callable[[Request], Request]


def saying(**fields: Any) -> Wrong:
    """Let a body say this too."""
    return lambda request: replace(request, body={**request.body, **fields})


def at(address: str) -> Wrong:
    """Send a request to another address."""
    return lambda request: replace(request, address=address)


def by(name: str) -> Wrong:
    """Let somebody else ask."""
    return lambda request: replace(request, by=name)


def rewriting(rewrite: Callable[[str], str]) -> Wrong:
    """Send the body in another spelling."""
    return lambda request: replace(request, rewritten=(*request.rewritten, rewrite))


# What can be wrong with every request.
EVERYWHERE: Mapping[str, Wrong] = {
    "405": lambda request: replace(request, method="BREW"),
    "401": lambda request: replace(request, token=NOBODY),
    "413": rewriting(lambda text: " " * 1_000_001 + text),
    "415": lambda request: replace(request, media_type="text/plain"),
    "400": rewriting(lambda text: text[:-1]),
    FORM: saying(nonsense=1),
}
# And with those that change what is there.
CONDITIONAL: Mapping[str, Wrong] = {
    "428": lambda request: replace(request, tag=None),
    "412": lambda request: replace(request, tag='"c1.1-AAAA"'),
}


@dataclass(frozen=True)
class Case:
    """A request with nothing wrong about it, and what can be wrong with it alone."""

    right: Request
    wrong: Mapping[str, Wrong]
    conditional: bool = False
    # These cannot both be wrong: they are said in the same place.
    not_both: tuple[frozenset[str], ...] = field(default=())

    @property
    def wrongs(self) -> Mapping[str, Wrong]:
        """All that can be wrong with it, in the order in which it is told."""
        found = {**EVERYWHERE, **(CONDITIONAL if self.conditional else {}), **self.wrong}
        return {name: found[name] for name in ORDER if name in found}


CASES = {
    "PUT message": Case(
        Request("PUT", f"{SVC}/codes/1/messages/en", {"text": "Wait {n} s!"}, tag="*"),
        {
            "403": by("posy"),
            "404": at("/services/nope/codes/1/messages/en"),
            "409": saying(text="Wait."),
            STORED: saying(text=None, description="{n} seconds."),
        },
        conditional=True,
        not_both=(frozenset({"409", STORED}),),
    ),
    "PATCH code": Case(
        Request("PATCH", f"{SVC}/codes/1", {"key": "WAIT"}, tag="*"),
        {
            "403": by("tara"),
            "404": at(f"{SVC}/codes/404"),
            "409": saying(status="draft"),
            STORED: saying(replaced_by="404"),
        },
        conditional=True,
    ),
    "POST codes": Case(
        Request("POST", f"{SVC}/codes", {"code": "3", "message": "New."}),
        {"403": by("tara"), "404": at("/services/nope/codes"), "409": saying(code="1")},
    ),
    "PATCH service": Case(
        Request("PATCH", SVC, {"title": "Other"}, by="ada", tag="*"),
        {
            "403": by("eda"),
            "404": at("/services/nope"),
            "409": saying(default_locale="ko"),
        },
        conditional=True,
    ),
    "POST reservations": Case(
        Request("POST", f"{SVC}/reservations", {"after": "1"}),
        {
            "403": by("tara"),
            "404": at("/services/nope/reservations"),
            "409": saying(after="9"),
            STORED: saying(after="x"),
        },
        not_both=(frozenset({"409", STORED}),),
    ),
    "revert": Case(
        Request("POST", "/changes/{last}/revert", {}),
        {
            "403": by("rita"),
            "404": at("/changes/999999/revert"),
            "409": at("/changes/{passed}/revert"),
        },
        not_both=(frozenset({"404", "409"}),),
    ),
    "revert of what only an editor may": Case(
        Request("POST", "/changes/{created}/revert", {}),
        {"403": by("tara")},
    ),
    "approve": Case(
        Request("POST", f"{SVC}/proposals/1/approve", {}),
        {
            "403": by("tara"),
            "404": at(f"{SVC}/proposals/999999/approve"),
            "409": at(f"{SVC}/proposals/2/approve"),
        },
        not_both=(frozenset({"404", "409"}),),
    ),
    "approval by the author": Case(
        Request("POST", f"{SVC}/proposals/3/approve", {}),
        {"403": by("edo"), "409": at(f"{SVC}/proposals/4/approve")},
    ),
}
TOGETHER = [
    pytest.param(case, (first, second), id=f"{name}: {first} before {second}")
    for name, case in CASES.items()
    for first, second in combinations(case.wrongs, 2)
    if {first, second} not in case.not_both and (first, second) != ("428", "412")
]
ALONE = [
    pytest.param(case, (only,), id=f"{name}: {only}")
    for name, case in CASES.items()
    for only in case.wrongs
]


@pytest.fixture(scope="module")
def prepared(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A catalog in which every kind of conflict waits. No request here changes it."""
    folder = tmp_path_factory.mktemp("order")
    database = Database(url_of(copied(office.file, folder / "catalog.sqlite3")))
    publish(database, "svc", [code("1", "Wait {n} s."), code("2", "Later.")])
    yield database
    database.dispose()


@pytest.fixture(scope="module")
def places(prepared: Database, seeded_app: Flask, office: Office) -> Mapping[str, int]:
    """The revisions that addresses name, once there are changes and proposals."""
    seeded_app.extensions["catalog"].database = prepared
    desk = Desk(seeded_app, prepared, office.tokens)
    eda, ada = desk.by("eda"), desk.by("ada")
    message = f"{SVC}/codes/2/messages/ko"
    created = int(
        eda.post(f"{SVC}/codes", {"code": "5", "message": "M"}).headers["Catalog-Revision"]
    )
    for text in ("나중에", "다음에"):
        last = int(
            eda.put(message, {"text": text}, tag=eda.tag(message)).headers["Catalog-Revision"]
        )
    ada.patch(SVC, {"four_eyes": True})
    for name, number in [("kojin", 1), ("kojin", 2), ("edo", 3), ("edo", 4)]:
        said = {"text": f"제안 {number} {{n}}"}
        assert desk.by(name).put(f"{SVC}/codes/1/messages/ko", said).status_code == 202
    for number in (2, 4):
        assert ada.post(f"{SVC}/proposals/{number}/reject", {}).status_code == 200
    ada.patch(SVC, {"four_eyes": False})
    return {"created": created, "passed": last - 1, "last": last}


@pytest.fixture
def desk(prepared: Database, places: Mapping[str, int], seeded_app: Flask, office: Office) -> Desk:
    """The prepared catalog, for everybody."""
    assert places
    seeded_app.extensions["catalog"].database = prepared
    return Desk(seeded_app, prepared, office.tokens)


def hold(desk: Desk, places: Mapping[str, int], case: Case, wrong: tuple[str, ...]) -> None:
    """Send a request that is wrong in these ways, and hold its answer against the first."""
    request = case.right
    for name in wrong:
        request = case.wrongs[name](request)
    request = replace(request, address=request.address.format(**places))
    before = desk.revision
    status, kind = request.send(desk)
    assert status == int(wrong[0][:3])
    if status == 422:
        assert kind == ("bad-fields" if wrong[0] == FORM else "invalid-value")
    assert desk.revision == before


@pytest.mark.parametrize(("case", "wrong"), ALONE)
def test_what_is_wrong_alone_is_told(
    desk: Desk, places: Mapping[str, int], case: Case, wrong: tuple[str, ...]
) -> None:
    hold(desk, places, case, wrong)


@pytest.mark.parametrize(("case", "wrong"), TOGETHER)
def test_of_two_mistakes_the_first_is_told(
    desk: Desk, places: Mapping[str, int], case: Case, wrong: tuple[str, ...]
) -> None:
    hold(desk, places, case, wrong)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_parameter_that_does_not_fit_comes_before_the_form_and_behind_the_media_type(
    desk: Desk, places: Mapping[str, int], case: Case
) -> None:
    address = case.right.address.format(**places)
    request = replace(case.right, address=f"{address}?lokale=ko")
    assert request.send(desk) == (400, "bad-query")
    assert case.wrongs[FORM](request).send(desk) == (400, "bad-query")
    assert case.wrongs["415"](request).send(desk)[0] == 415


def test_a_parameter_that_does_not_fit_is_told_where_there_is_no_message_yet(desk: Desk) -> None:
    """A PUT makes it, so it is not the message that is missing."""
    request = Request("PUT", f"{SVC}/codes/1/messages/fr?lokale=ko", {"text": "{n}"})
    assert request.send(desk) == (400, "bad-query")


def test_a_parameter_that_does_not_fit_is_told_of_a_number_that_is_no_code(desk: Desk) -> None:
    """What is reserved is no code yet."""
    response = desk.by("eda").call("DELETE", f"{SVC}/reservations/4?lokale=ko")
    assert (response.status_code, response.get_json()["type"].partition("#")[2]) == (
        400,
        "bad-query",
    )


@pytest.mark.parametrize(
    ("media_type", "size", "status"), [("text/plain", 10, 415), (None, 2_000_000, 413)]
)
def test_a_bad_idempotency_key_is_told_after_what_is_wrong_with_the_body(
    prepared: Database,
    seeded_app: Flask,
    office: Office,
    media_type: str | None,
    size: int,
    status: int,
) -> None:
    desk = Desk(seeded_app, prepared, office.tokens)
    response = desk.nobody.call(
        "POST",
        "/services",
        headers={"Authorization": f"Bearer {desk.tokens['ada']}", "Idempotency-Key": "a\tb"},
        data=b" " * size,
        content_type=media_type or "application/json",
    )
    assert response.status_code == status
