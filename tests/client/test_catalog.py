from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterable
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from error_catalog_client import Catalog, CatalogError, Status
from tests.cli.test_serving import free_port
from tests.client.answering import Request, answering, http, serving, silent_port
from tests.client.making import SERVICE, a_bundle, a_code, an_answer


def says(message: str, locale: str = "en", service: str = SERVICE, **fields: Any) -> bytes:
    """A bundle with one code that says this."""
    return a_bundle(
        a_code(message=message, locale=locale), locale=locale, service=service, **fields
    )


def offline(**given: Any) -> Catalog:
    """A catalog that nobody answers."""
    url = f"http://127.0.0.1:{free_port()}"
    settings = {"url": url, "services": SERVICE, "locales": ["en"], "wait": 0, **given}
    return Catalog(**settings)


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    file = tmp_path / "shipped.json"
    file.write_bytes(says("Shipped."))
    return file


def test_without_anything_a_code_is_told_as_it_is() -> None:
    with offline() as catalog:
        assert catalog.message("4000122") == "4000122"
        assert catalog.entry("4000122") is None
        assert catalog.problem("4000122")["status"] == 500
        assert catalog.status().source == "none"
        assert catalog.status().age is None


def test_the_first_answer_is_waited_for_where_something_is_missing() -> None:
    is_asked = threading.Event()

    def answer(request: Request) -> Iterable[bytes]:
        is_asked.set()
        return serving(an_answer(says("Live.")))(request)

    with answering(answer) as server, Catalog(server.url, SERVICE, "en", wait=30) as catalog:
        assert is_asked.is_set()
        assert catalog.message("4000122") == "Live."


def test_nobody_is_waited_for_where_everything_is_there(shipped: Path) -> None:
    begin = time.monotonic()
    with silent_port() as port:
        url = f"http://127.0.0.1:{port}"
        with Catalog(url, SERVICE, "en", bootstrap=shipped, wait=30) as catalog:
            assert time.monotonic() - begin < 10
            assert catalog.message("4000122") == "Shipped."


def test_a_catalog_that_is_silent_is_not_waited_for_longer_than_asked() -> None:
    begin = time.monotonic()
    with silent_port() as port, Catalog(f"http://127.0.0.1:{port}", SERVICE, wait=0.1) as catalog:
        assert 0.1 <= time.monotonic() - begin < 10
        assert catalog.message("4000122") == "4000122"


@pytest.fixture
def two() -> Iterable[Catalog]:
    """A catalog of two services, both with a code 1, and the second with a code 2."""
    answer = an_answer(
        a_bundle(a_code("1", "One of a."), service="a"),
        a_bundle(a_code("1", "One of b."), a_code("2", "Two of b."), service="b"),
    )
    with answering(serving(answer)) as server, Catalog(server.url, ["a", "b"], wait=30) as catalog:
        yield catalog


def test_straight_the_first_service_that_has_the_code_answers(two: Catalog) -> None:
    assert two.message("1") == "One of a."
    assert two.message(2) == "Two of b."  # type: ignore[arg-type]
    assert two.message("3") == "3"
    entry = two.entry("2")
    assert entry is not None
    assert entry.service == "b"
    assert two.problem("2", instance="/x")["detail"] == "Two of b."
    assert "service" not in two.problem("3")
    assert two.service("b").message("1") == "One of b."


def test_a_service_that_is_not_configured_knows_nothing(two: Catalog) -> None:
    other: Any
    for other in ("c", "", None, [], 5):
        assert two.service(other).message("1") == "1"
        assert two.service(other).status() == Status("none", None, None)
    assert two.service("c").problem("1")["service"] == "c"


def test_an_error_is_a_problem_of_the_service_that_it_names(two: Catalog) -> None:
    assert two.problem_for(CatalogError("1"))["detail"] == "One of a."
    told = two.problem_for(CatalogError("1", service="b", status=410), "en", "/x")
    assert (told["detail"], told["status"], told["instance"]) == ("One of b.", 410, "/x")
    assert two.problem_for(CatalogError("1", service="c"))["detail"] == "1"


class Name(Enum):
    B = "b"


@pytest.mark.parametrize(("service", "name"), [(Name.B, "Name.B"), (5, "5"), (["b"], "['b']")])
def test_what_is_no_name_of_a_service_is_told_as_text(
    two: Catalog, service: Any, name: str
) -> None:
    told = two.problem_for(CatalogError("1", service=service))
    assert (told["service"], told["detail"]) == (name, "1")
    assert json.dumps(told)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("ko-KR,ko;q=0.9,en;q=0.5", "ko"),
        ("fr;q=1, KO;q=0.1", "ko"),
        ("fr", "en"),
        ("*", "en"),
        ("", "en"),
        (None, "en"),
        (5, "en"),
        ("q" * 1_000_000, "en"),
    ],
)
def test_a_callers_languages_lead_to_a_locale(header: Any, expected: str) -> None:
    with offline(locales=["en", "ko"]) as catalog:
        assert catalog.locale_for(header) == expected


def test_without_locales_each_service_is_told_in_its_default_one() -> None:
    answer = an_answer(
        says("하나", "ko", service="a", default_locale="ko"), says("One.", service="b")
    )
    with answering(serving(answer)) as server, Catalog(server.url, ["a", "b"], wait=30) as catalog:
        assert catalog.service("a").message("4000122") == "하나"
        assert catalog.service("b").message("4000122") == "One."
        assert catalog.locale_for("en") == "en"
        assert catalog.locale_for("fr") == "ko"
        assert server.requests[0].target == "/bundle?service=a&service=b"


def test_without_anything_a_locale_is_not_determined() -> None:
    with offline(locales=[]) as catalog:
        assert catalog.locale_for("ko") == "und"


def test_services_tell_of_themselves(two: Catalog) -> None:
    assert two.service("a").status().source == "live"
    assert two.status().revision == 207


def test_a_catalog_that_is_closed_answers_still(shipped: Path) -> None:
    catalog = offline(bootstrap=shipped)
    catalog.close()
    catalog.close()
    assert catalog.message("4000122") == "Shipped."
    assert catalog.status().source == "bootstrap"


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"services": []}, ValueError),
        ({"locales": ["ko_KR"]}, ValueError),
        ({"refresh": 0}, ValueError),
        ({"bootstrap": 5}, TypeError),
        ({"cache": 5}, TypeError),
        ({"cache": ""}, ValueError),
        ({"cache": "/"}, ValueError),
        ({"cache": "errors\0.json"}, ValueError),
        ({"cache": "\ud83d.json"}, ValueError),
        ({"observe": "log"}, TypeError),
    ],
)
def test_what_is_set_up_wrongly_is_refused(given: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        offline(**given)


def test_a_service_that_the_catalog_lacks_is_told() -> None:
    body = b'{"status":404,"detail":"There is no service ocr."}'
    with (
        answering(lambda _: [http(body, "404 Not Found")]) as server,
        Catalog(server.url, SERVICE, wait=30) as catalog,
    ):
        assert catalog.status().error == "the catalog answers 404: There is no service ocr."
