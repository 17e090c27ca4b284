"""Flask answers what is raised of the catalog in the caller's language."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import flask
import pytest

from error_catalog_client import Catalog, CatalogError
from error_catalog_client.flask import register
from tests.client.handling import Answer, Case, each_case, go_wrong, shipped_catalog


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with shipped_catalog(tmp_path) as catalog:
        yield catalog


@pytest.fixture
def app(catalog: Catalog) -> flask.Flask:
    """An application in which everything goes wrong."""
    app = flask.Flask(__name__)
    app.add_url_rule("/wrong/<name>", view_func=go_wrong)
    register(app, catalog)
    return app


def ask(app: flask.Flask, path: str, languages: str = "", **options: Any) -> Answer:
    """What an application answers to a caller of these languages."""
    headers = {"Accept-Language": languages} if languages else {}
    response = app.test_client().open(path, headers=headers, **options)
    return Answer(response.status_code, dict(response.headers), response.data)


@each_case
def test_an_error_is_answered_in_the_callers_language(app: flask.Flask, case: Case) -> None:
    case.check(ask(app, f"/wrong/{case.name}", case.languages), f"/wrong/{case.name}")


def test_an_error_in_an_async_view_is_answered(app: flask.Flask) -> None:
    @app.get("/later")
    async def later() -> str:
        go_wrong("plain")

    assert ask(app, "/later", "ko").problem["detail"] == "요청 키가 만료되었습니다."


def test_an_error_before_the_view_is_answered(app: flask.Flask) -> None:
    app.before_request(lambda: go_wrong("english-only"))
    assert ask(app, "/wrong/plain").status == 401


def test_the_instance_is_what_the_caller_asked_for_below_a_prefix(app: flask.Flask) -> None:
    app.add_url_rule("/서류/<name>", view_func=go_wrong, endpoint="korean")
    answer = ask(app, "/서류/plain", base_url="http://localhost/v 1/")
    assert answer.problem["instance"] == "/v%201/%EC%84%9C%EB%A5%98/plain"


def test_what_else_goes_wrong_is_the_applications_own(app: flask.Flask) -> None:
    app.add_url_rule("/divided", view_func=lambda: str(1 // 0))
    assert ask(app, "/nowhere").headers["Content-Type"] == "text/html; charset=utf-8"
    assert ask(app, "/divided").status == 500


def test_a_blueprint_answers_what_is_raised_in_it_and_nothing_else(catalog: Catalog) -> None:
    app = flask.Flask(__name__)
    blueprint = flask.Blueprint("documents", __name__)
    blueprint.add_url_rule("/inside", view_func=lambda: go_wrong("plain"))
    register(blueprint, catalog)
    app.register_blueprint(blueprint)
    app.add_url_rule("/outside", view_func=lambda: go_wrong("plain"))
    app.testing = True
    assert ask(app, "/inside").status == 400
    with pytest.raises(CatalogError, match="4000122"):
        ask(app, "/outside")


def test_what_the_application_varies_on_besides_is_kept(app: flask.Flask) -> None:
    app.secret_key = "of a test"  # noqa: S105

    @app.before_request
    def sign_in() -> None:
        flask.session["name"] = "mina"

    assert ask(app, "/wrong/plain").headers["Vary"] == "Accept-Language, Cookie"


def test_head_is_answered_without_a_body(app: flask.Flask) -> None:
    answer = ask(app, "/wrong/plain", "ko", method="HEAD")
    assert (answer.status, answer.headers["Content-Language"], answer.body) == (400, "ko", b"")
