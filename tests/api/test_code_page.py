"""A code's address as a problem type: a page for people, JSON for programs, Markdown for tools."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from markdown_it import MarkdownIt

from app.catalog.edits.messages import MessageEdit
from app.catalog.edits.rows import Texts
from app.db import Database
from tests.api.accounts import Desk
from tests.api.making import KOREAN, LOOKUP, code, publish

MARKDOWN = {"Accept": "text/markdown"}
NASTY = "<script>alert(1)</script> | [x](javascript:y) `a` **b**\n# c"


def test_the_type_of_a_problem_resolves_for_people_programs_and_tools(reader: FlaskClient) -> None:
    address = reader.get(LOOKUP).get_json()["type"]
    path = address.removeprefix("http://127.0.0.1:8000")
    people = reader.get(path, headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert people.status_code == 303
    assert people.headers["Location"].endswith(f"/browse{path}")
    assert reader.get(path, headers={"Accept": "application/json"}).is_json
    tools = reader.get(path, headers=MARKDOWN)
    assert tools.headers["Content-Type"] == "text/markdown; charset=utf-8"


def test_the_page_says_what_the_json_says(reader: FlaskClient) -> None:
    response = reader.get(f"{LOOKUP}?locale=ko", headers=MARKDOWN)
    assert response.text == (
        "# document-recognizer 4000122\n\n| | |\n|---|---|\n"
        f"| Message | {KOREAN} |\n"
        "| Key | AUTHENTICITY_REQUEST_KEY_INVALID |\n"
        "| HTTP status | 400 |\n"
        "| Status | active |\n"
        "| Address | http://127.0.0.1:8000/services/document-recognizer/codes/4000122 |\n"
    )
    assert response.headers["Content-Language"] == "ko"


@pytest.mark.parametrize(
    ("accepted", "media_type"),
    [
        ("text/markdown", "text/markdown"),
        ("text/markdown; charset=utf-8", "text/markdown"),
        ("text/markdown;variant=GFM;q=0.9, */*;q=0.1", "text/markdown"),
        ("text/markdown, text/html;q=0.9, */*;q=0.5", "text/markdown"),
        ("text/markdown;q=0.5, application/json", "application/json"),
        ("text/markdown, application/json", "application/json"),
        ("*/*", "application/json"),
        ("text/markdown;q=0", "application/json"),
        ("nonsense", "application/json"),
    ],
)
def test_who_prefers_it_gets_it(reader: FlaskClient, accepted: str, media_type: str) -> None:
    response = reader.get(LOOKUP, headers={"Accept": accepted})
    assert (response.status_code, response.mimetype) == (200, media_type)
    assert "Accept" in response.vary


def test_people_come_before_tools_where_both_are_as_welcome(reader: FlaskClient) -> None:
    accepted = {"Accept": "text/html, text/markdown, application/json;q=0.5"}
    assert reader.get(LOOKUP, headers=accepted).status_code == 303


def test_each_has_its_own_tag_of_one_state(reader: FlaskClient, desk: Desk) -> None:
    page, data = reader.get(LOOKUP, headers=MARKDOWN), reader.get(LOOKUP)
    assert page.headers["ETag"] != data.headers["ETag"]
    again = reader.get(LOOKUP, headers=MARKDOWN | {"If-None-Match": page.headers["ETag"]})
    assert again.status_code == 304
    # Whoever saw the page may edit what it showed.
    tag = desk.by("eda").get(LOOKUP, headers=MARKDOWN).headers["ETag"]
    edited = desk.by("eda").patch(LOOKUP, {"http_status": 401, "breaking": "It is 401"}, tag=tag)
    assert (edited.status_code, edited.mimetype) == (200, "application/json")


def test_a_text_is_never_markup(client: FlaskClient, seeded: Database) -> None:
    publish(
        seeded,
        "svc",
        [code("1", NASTY, key="<b>")],
        [MessageEdit("1", "ko", Texts(None, NASTY, NASTY))],
    )
    page = client.get("/services/svc/codes/1?locale=ko", headers=MARKDOWN).text
    tokens = MarkdownIt("commonmark").enable("table").parse(page)
    inline = [it for token in tokens for it in token.children or ()]
    assert {it.type for it in inline} <= {"text", "html_inline", "softbreak", "text_special"}
    assert {it.content for it in inline if it.type == "html_inline"} <= {"<br>"}
    assert page.count("alert(1)") == 3


def test_what_goes_wrong_is_a_problem_as_ever(reader: FlaskClient) -> None:
    response = reader.get(f"{LOOKUP}9", headers=MARKDOWN)
    assert (response.status_code, response.mimetype) == (404, "application/problem+json")
