"""Forms: what was typed, what is wrong with it, and nothing of it lost."""

from __future__ import annotations

import pytest
from flask import Flask

from app.edge.problems import FieldError
from app.pages.forms import Form, as_shown, brought_up, listed, or_none, typed
from tests.api.accounts import Desk
from tests.pages.visiting import visitor


@pytest.fixture
def app(desk: Desk) -> Flask:
    """An application whose requests are made up."""
    return desk.app


def test_line_ends_are_those_of_the_catalog_and_all_else_stays(app: Flask) -> None:
    sent = {"text": "one\r\ntwo\nthree \r\n", "other": "x"}
    with app.test_request_context("/browse", method="POST", data=sent):
        assert typed("text", "missing") == {"text": "one\ntwo\nthree \n", "missing": ""}


def test_nothing_but_white_space_is_nothing() -> None:
    assert [or_none(it) for it in ("", " ", "\n\t ", "\u3000", " a ")] == [None] * 4 + [" a "]


@pytest.mark.parametrize(
    ("value", "expected"),
    [("", []), ("ko", ["ko"]), ("ko, ja", ["ko", "ja"]), (" ko\tja,,en ", ["ko", "ja", "en"])],
)
def test_a_list_is_separated_as_one_likes(value: str, expected: list[str]) -> None:
    assert listed(value) == expected


def test_a_form_knows_what_is_wrong_with_each_field() -> None:
    errors = [FieldError("a", "first"), FieldError("a", "second"), FieldError("", "all")]
    form = Form({"a": "x"}, errors)
    assert (form.value("a"), form.value("b")) == ("x", "")
    assert (form.error("a"), form.error("b"), form.error("")) == ("first", None, "all")
    assert (form.checked("a"), form.checked("b")) == (True, False)


def test_fields_that_nobody_touched_show_what_is_there_now() -> None:
    shown = as_shown({"text": "old", "remedy": "old too"}, ("text", "remedy"))
    given = {"text": "mine", "remedy": "old too", **shown}
    now = {"text": "theirs", "remedy": "theirs too"}
    found = brought_up(given, now, ("text", "remedy"))
    assert (found["text"], found["remedy"]) == ("mine", "theirs too")
    # From now on it is held against what it then showed.
    assert as_shown(now, ("text", "remedy")).items() <= found.items()


def test_what_is_wrong_is_told_first_and_at_its_field(desk: Desk) -> None:
    nobody = visitor(desk)
    page = nobody.send(
        nobody.open("/browse/sign-in"), {"name": "tara", "password": "x"}, status=422
    )
    summary = page.one("[role=alert]")
    assert summary.has_attr("data-focus")
    assert summary["tabindex"] == "-1"
    (link,) = summary.select("a")
    field = page.one(str(link["href"]))
    assert field["aria-invalid"] == "true"
    described = page.one(f"#{str(field['aria-describedby']).strip()}")
    assert "is not right" in described.get_text()
    assert page.one(f"label[for={field['id']}]").get_text() == link.get_text() == "Password"
