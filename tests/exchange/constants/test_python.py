"""Constants for Python, imported and looked at."""

from __future__ import annotations

import ast
import inspect
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given, settings

from app.exchange.constants.python import write
from app.exchange.document import Export
from tests.exchange.outgoing import HOSTILE, TEXTS, export, item

NAME = "DocumentRecognizerErrorCode"


def imported(document: Export) -> Any:
    """The enumeration of a document, as a program imports it."""
    module: dict[str, Any] = {"__name__": "errors"}
    # From bytes, as from a file: only then the encoding that a comment may tell of counts.
    exec(compile(write(document).encode(), "errors.py", "exec"), module)  # noqa: S102
    assert set(module) == {"__name__", "__builtins__", "__doc__", "StrEnum", NAME}
    return module[NAME]


def documented(document: Export) -> dict[str, str]:
    """The text below each member, as editors show it; fails at anything else in the class."""
    _, _, enumeration = ast.parse(write(document)).body
    assert isinstance(enumeration, ast.ClassDef)
    texts: dict[str, str] = {}
    for statement in enumeration.body[1:]:
        if isinstance(statement, ast.Assign):
            (target,) = statement.targets
            texts[ast.unparse(target)] = ""
        else:
            assert isinstance(statement, ast.Expr)
            assert isinstance(statement.value, ast.Constant)
            texts[list(texts)[-1]] = inspect.cleandoc(str(statement.value.value))
    return texts


def test_a_code_is_a_member_that_is_equal_to_it() -> None:
    errors = imported(export(item("0", "SUCCESS"), item("-1"), item("4000001", "INVALID")))
    assert issubclass(errors, StrEnum)
    assert {it.name: it.value for it in errors} == {
        "SUCCESS": "0",
        "ERROR_MINUS_1": "-1",
        "INVALID": "4000001",
    }
    assert errors("4000001") is errors.INVALID
    assert errors.INVALID == "4000001"


def test_a_member_says_what_it_means_and_what_to_use_in_its_place() -> None:
    document = export(
        item("1", "A", "First\nsecond", description="Why\nso.", http_status=404),
        item("2", "B", None, status="deprecated", replaced_by="1"),
        item("3", "C", "Three", status="retired"),
        item("4", "D", "Four", status="deprecated", replaced_by="999"),
    )
    assert documented(document) == {
        "A": "First\n\nWhy\n\nso.\n\nHTTP status 404.",
        "B": "the source\n\nDeprecated: Use A instead.",
        "C": "Three\n\nDeprecated: Retired. It has no successor.",
        "D": "Four\n\nDeprecated: Use 999 instead.",
    }


def test_a_module_says_where_it_is_from_and_not_when() -> None:
    assert write(export(item("1", "A", "One"), title="Pose")) == (
        '"""The error codes of Pose in ko, '
        'generated from the catalog by `error-catalog export`."""\n'
        "\n"
        "from enum import StrEnum\n"
        "\n"
        "\n"
        f"class {NAME}(StrEnum):\n"
        '    """The error codes of Pose."""\n'
        "\n"
        '    A = "1"\n'
        '    """One"""\n'
    )


def test_a_service_without_codes_is_an_enumeration_without_members() -> None:
    assert list(imported(export())) == []


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_that_tries_to_be_more_is_a_text(text: str) -> None:
    items = item("1", "A", text), item("2", "B", description=text)
    assert [it.value for it in imported(export(*items, title=text))] == ["1", "2"]


@settings(deadline=None, max_examples=30)
@given(TEXTS, TEXTS)
def test_no_text_whatever_gets_out_of_the_documentation(message: str, description: str) -> None:
    document = export(item("1", "A", message), item("2", "B", description=description))
    assert [it.value for it in imported(document)] == ["1", "2"]
    assert documented(document).keys() == {"A", "B"}
