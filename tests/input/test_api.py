"""Requests made of the OpenAPI document, one by one and one out of another's answer: each answer is
as declared, whoever asks. tests/contract/test_openapi.py is the short form of the first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    ignored_auth,
    negative_data_rejection,
    positive_data_acceptance,
)

from app.db import Database
from tests.api.accounts import Office
from tests.api.reading import APP
from tests.contract.routes import READING_POST
from tests.contract.test_openapi import SCHEMA, UNPACKED, Scribe, put_there, scribe
from tests.databases import copied, url_of
from tests.input.tally import Tally

__all__ = ["scribe"]

CHECK = "schemathesis, over OpenAPI"
SEEDS = pytest.mark.parametrize("number", [1, 2, 3])
CALLERS = pytest.mark.parametrize("has_token", [True, False], ids=["admin", "nobody"])
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations() if isinstance(found, Ok)]
COMMON = settings(
    deadline=None, suppress_health_check=list(HealthCheck), database=None, derandomize=False
)


@pytest.fixture(autouse=True)
def catalog(reader: FlaskClient, scribe: Scribe) -> Iterator[Scribe]:
    """The application answers from a catalog that may be edited."""
    assert reader.application is APP
    with scribe.at_work():
        yield scribe


def not_checked(case: schemathesis.Case[Any]) -> list[Any]:
    """The checks that do not fit a request."""
    # A cursor or a locale that was made up fits its schema and is refused all the same; the token
    # that is sent is always the caller's own.
    excluded: list[Any] = [positive_data_acceptance, ignored_auth]
    if case.path.endswith(("/import", "/check")):
        # A document is any text: what is wrong with it is told row by row.
        excluded.append(negative_data_rejection)
    if case.path in READING_POST:
        # GET of that address is the lookup of a code that happens to be called so.
        excluded.append(allow_header_conformance)
    return excluded


@SEEDS
@CALLERS
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_whatever_is_sent_the_answer_is_as_declared(
    operation: Any, has_token: bool, number: int, catalog: Scribe, tally: Tally
) -> None:
    headers = UNPACKED | (catalog.headers if has_token else {})

    @seed(number)
    @settings(COMMON, max_examples=25)
    @given(operation.as_strategy(), st.booleans())
    def run(case: schemathesis.Case[Any], is_there: bool) -> None:
        if is_there:
            put_there(case)
        tally.tried += 1
        case.call_and_validate(headers=headers, excluded_checks=not_checked(case))

    run()


@SEEDS
@CALLERS
def test_what_follows_from_an_answer_is_answered_as_declared(
    has_token: bool, number: int, office: Office, tally: Tally, tmp_path: Path
) -> None:
    file = tmp_path / "walked.sqlite3"
    scribe = Scribe(Database(url_of(file)), office.tokens["ada"])
    headers = UNPACKED | (scribe.headers if has_token else {})
    made: Any = SCHEMA.as_state_machine()

    class Walk(made):  # type: ignore[misc]
        """Requests that take what they need from the answers to others."""

        def setup(self) -> None:
            """Begin with the same catalog each time, that the same steps have the same answers.

            What the application remembers of a state of one must not be taken for the other's.
            """
            APP.extensions["catalog"].database.dispose()
            APP.extensions["catalog"].database = Database(url_of(copied(office.file, file)))

        def validate_response(self, response: Any, case: Any, *_: Any, **__: Any) -> None:
            """Hold each answer against the checks."""
            tally.tried += 1
            case.validate_response(response, excluded_checks=not_checked(case))

        def get_call_kwargs(self, _case: Any) -> dict[str, Any]:
            """The caller's headers go with each."""
            return {"headers": headers}

    with scribe.at_work():
        run_state_machine_as_test(
            seed(number)(Walk),
            settings=settings(COMMON, max_examples=30, stateful_step_count=20),
        )
        APP.extensions["catalog"].database.dispose()
    assert tally.tried
