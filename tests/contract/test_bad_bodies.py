"""Bodies that do not fit: the right answer within a second, and nothing changed."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.db import Database
from tests.api.accounts import SERVICE, Desk, Office
from tests.api.making import CODES, LOOKUP
from tests.contract.routes import WRITES
from tests.databases import copied, url_of

NUL, ESCAPE, OVERRIDE = "\x00", "\x1b", "\u202e"


@dataclass(frozen=True)
class Body:
    """One kind of body: where it is sent, one that fits, and its fields that hold text."""

    method: str
    rule: str
    address: str
    fits: Mapping[str, Any]
    texts: tuple[str, ...] = ()
    # Fields that hold text of a form of their own: a code, a slug, a locale and the like.
    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    # Fields that cannot be null.
    never_null: tuple[str, ...] = ()

    def send(self, desk: Desk, raw: bytes | None, **more: Any) -> TestResponse:
        """The answer, which came within a second."""
        more.setdefault("content_type", "application/json")
        if raw is not None:
            more["data"] = raw
        started = time.thread_time()
        response = desk.by("ada").call(self.method, self.address, tag="*", **more)
        assert time.thread_time() - started < 1
        return response

    def say(self, desk: Desk, **fields: Any) -> TestResponse:
        """The answer to the body that fits with these fields said otherwise."""
        return self.send(desk, json.dumps({**self.fits, **fields}).encode())


WHY = ("reason", "breaking")
MESSAGE = "/services/<service>/codes/<code>/messages/<locale>"
PROPOSAL = "/services/<service>/proposals/<number:proposal>"
BODIES = {
    "new service": Body(
        "POST",
        "/services",
        "/services",
        {"slug": "svc", "title": "Service"},
        ("title", "section", *WHY),
        ("slug", "default_locale"),
        flags=("four_eyes",),
        never_null=("slug", "title", "default_locale", "four_eyes"),
    ),
    "service": Body(
        "PATCH",
        "/services/<service>",
        f"/services/{SERVICE}",
        {"section": "Elsewhere"},
        ("title", "section", *WHY),
        ("default_locale",),
        flags=("four_eyes",),
        never_null=("title", "default_locale", "four_eyes"),
    ),
    "new code": Body(
        "POST",
        "/services/<service>/codes",
        CODES,
        {"code": "4990001", "message": "New."},
        ("message", "description", "remedy", *WHY),
        ("code", "key", "status"),
        numbers=("http_status",),
        never_null=("code", "message", "status"),
    ),
    "code": Body(
        "PATCH",
        "/services/<service>/codes/<code>",
        LOOKUP,
        {"status": "deprecated"},
        WHY,
        ("key", "status", "replaced_by", "sunset_at"),
        numbers=("http_status",),
        never_null=("status",),
    ),
    "message": Body(
        "PUT",
        MESSAGE,
        f"{LOOKUP}/messages/ko",
        {"text": "새 문구"},
        ("text", "description", "remedy", *WHY),
        ("state",),
        flags=("typo",),
        never_null=("state", "typo"),
    ),
    "reservation": Body(
        "POST",
        "/services/<service>/reservations",
        f"/services/{SERVICE}/reservations",
        {"after": "4000122"},
        ("note",),
        ("prefix", "after", "block"),
        numbers=("count", "ttl"),
        never_null=("prefix", "after", "block", "count", "ttl"),
    ),
    "revert": Body("POST", "/changes/<number:revision>/revert", "/changes/60/revert", {}, WHY),
    "revert of many": Body(
        "POST", "/change-sets/<number:change_set>/revert", "/change-sets/1/revert", {}, WHY
    ),
    "approval": Body(
        "POST", f"{PROPOSAL}/approve", f"/services/{SERVICE}/proposals/1/approve", {}, WHY
    ),
    "rejection": Body(
        "POST", f"{PROPOSAL}/reject", f"/services/{SERVICE}/proposals/1/reject", {}, WHY
    ),
}
EVERY_BODY = pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
WITHOUT_A_BODY = {"POST /services/<service>/import"}


def propose_something(desk: Desk) -> None:
    """Let every address of BODIES be there."""
    service = f"/services/{SERVICE}"
    ada = desk.by("ada")
    assert ada.patch(service, {"four_eyes": True}).status_code == 200
    proposed = desk.by("eda").put(f"{LOOKUP}/messages/fr", {"text": "Clé périmée."})
    assert proposed.headers["Location"].endswith(
        BODIES["approval"].address.removesuffix("/approve")
    )
    assert ada.patch(service, {"four_eyes": False}).status_code == 200


@pytest.fixture(scope="module")
def prepared(
    seeded_app: Flask, office: Office, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """One catalog for all bodies that change nothing."""
    folder = tmp_path_factory.mktemp("bodies")
    database = Database(url_of(copied(office.file, folder / "catalog.sqlite3")))
    seeded_app.extensions["catalog"].database = database
    propose_something(Desk(seeded_app, database, office.tokens))
    yield database
    database.dispose()


@pytest.fixture
def proposing(prepared: Database, seeded_app: Flask, office: Office) -> Desk:
    """A catalog in which every address of BODIES is there, and which stays as it is."""
    seeded_app.extensions["catalog"].database = prepared
    return Desk(seeded_app, prepared, office.tokens)


@contextmanager
def unchanged(desk: Desk) -> Iterator[None]:
    """Hold that what is done meanwhile changes nothing."""
    before = everything(desk)
    yield
    assert everything(desk) == before


def everything(desk: Desk) -> tuple[Any, ...]:
    """The catalog's revision, and what is no part of it."""
    addresses = (f"/services/{SERVICE}/proposals", f"/services/{SERVICE}/reservations")
    return desk.revision, *(desk.nobody.get(address).get_json() for address in addresses)


