from __future__ import annotations

import importlib.resources
import json
import os
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from error_catalog_client import Catalog, CatalogError, Status
from tests.cli.test_serving import free_port
from tests.client.answering import Request, answering, http, serving, silent_port
from tests.client.making import SERVICE, a_bundle, a_code, an_answer
from tests.client.watching import Watch


def says(message: str, locale: str = "en", service: str = SERVICE, **fields: Any) -> bytes:
    """A bundle with one code that says this."""
    return a_bundle(
        a_code(message=message, locale=locale), locale=locale, service=service, **fields
    )


def offline(**given: Any) -> Catalog:
    """A catalog that nobody answers."""
    settings = {"services": SERVICE, "locales": ["en"], "wait": 0, **given}
    return Catalog(f"http://127.0.0.1:{free_port()}", **settings)


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    file = tmp_path / "shipped.json"
    file.write_bytes(says("Shipped."))
    return file


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A cache as an earlier run left it."""
    file = tmp_path / "cache" / "errors.json"
    with (
        answering(serving(an_answer(says("Kept.")))) as server,
        Catalog(server.url, SERVICE, "en", cache=file, wait=30),
    ):
        pass
    return file


def test_what_the_catalog_answers_is_trusted_most(shipped: Path, kept: Path) -> None:
    watch = Watch()
    with (
        answering(serving(an_answer(says("Live.")))) as server,
        Catalog(server.url, SERVICE, "en", cache=kept, bootstrap=shipped, observe=watch) as catalog,
    ):
        watch.wait_for("refreshed")
        assert catalog.message("4000122") == "Live."
        assert catalog.status().source == "live"


def test_the_disk_is_trusted_more_than_the_bootstrap(shipped: Path, kept: Path) -> None:
    os.utime(kept, (time.time() - 1_000, time.time() - 1_000))
    with offline(cache=kept, bootstrap=shipped) as catalog:
        assert catalog.message("4000122") == "Kept."
        status = catalog.status()
    assert (status.source, status.revision) == ("disk", 207)
    assert status.age == pytest.approx(1_000, abs=60)


def test_without_either_the_bootstrap_is_told(shipped: Path, tmp_path: Path) -> None:
    with offline(cache=tmp_path / "none.json", bootstrap=shipped) as catalog:
        assert catalog.message("4000122") == "Shipped."
        status = catalog.status()
    assert status.source == "bootstrap"
    assert status.age is not None
    assert status.age > 100_000


def test_without_anything_a_code_is_told_as_it_is() -> None:
    with offline() as catalog:
        assert catalog.message("4000122") == "4000122"
        assert catalog.entry("4000122") is None
        assert catalog.problem("4000122")["status"] == 500
        assert catalog.status().source == "none"
        assert catalog.status().age is None


def test_each_locale_is_had_from_where_it_is(shipped: Path, kept: Path, tmp_path: Path) -> None:
    korean = tmp_path / "korean.json"
    korean.write_bytes(says("배송됨.", "ko"))
    given = {"locales": ["en", "ko", "ja"], "cache": kept, "bootstrap": [shipped, korean]}
    with offline(**given) as catalog:
        assert catalog.message("4000122", "en") == "Kept."
        assert catalog.message("4000122", "ko") == "배송됨."
        assert catalog.message("4000122", "ja") == "Kept."
        assert catalog.status().source == "none"


@pytest.mark.parametrize("content", [b"", b"\x00" * 1_000, b"{}", b"[]\n", b"\xff\n"])
def test_files_that_cannot_be_read_are_told_and_passed_over(
    tmp_path: Path, shipped: Path, content: bytes
) -> None:
    broken, watch = tmp_path / "broken.json", Watch()
    broken.write_bytes(content)
    bootstrap = [broken, tmp_path / "missing.json", tmp_path, shipped]
    with offline(cache=broken, bootstrap=bootstrap, observe=watch) as catalog:
        assert catalog.message("4000122") == "Shipped."
    errors = [event.error or "" for event in watch.events if event.kind == "unreadable"]
    assert len(errors) == 4
    assert "missing.json" in errors[1]
    assert str(broken) in errors[3]


def test_a_bootstrap_may_be_a_resource_or_fail_in_its_own_way(shipped: Path) -> None:
    class Failing:
        def read_bytes(self) -> bytes:
            raise KeyError("no such resource")

    resource = importlib.resources.files("error_catalog_client").joinpath("py.typed")
    with offline(bootstrap=[resource, Failing(), str(shipped)]) as catalog:
        assert catalog.message("4000122") == "Shipped."


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


def test_after_a_start_what_is_kept_is_only_confirmed(kept: Path) -> None:
    watch = Watch()
    port = json.loads(kept.read_bytes().splitlines()[0])["address"].split(":")[2].split("/")[0]
    with (
        answering(serving(an_answer(says("Kept."))), int(port)) as server,
        Catalog(server.url, SERVICE, "en", cache=kept, observe=watch) as catalog,
    ):
        watch.wait_for("unchanged")
        assert watch.kinds() == ["unchanged"]
        assert catalog.status().source == "live"
        assert catalog.message("4000122") == "Kept."


def test_what_is_kept_of_less_is_asked_for_anew(kept: Path) -> None:
    watch = Watch()
    with (
        answering(serving(an_answer(says("Live."), says("라이브.", "ko")))) as server,
        Catalog(server.url, SERVICE, ["en", "ko"], cache=kept, observe=watch, wait=30),
    ):
        watch.wait_for("refreshed")
    assert server.requests[0].headers["If-None-Match"] is None


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
