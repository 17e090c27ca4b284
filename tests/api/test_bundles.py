"""The bundle: all that a consumer needs offline, in bytes that stay while nothing changes."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.catalog.edits.codes import CodeEdit, change_codes
from app.catalog.edits.messages import MessageEdit
from app.catalog.edits.rows import Texts
from app.db import Database
from tests.api.accounts import Desk
from tests.api.making import CODES, KOREAN, code, editing, publish, walk, write
from tests.conftest import AppFactory
from tests.tracing import trace

SERVICE = "document-recognizer"
BUNDLE = f"/services/{SERVICE}/bundle"
BOTH = "/bundle?service=pose-estimation&service=document-recognizer&locale=ko&locale=en"
LEFT_OUT = {"service", "locales", "version", "updated_at"}
GZIP = {"Accept-Encoding": "gzip"}


def bundle(client: FlaskClient, address: str = BUNDLE) -> dict[str, Any]:
    """What a bundle says."""
    response = client.get(address)
    assert response.status_code == 200, response.get_data(as_text=True)
    told: dict[str, Any] = response.get_json()
    return told


def entry(told: dict[str, Any], number: str) -> dict[str, Any]:
    """What a bundle says of one code."""
    (found,) = [it for it in told["codes"] if it["code"] == number]
    return dict(found)


@pytest.mark.parametrize("locale", ["en", "ko", "ja", "fr", "ko-KR"])
def test_a_code_is_told_as_the_lookup_tells_it(reader: FlaskClient, locale: str) -> None:
    told = bundle(reader, f"{BUNDLE}?locale={locale}")
    listed = [
        {name: value for name, value in it.items() if name not in LEFT_OUT}
        for it in walk(reader, f"{CODES}?locale={locale}")
    ]
    assert [{**it, "deprecated_at": None, "sunset_at": None} for it in listed] == told["codes"]
    assert told["locale"] == locale


def test_it_says_what_it_is_of(reader: FlaskClient) -> None:
    told = bundle(reader)
    assert told.pop("epoch") == reader.get("/changes").get_json()["epoch"]
    assert {name: value for name, value in told.items() if name != "codes"} == {
        "format": 1,
        "service": SERVICE,
        "title": "Document Recognizer",
        "locale": "en",
        "default_locale": "en",
        "revision": 133,
        "updated_at": "2026-11-22T00:00:00Z",
    }


def test_without_a_locale_it_is_in_the_services_own(client: FlaskClient, seeded: Database) -> None:
    publish(seeded, "korean", [code("1", "실패했습니다.")], default_locale="ko")
    told = bundle(client, "/services/korean/bundle")
    assert (told["locale"], entry(told, "1")["message"]) == ("ko", "실패했습니다.")
    # No header chooses it: it is kept in a file, and shared.
    other = client.get("/services/korean/bundle", headers={"Accept-Language": "en"})
    assert other.get_json() == told
    assert "Accept-Language" not in other.headers["Vary"]


def test_each_text_falls_back_by_itself(client: FlaskClient, seeded: Database) -> None:
    publish(
        seeded,
        "svc",
        [code("1", "It failed.")],
        [MessageEdit("1", "ko", Texts(None, "설명", None)), MessageEdit("1", "ja", Texts("失敗"))],
    )
    told = entry(bundle(client, "/services/svc/bundle?locale=ko"), "1")
    assert (told["message"], told["locale"], told["fallback"]) == ("It failed.", "en", True)
    assert (told["description"], told["description_locale"]) == ("설명", "ko")
    assert (told["remedy"], told["remedy_locale"]) == (None, None)


def test_what_is_on_its_way_out_says_since_when_and_what_to_use(
    client: FlaskClient, seeded: Database
) -> None:
    sunset = datetime(2027, 6, 1, tzinfo=UTC)
    with editing(seeded, SERVICE) as (changes, service):
        fields = {"status": "deprecated", "replaced_by": "4000301", "sunset_at": sunset}
        change_codes(changes, service, [CodeEdit("4000122", fields)])
    told = entry(bundle(client), "4000122")
    assert (told["status"], told["replaced_by"]) == ("deprecated", "4000301")
    assert told["deprecated_at"] == "2026-12-01T09:30:00Z"
    assert told["sunset_at"] == "2027-06-01T00:00:00Z"


def test_drafts_stay_at_home_and_what_is_retired_does_not(
    client: FlaskClient, seeded: Database
) -> None:
    publish(seeded, "svc", [code("1"), code("2", status="draft"), code("3")])
    with editing(seeded, "svc") as (changes, service):
        change_codes(changes, service, [CodeEdit("3", {"status": "deprecated"})])
        change_codes(changes, service, [CodeEdit("3", {"status": "retired"})])
    told = bundle(client, "/services/svc/bundle")
    assert [(it["code"], it["status"]) for it in told["codes"]] == [
        ("1", "active"),
        ("3", "retired"),
    ]


@pytest.mark.parametrize("address", [BUNDLE, BOTH])
def test_it_has_one_code_a_line(reader: FlaskClient, address: str) -> None:
    lines = reader.get(address).get_data().split(b"\n")
    codes = [json.loads(line.rstrip(b",")) for line in lines if line.startswith(b'{"code":')]
    assert len(codes) == (44 if address == BUNDLE else 2 * (44 + 25))
    assert lines[-1] == b""


def test_a_service_without_codes_has_a_bundle_too(client: FlaskClient, seeded: Database) -> None:
    publish(seeded, "svc")
    assert bundle(client, "/services/svc/bundle")["codes"] == []
    assert bundle(client, "/bundle?service=svc")["bundles"][0]["codes"] == []


def test_several_services_come_in_every_locale_asked_for(reader: FlaskClient) -> None:
    told = bundle(reader, BOTH)["bundles"]
    assert [(it["service"], it["locale"]) for it in told] == [
        ("pose-estimation", "ko"),
        ("pose-estimation", "en"),
        (SERVICE, "ko"),
        (SERVICE, "en"),
    ]
    for it in told:
        assert it == bundle(reader, f"/services/{it['service']}/bundle?locale={it['locale']}")


@pytest.mark.parametrize("address", [BUNDLE, BOTH])
def test_the_bytes_stay_while_nothing_changes_and_so_does_the_tag(
    seeded: Database, make_app: AppFactory, address: str
) -> None:
    # In two processes, and whoever else is edited in between.
    url = seeded.engine.url.render_as_string()
    first = make_app(url).test_client().get(address)
    publish(seeded, "another", [code("1")])
    second = make_app(url).test_client().get(address)
    assert first.data == second.data
    assert first.headers["ETag"] == second.headers["ETag"]


def test_who_has_it_gets_304_until_it_changes(client: FlaskClient, seeded: Database) -> None:
    before = client.get(f"{BUNDLE}?locale=ko")
    known = {"If-None-Match": before.headers["ETag"]}
    again = client.get(f"{BUNDLE}?locale=ko", headers=known)
    assert (again.status_code, again.data) == (304, b"")
    for name in ("ETag", "Cache-Control", "Vary"):
        assert again.headers[name] == before.headers[name]
    write(seeded, SERVICE, MessageEdit("4000122", "ko", Texts("키가 만료되었습니다.")))
    after = client.get(f"{BUNDLE}?locale=ko", headers=known)
    assert (after.status_code, after.headers["ETag"]) != (304, before.headers["ETag"])
    assert entry(after.get_json(), "4000122")["message"] == "키가 만료되었습니다."


def test_a_304_renders_nothing_and_reads_no_code(
    make_app: AppFactory, seeded_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = trace(monkeypatch)
    client = make_app(seeded_url, replay_megabytes=0).test_client()
    tag = client.get(BUNDLE).headers["ETag"]
    seen.clear()
    assert client.get(BUNDLE, headers={"If-None-Match": tag}).status_code == 304
    assert not [it for it in seen if "error_code" in it or "message" in it]
    seen.clear()
    assert client.get(BUNDLE).status_code == 200
    assert [it for it in seen if "error_code" in it]


def test_each_coding_has_its_own_bytes_and_its_own_tag(reader: FlaskClient) -> None:
    plain, packed = reader.get(BUNDLE), reader.get(BUNDLE, headers=GZIP)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.data) == plain.data
    assert packed.data == reader.get(BUNDLE, headers=GZIP).data
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert "Accept-Encoding" in packed.headers["Vary"]
    # Whoever has the one does not have the other.
    known = GZIP | {"If-None-Match": plain.headers["ETag"]}
    assert reader.get(BUNDLE, headers=known).status_code == 200


@pytest.mark.parametrize(
    ("accepted", "is_packed"),
    [
        ("gzip", True),
        ("br, gzip;q=0.5", True),
        ("*", True),
        ("identity", False),
        ("gzip;q=0", False),
        ("identity, gzip;q=0.5", False),
        ("br", False),
        ("", False),
    ],
)
def test_it_is_packed_for_who_asks_for_that(
    reader: FlaskClient, accepted: str, is_packed: bool
) -> None:
    response = reader.get(BUNDLE, headers={"Accept-Encoding": accepted})
    assert ("Content-Encoding" in response.headers) is is_packed


def test_tags_differ_by_locale_and_by_where_the_catalog_is_found(
    make_app: AppFactory, seeded_url: str
) -> None:
    here = make_app(seeded_url).test_client()
    there = make_app(seeded_url, public_url="https://errors.example.com").test_client()
    answers = [here.get(BUNDLE), here.get(f"{BUNDLE}?locale=ko"), there.get(BUNDLE)]
    assert len({it.headers["ETag"] for it in answers}) == 3
    told = entry(answers[2].get_json(), "0")
    assert told["type"] == f"https://errors.example.com/services/{SERVICE}/codes/0"


def test_a_list_of_one_is_told_from_the_one(reader: FlaskClient) -> None:
    one, several = reader.get(BUNDLE), reader.get(f"/bundle?service={SERVICE}")
    assert one.data != several.data
    assert one.headers["ETag"] != several.headers["ETag"]


def test_a_catalog_that_was_set_back_and_edited_otherwise_has_another_tag(
    make_app: AppFactory, seeded_url: str, empty_url: str
) -> None:
    # The same revision of two catalogs with another past each.
    apps = [make_app(url) for url in (seeded_url, empty_url)]
    for app, text in zip(apps, ("One.", "Two."), strict=True):
        publish(app.extensions["catalog"].database, "svc", [code("1", text)])
    first, second = (it.test_client().get("/services/svc/bundle") for it in apps)
    assert first.headers["ETag"] != second.headers["ETag"]


def fields(response: TestResponse) -> list[str]:
    """What an answer finds wrong with a query."""
    assert response.status_code == 400, response.get_data(as_text=True)
    return [it["field"] for it in response.get_json()["errors"]]


def test_what_does_not_fit_is_told(reader: FlaskClient) -> None:
    assert fields(reader.get("/bundle")) == ["service"]
    assert fields(reader.get(f"/bundle?service={SERVICE}&service={SERVICE}")) == ["service"]
    assert fields(reader.get(f"/bundle?service={SERVICE}&locale=ko&locale=KO")) == ["locale"]
    assert fields(reader.get(f"/bundle?service={SERVICE}&locale=k!")) == ["locale"]
    assert fields(reader.get(f"{BUNDLE}?locale=k!")) == ["locale"]
    assert fields(reader.get(f"{BUNDLE}?locale=ko&locale=en")) == ["locale"]
    many = "&".join(f"service=s{number}" for number in range(101))
    assert fields(reader.get(f"/bundle?{many}")) == ["service"]


def test_an_unknown_service_is_named(reader: FlaskClient) -> None:
    response = reader.get(f"/bundle?service={SERVICE}&service=nothing")
    assert response.status_code == 404
    assert "“nothing”" in response.get_json()["detail"]


def test_what_is_answered_to_a_token_is_not_for_shared_caches(desk: Desk) -> None:
    assert desk.nobody.get(BUNDLE).headers["Cache-Control"] == "no-cache"
    assert desk.by("rita").get(BUNDLE).headers["Cache-Control"] == "private, no-cache"


def test_the_korean_of_the_seeds_is_in_it(reader: FlaskClient) -> None:
    assert entry(bundle(reader, f"{BUNDLE}?locale=ko"), "4000122")["message"] == KOREAN