def fields_of(response: TestResponse) -> list[str]:
    """The fields that a 422 names."""
    assert response.status_code == 422, response.get_data(as_text=True)
    assert response.mimetype == "application/problem+json"
    return [error["field"] for error in response.get_json().get("errors", [])]


def test_every_edit_with_a_body_is_here() -> None:
    known = {f"{body.method} {body.rule}" for body in BODIES.values()}
    writes = {write.name for write in WRITES if write.method != "DELETE"}
    assert known | WITHOUT_A_BODY == writes


@EVERY_BODY
def test_each_body_that_fits_is_taken(desk: Desk, body: Body) -> None:
    propose_something(desk)
    why = {"breaking": "For a test"} if "breaking" in body.texts else {}
    response = body.say(desk, **why)
    assert response.status_code in (200, 201), response.get_data(as_text=True)


NOT_JSON: Mapping[str, bytes] = {
    "one letter": b"x",
    "white space": b" ",
    "cut off": b'{"reason": "a',
    "two values": b"{} {}",
    "a comma too many": b'{"reason": "a",}',
    "single quotes": b"{'reason': 'a'}",
    "a comment": b'{"reason": "a"} // why',
    "NaN": b'{"reason": NaN}',
    "Infinity": b'{"reason": Infinity}',
    "minus Infinity": b'{"count": -Infinity}',
    "a name twice": b'{"reason": "a", "reason": "b"}',
    "a name twice inside": b'{"reason": {"a": 1, "a": 1}}',
    "a name twice, once escaped": b'{"reason": "a", "\\u0072eason": "b"}',
    "a lone surrogate": b'{"reason": "\\ud800"}',
    "a lone surrogate as a name": b'{"\\udfff": 1}',
    "surrogates in the wrong order": b'{"reason": "\\udc00\\ud800"}',
    "a control character": b'{"reason": "a\x00b"}',
    "a line's end": b'{"reason": "a\nb"}',
    "100 kB of brackets": b"[" * 100_000,
    "100 kB of objects": b'{"a":' * 20_000,
    "5,000 closed brackets": b'{"reason": ' + b"[" * 5_000 + b"]" * 5_000 + b"}",
    "900 kB of digits": b'{"http_status": ' + b"9" * 900_000 + b"}",
    "not UTF-8": b'{"reason": "\xff"}',
    "an encoded surrogate": b'{"reason": "\xed\xa0\x80"}',
    "an overlong slash": b'{"reason": "\xc0\xaf"}',
    "Latin-1": '{"reason": "é"}'.encode("latin-1"),
    "UTF-16": '{"reason": "a"}'.encode("utf-16"),
    "UTF-16 without a mark": '{"reason": "a"}'.encode("utf-16-le"),
    "UTF-32": '{"reason": "a"}'.encode("utf-32"),
    "a mark before UTF-8": '{"reason": "a"}'.encode("utf-8-sig"),
}


