"""Findings and coverage: what only a central catalog sees, told to programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.catalog.coverage import coverage
from app.catalog.edits.messages import MessageEdit
from app.catalog.edits.rows import Texts
from app.catalog.survey import survey
from app.db import Database
from app.lint.engine import lint
from app.lint.rules import BY_NAME
from tests.api.making import code, pages, publish, walk, write

SERVICE = "document-recognizer"
COVERAGE = f"/services/{SERVICE}/coverage"


def findings(client: FlaskClient, **query: str) -> list[dict[str, Any]]:
    """What GET /lint tells."""
    response = client.get("/lint", query_string=query)
    assert response.status_code == 200, response.get_data(as_text=True)
    assert list(response.get_json()) == ["findings"]
    found: list[dict[str, Any]] = response.get_json()["findings"]
    return found


def expected(database: Database) -> list[dict[str, Any]]:
    """What the rules find in the catalog as it is."""
    with database.reading() as session:
        found = lint(survey(session))
    return [asdict(finding) | {"severity": str(finding.severity)} for finding in found]


def conflict(database: Database) -> None:
    """Put a code into the catalog that has another key in a service of the same section."""
    publish(database, "alpha", [code("777", key="ONE")])
    publish(database, "beta", [code("777", key="TWO")])


def test_the_findings_are_those_of_the_rules(client: FlaskClient, seeded: Database) -> None:
    conflict(seeded)
    told = findings(client)
    assert told == expected(seeded)
    conflicts = [it for it in told if it["rule"] == "code-conflict"]
    assert [it["service"] for it in conflicts if it["code"] == "777"] == ["alpha", "beta"]
    assert {it["rule"] for it in told} <= BY_NAME.keys()


def test_a_finding_has_its_rule_its_place_and_both_sides(
    client: FlaskClient, seeded: Database
) -> None:
    conflict(seeded)
    (found,) = findings(client, rule="code-conflict", service="alpha")
    assert found == {
        "rule": "code-conflict",
        "severity": "error",
        "service": "alpha",
        "code": "777",
        "locale": None,
        "message": "777 is ONE in alpha, TWO in beta",
    }


def test_findings_can_be_asked_for_by_service_and_by_rule(
    client: FlaskClient, seeded: Database
) -> None:
    conflict(seeded)
    everything = findings(client)
    for service in ("alpha", SERVICE):
        of_it = [it for it in everything if it["service"] == service]
        assert findings(client, service=service) == of_it
        assert of_it
    for rule in BY_NAME:
        assert findings(client, rule=rule) == [it for it in everything if it["rule"] == rule]
    both = [it for it in everything if (it["rule"], it["service"]) == ("code-conflict", "beta")]
    assert findings(client, rule="code-conflict", service="beta") == both
    assert len(both) == 1


def test_a_service_without_findings_has_an_empty_list(
    client: FlaskClient, seeded: Database
) -> None:
    publish(seeded, "nothing-in-it")
    assert findings(client, service="nothing-in-it") == []


def test_a_service_that_is_not_there_is_not_found(reader: FlaskClient) -> None:
    response = reader.get("/lint?service=nope")
    assert response.status_code == 404
    assert response.get_json()["type"].endswith("/docs/problems#unknown-service")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("rule=nope", "rule"),
        ("rule=", "rule"),
        ("rule=Code-Conflict", "rule"),
        ("rule=exception-ended", "rule"),
        ("rule=stale&rule=code-conflict", "rule"),
        ("service=a&service=b", "service"),
        ("severity=error", "severity"),
        ("limit=1", "limit"),
    ],
)
def test_an_unfit_parameter_is_refused_by_name(reader: FlaskClient, query: str, field: str) -> None:
    response = reader.get(f"/lint?{query}")
    assert response.status_code == 400
    assert [it["field"] for it in response.get_json()["errors"]] == [field]


@pytest.mark.parametrize("address", ["/lint", "/lint?rule=code-conflict", COVERAGE])
def test_who_has_the_state_already_is_not_sent_it_again(reader: FlaskClient, address: str) -> None:
    full = reader.get(address)
    assert full.headers["Cache-Control"] == "no-cache"
    again = reader.get(address, headers={"If-None-Match": full.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")


def test_the_findings_follow_every_edit_at_once(client: FlaskClient, seeded: Database) -> None:
    publish(seeded, "alpha", [code("777")], [MessageEdit("777", "ko", Texts("실패"))])
    tag = client.get("/lint").headers["ETag"]
    for text in ("Something else failed.", "It failed, and nobody knows why."):
        assert findings(client, service="alpha") == [
            it for it in expected(seeded) if it["service"] == "alpha"
        ]
        write(seeded, "alpha", MessageEdit("777", "en", Texts(text)))
        (stale,) = findings(client, service="alpha", rule="stale")
        assert (stale["code"], stale["locale"]) == ("777", "ko")
        write(seeded, "alpha", MessageEdit("777", "ko", Texts(f"실패 {len(text)}")))
        assert findings(client, service="alpha", rule="stale") == []
    write(seeded, "alpha", MessageEdit("777", "en", Texts("Trailing  spaces")))
    again = client.get("/lint", headers={"If-None-Match": tag})
    assert (again.status_code, again.headers["ETag"] == tag) == (200, False)


def test_an_empty_catalog_has_no_findings(empty_client: FlaskClient) -> None:
    assert findings(empty_client) == []


def test_coverage_tells_every_locale_of_a_service(client: FlaskClient, seeded: Database) -> None:
    publish(
        seeded,
        "alpha",
        [code("1"), code("2"), code("3")],
        [
            MessageEdit("1", "ko", Texts("하나")),
            MessageEdit("2", "ko", Texts("둘"), "needs_review"),
            MessageEdit("1", "ja", Texts("一")),
        ],
    )
    write(seeded, "alpha", MessageEdit("1", "en", Texts("Another meaning.")))
    answer = client.get("/services/alpha/coverage").get_json()
    names = ("locale", "codes", "translated", "stale", "needs_review", "missing")
    assert answer["next"] is None
    assert answer["items"] == [
        dict(zip(names, row, strict=True))
        for row in (
            ("en", 3, 3, 0, 0, 0),
            ("ja", 3, 1, 1, 0, 2),
            ("ko", 3, 2, 1, 1, 1),
        )
    ]


def test_coverage_is_that_of_the_catalog(client: FlaskClient, seeded: Database) -> None:
    with seeded.reading() as session:
        counted = [asdict(it) for it in coverage(session, SERVICE)]
    assert client.get(COVERAGE).get_json()["items"] == counted
    assert [it["locale"] for it in counted] == ["en", "ja", "ko"]


@pytest.mark.parametrize("limit", [1, 2, 3, 4])
def test_coverage_comes_in_pages(reader: FlaskClient, limit: int) -> None:
    everything = reader.get(COVERAGE).get_json()["items"]
    walked = list(pages(reader, f"{COVERAGE}?limit={limit}"))
    assert [it for page in walked for it in page] == everything
    assert [len(page) for page in walked[:-1]] == [limit] * (len(walked) - 1)
    assert 0 < len(walked[-1]) <= limit


def test_coverage_of_locales_that_are_added_between_two_pages_goes_on_behind_the_last(
    client: FlaskClient, seeded: Database
) -> None:
    publish(seeded, "alpha", [code("1")], [MessageEdit("1", "ko", Texts("하나"))])
    first = client.get("/services/alpha/coverage?limit=1").get_json()
    write(seeded, "alpha", MessageEdit("1", "de", Texts("Eins")))
    write(seeded, "alpha", MessageEdit("1", "zh", Texts("一")))
    rest = walk(client, first["next"])
    assert [it["locale"] for it in [*first["items"], *rest]] == ["en", "ko", "zh"]


def test_a_service_without_codes_has_no_coverage(client: FlaskClient, seeded: Database) -> None:
    publish(seeded, "alpha")
    assert client.get("/services/alpha/coverage").get_json() == {"items": [], "next": None}


def test_coverage_of_a_service_that_is_not_there_is_not_found(reader: FlaskClient) -> None:
    for address in ("/services/nope/coverage", "/services/nope/coverage?limit=0"):
        response = reader.get(address)
        assert response.status_code == 404
        assert response.get_json()["type"].endswith("/docs/problems#unknown-service")


@pytest.mark.parametrize(
    ("query", "field"),
    [("limit=0", "limit"), ("limit=501", "limit"), ("cursor=x", "cursor"), ("locale=ko", "locale")],
)
def test_an_unfit_parameter_of_coverage_is_refused_by_name(
    reader: FlaskClient, query: str, field: str
) -> None:
    response = reader.get(f"{COVERAGE}?{query}")
    assert response.status_code == 400
    assert [it["field"] for it in response.get_json()["errors"]] == [field]
