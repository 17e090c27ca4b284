"""What the handlers share: where a problem occurred, as a reference."""

from __future__ import annotations

import json
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from error_catalog_client import CatalogError
from error_catalog_client._answers import answer_to
from error_catalog_client._holdings import Holdings
from tests.client.handling import shipped_catalog
from tests.client.making import SERVICE


@pytest.mark.parametrize(
    ("path", "instance"),
    [
        ("/documents", "/documents"),
        ("/", "/"),
        ("", "/"),
        ("/서류/a b?c#d%", "/%EC%84%9C%EB%A5%98/a%20b%3Fc%23d%25"),
        ("/a:b@c;d=e,f", "/a:b@c;d=e,f"),
        ("//evil.example/x", "/evil.example/x"),
        ("/\udcff\x00", "/%3F%00"),
    ],
)
def test_the_instance_is_the_path_as_a_reference_to_the_same_host(
    tmp_path: Path, path: str, instance: str
) -> None:
    with shipped_catalog(tmp_path) as catalog:
        answer = answer_to(catalog, CatalogError("4000122"), "", path)
    assert json.loads(answer.body)["instance"] == instance


def raised(code: str, **given: Any) -> CatalogError:
    """An error as it is handled: with a trace, and with what led to it."""
    try:
        try:
            raise OSError("the disk is full")
        except OSError as error:
            raise CatalogError(code, **given) from error
    except CatalogError as error:
        return error


def test_an_error_of_the_server_is_logged_with_its_cause(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with shipped_catalog(tmp_path) as catalog:
        caplog.clear()
        for error in (raised("999"), raised("4000122", status=503), raised("4000122")):
            answer_to(catalog, error, "", "/documents")
    logged = [it for it in caplog.records if it.levelname == "ERROR"]
    assert [it.getMessage() for it in logged] == [
        "999 is answered with 500",
        "4000122 is answered with 503",
    ]
    assert {it.name for it in logged} == {"error_catalog_client"}
    assert "the disk is full" in caplog.text


class Members(Enum):
    ERRORS = "errors"


@pytest.mark.parametrize("service", [5, Members.ERRORS, None, ["errors"]])
def test_an_error_of_an_odd_service_is_answered(tmp_path: Path, service: Any) -> None:
    with shipped_catalog(tmp_path) as catalog:
        answer = answer_to(catalog, CatalogError("4000122", service=service), "", "/")
    assert json.loads(answer.body)["code"] == "4000122"


def test_the_language_is_that_of_the_message_also_while_it_is_replaced(tmp_path: Path) -> None:
    with shipped_catalog(tmp_path) as catalog:
        service = catalog.service(SERVICE)
        before = service._holdings

        class Replaced(Holdings):
            """What is known at the first look, and not any more at the next."""

            looks = 0

            def find(self, code: str, locale: object) -> tuple[str, str] | None:
                self.looks += 1
                return before.find(code, locale) if self.looks == 1 else None

        service._hold(Replaced({"en": None}))
        answer = answer_to(catalog, CatalogError("4000122"), "ko", "/")
    assert answer.headers["Content-Language"] == "ko"
    assert json.loads(answer.body)["detail"] == "요청 키가 만료되었습니다."