@pytest.mark.parametrize("raw", NOT_JSON.values(), ids=NOT_JSON)
def test_what_is_not_json_is_refused_everywhere(proposing: Desk, raw: bytes) -> None:
    with unchanged(proposing):
        for name, body in BODIES.items():
            response = body.send(proposing, raw)
            assert (response.status_code, response.mimetype) == (
                400,
                "application/problem+json",
            ), name
            assert len(response.get_data()) < 1_000


@pytest.mark.parametrize("raw", [b"null", b"[]", b"[{}]", b'"text"', b"1", b"-0.5", b"true"])
def test_a_body_that_is_no_object_is_refused_everywhere(proposing: Desk, raw: bytes) -> None:
    with unchanged(proposing):
        for name, body in BODIES.items():
            assert body.send(proposing, raw).status_code == 422, name


NUMBER_OF_NAMES = 15_000


def names_once_and_one_twice() -> bytes:
    """An object with many names, of which the last stands there twice."""
    names = [f'"x{number}":1' for number in range(NUMBER_OF_NAMES)]
    return f"{{{','.join([*names, names[-1]])}}}".encode()


def test_a_name_that_stands_twice_among_many_is_found_promptly(proposing: Desk) -> None:
    response = BODIES["code"].send(proposing, names_once_and_one_twice())
    assert response.status_code == 400
    assert f"x{NUMBER_OF_NAMES - 1}" in response.get_json()["detail"]


def test_many_unknown_fields_are_refused_promptly(proposing: Desk) -> None:
    raw = json.dumps(dict.fromkeys(map(str, range(NUMBER_OF_NAMES)), 1)).encode()
    assert len(fields_of(BODIES["code"].send(proposing, raw))) == NUMBER_OF_NAMES


@pytest.mark.operation("limits of size, time and rate")
@EVERY_BODY
def test_a_body_over_a_megabyte_is_refused_whether_or_not_its_length_is_told(
    proposing: Desk, body: Body
) -> None:
    raw = json.dumps({**body.fits, "nonsense": 1}).encode()
    longest = raw + b" " * (1_000_000 - len(raw))
    too_long = longest + b" "
    untold = {
        "input_stream": BytesIO(too_long),
        "environ_overrides": {"wsgi.input_terminated": True},
    }
    with unchanged(proposing):
        for response in (
            body.send(proposing, too_long),
            body.send(proposing, None, content_length=1_000_001),
            body.send(proposing, None, content_length=10**15),
            body.send(proposing, None, **untold),
        ):
            assert (response.status_code, response.mimetype) == (413, "application/problem+json")
        assert fields_of(body.send(proposing, longest)) == ["nonsense"]


MEDIA_TYPES = [
    "text/plain",
    "text/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/problem+json",
    "application/jsonx",
    "application",
    "text/markdown",
    "application/json; charset=latin-1",
    "application/json; charset=utf-16",
]


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_another_media_type_or_charset_is_refused_everywhere(
    proposing: Desk, media_type: str
) -> None:
    with unchanged(proposing):
        for name, body in BODIES.items():
            raw = json.dumps(body.fits).encode()
            response = body.send(proposing, raw, content_type=media_type)
            assert response.status_code == 415, name


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate", "x"])
def test_a_coded_body_is_refused_everywhere(proposing: Desk, coding: str) -> None:
    with unchanged(proposing):
        for name, body in BODIES.items():
            raw = json.dumps(body.fits).encode()
            response = body.send(proposing, raw, headers={"Content-Encoding": coding})
            assert response.status_code == 415, name


def test_a_body_that_says_nothing_of_its_type_is_refused(proposing: Desk) -> None:
    with unchanged(proposing):
        for name, body in BODIES.items():
            raw = json.dumps(body.fits or {"reason": "a"}).encode()
            assert body.send(proposing, raw, content_type=None).status_code == 415, name


@pytest.mark.parametrize("name", ["code", "service"])
@pytest.mark.parametrize(
    "media_type",
    [
        "application/json",
        "application/json; charset=UTF-8",
        'APPLICATION/JSON;charset="utf-8"',
        "application/merge-patch+json",
    ],
)
def test_a_patch_is_taken_as_json_and_as_a_merge_patch(
    desk: Desk, name: str, media_type: str
) -> None:
    body = BODIES[name]
    response = body.send(desk, json.dumps(body.fits).encode(), content_type=media_type)
    assert response.status_code == 200


def test_only_a_patch_is_a_merge_patch(proposing: Desk) -> None:
    with unchanged(proposing):
        for name, body in BODIES.items():
            raw = json.dumps({**body.fits, "nonsense": 1}).encode()
            response = body.send(proposing, raw, content_type="application/merge-patch+json")
            assert response.status_code == (422 if body.method == "PATCH" else 415), name


FOREIGN = [
    "id",
    "revision",
    "change_set",
    "actor",
    "author",
    "at",
    "version",
    "updated_at",
    "created_at",
    "position",
    "follows",
    "stale",
    "holder",
    "service",
    "locale",
    "type",
    "Reason",
    "reason ",
    "__proto__",
    "",
    "이유",
]


@EVERY_BODY
@pytest.mark.security("fields that nobody may set")
def test_an_unknown_field_is_refused_by_its_name(proposing: Desk, body: Body) -> None:
    with unchanged(proposing):
        for name in FOREIGN:
            assert fields_of(body.say(proposing, **{name: "a"})) == [name]
        both = fields_of(body.say(proposing, actor="ada", position=1))
        assert sorted(both) == ["actor", "position"]


@pytest.mark.security("fields that nobody may set")
def test_what_belongs_to_another_body_is_refused(proposing: Desk) -> None:
    with unchanged(proposing):
        for name, field in [
            ("service", "slug"),
            ("code", "code"),
            ("code", "message"),
            ("code", "deprecated_at"),
            ("message", "message"),
            ("message", "status"),
            ("new code", "replaced_by"),
            ("new code", "state"),
        ]:
            assert fields_of(BODIES[name].say(proposing, **{field: "a"})) == [field]


NO_TEXT: list[Any] = [1, 0, 1.5, True, False, [], ["a"], {}, {"a": "b"}, 10**400, 1e308]
NO_NUMBER: list[Any] = ["400", "", True, False, 400.0, 400.5, [400], {}, "4e2", -1, 0, 10**400]
NO_FLAG: list[Any] = [1, 0, "true", "false", "", "on", [], {}, 1.0]


@EVERY_BODY
def test_a_value_of_another_type_is_refused_by_its_name(proposing: Desk, body: Body) -> None:
    with unchanged(proposing):
        for names, values in [
            (body.texts + body.names, NO_TEXT),
            (body.numbers, NO_NUMBER),
            (body.flags, NO_FLAG),
            (body.never_null, [None]),
        ]:
            for name in names:
                for value in values:
                    assert name in fields_of(body.say(proposing, **{name: value})), value


def unfit_texts() -> Iterator[str]:
    """Texts that the catalog does not keep."""
    yield from (NUL, f"a{NUL}", ESCAPE, "a\rb", "\x7f", "\x85", OVERRIDE)
    yield from ("\u202a", "\u202b", "\u202c", "\u202d")
    yield "x" * 4_001
    yield "한" * 4_001


@EVERY_BODY
def test_a_text_that_the_catalog_does_not_keep_is_refused_by_its_name(
    proposing: Desk, body: Body
) -> None:
    with unchanged(proposing):
        for name in body.texts:
            for text in unfit_texts():
                assert fields_of(body.say(proposing, **{name: text})) == [name], text[:9]


@EVERY_BODY
def test_a_name_with_such_characters_is_refused_too(proposing: Desk, body: Body) -> None:
    with unchanged(proposing):
        for name in body.names:
            fits = {} if name in ("prefix", "block") else body.fits
            for text in (f"4{NUL}", f"4{OVERRIDE}", "4\n4", "4 4", "x" * 4_001):
                raw = json.dumps({**fits, name: text}).encode()
                assert fields_of(body.send(proposing, raw)) == [name], text[:9]


def test_what_a_service_or_a_code_cannot_be_is_refused_by_name(proposing: Desk) -> None:
    cases: list[tuple[str, str, list[Any]]] = [
        ("new service", "slug", ["", "A", "a_b", "a--b", "-a", "a-", "a" * 65, "é", "a/b"]),
        ("new service", "title", ["", " ", "\n\t"]),
        ("new service", "default_locale", ["", "e", "en_US", "*", "en-", "x" * 256]),
        ("new code", "code", ["", "--1", "+1", "-", "1/2", "1" * 66, " 1", "1 ", "é", ".1"]),
        ("new code", "message", ["", " "]),
        ("new code", "status", ["deprecated", "retired", "", "ACTIVE", "gone"]),
        ("new code", "http_status", [99, 600]),
        ("code", "http_status", [99, 600, 2**63]),
        ("code", "status", ["", "gone", "Active"]),
        ("code", "key", ["A B", "x" * 201]),
        (
            "code",
            "sunset_at",
            [
                "",
                "2027",
                "2027-06-30",
                "2027-06-30T00:00:00",
                "2027-02-30T00:00:00Z",
                "٢027-06-30T00:00:00Z",
            ],
        ),
        ("message", "state", ["", "draft", "Approved"]),
        ("reservation", "count", [0, -1, 101, 2**70]),
        ("reservation", "ttl", [0, -1, 90 * 86_400 + 1, 2**70]),
    ]
    with unchanged(proposing):
        for name, field, values in cases:
            for value in values:
                assert fields_of(BODIES[name].say(proposing, **{field: value})) == [field], value


def test_a_body_that_lacks_what_it_needs_is_refused_by_name(proposing: Desk) -> None:
    with unchanged(proposing):
        for name, missing in [
            ("new service", ["slug", "title"]),
            ("new code", ["code", "message"]),
            ("message", ["text"]),
            ("reservation", ["prefix"]),
        ]:
            for raw in (b"{}", None):
                assert sorted(fields_of(BODIES[name].send(proposing, raw))) == missing
        assert fields_of(BODIES["reservation"].say(proposing, prefix="4")) == ["prefix"]
        nothing = {"text": None, "description": " ", "remedy": ""}
        assert fields_of(BODIES["message"].say(proposing, **nothing)) == ["text"]


def test_what_is_deleted_takes_no_body(proposing: Desk) -> None:
    with unchanged(proposing):
        for write in WRITES:
            if write.method == "DELETE":
                response = proposing.by("ada").call(
                    "DELETE", write.address, {"reason": "a"}, tag="*"
                )
                assert response.status_code in (404, 415), write.name
                assert "is ," not in response.get_json()["detail"], write.name


def test_why_something_is_deleted_is_held_to_the_form_of_texts(proposing: Desk) -> None:
    with unchanged(proposing):
        for text in unfit_texts():
            query = {"reason": text}
            response = proposing.by("ada").call(
                "DELETE", f"{LOOKUP}/messages/ko", tag="*", query_string=query
            )
            assert response.status_code == 400
            assert [error["field"] for error in response.get_json()["errors"]] == ["reason"]
