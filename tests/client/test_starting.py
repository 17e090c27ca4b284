from __future__ import annotations

import importlib.resources
import json
import os
import time
from pathlib import Path

import pytest

from error_catalog_client import Catalog
from tests.cli.test_serving import free_port
from tests.client.answering import answering, serving
from tests.client.making import SERVICE, a_bundle, a_code, an_answer
from tests.client.test_catalog import offline, says
from tests.client.watching import Watch


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


def home_of(kept: Path) -> str:
    """The address of the catalog that a cache is of."""
    address: str = json.loads(kept.read_bytes().splitlines()[0])["address"]
    return address.partition("/bundle")[0]


def port_of(kept: Path) -> int:
    return int(home_of(kept).rpartition(":")[2])


def test_what_the_catalog_answers_is_trusted_most(shipped: Path, kept: Path) -> None:
    watch = Watch()
    with (
        answering(serving(an_answer(says("Live."))), port_of(kept)) as server,
        Catalog(server.url, SERVICE, "en", cache=kept, bootstrap=shipped, observe=watch) as catalog,
    ):
        watch.wait_for("refreshed")
        assert catalog.message("4000122") == "Live."
        assert catalog.status().source == "live"


def test_the_disk_is_trusted_more_than_the_bootstrap(shipped: Path, kept: Path) -> None:
    os.utime(kept, (time.time() - 1_000, time.time() - 1_000))
    with offline(url=home_of(kept), cache=kept, bootstrap=shipped) as catalog:
        assert catalog.message("4000122") == "Kept."
        status = catalog.status()
    assert (status.source, status.revision) == ("disk", 207)
    assert status.age == pytest.approx(1_000, abs=60)


def test_a_bootstrap_of_before_a_restore_is_older_than_the_disk_of_after_it(tmp_path: Path) -> None:
    kept, shipped = tmp_path / "kept.json", tmp_path / "shipped.json"
    after = a_bundle(a_code(message="Restored."), revision=207, epoch="20261127T100000Z-00000000")
    before = {"revision": 300, "epoch": "20261126T100000Z-ffffffff"}
    with (
        answering(serving(an_answer(after))) as server,
        Catalog(server.url, SERVICE, "en", cache=kept, wait=30),
    ):
        pass
    shipped.write_bytes(a_bundle(a_code(message="Edited."), **before))
    with offline(url=home_of(kept), cache=kept, bootstrap=shipped) as catalog:
        assert catalog.message("4000122") == "Restored."
        assert (catalog.status().source, catalog.status().revision) == ("disk", 207)


def test_a_bootstrap_that_is_newer_than_the_disk_is_trusted_more(
    kept: Path, tmp_path: Path
) -> None:
    newer, watch = tmp_path / "newer.json", Watch()
    newer.write_bytes(a_bundle(a_code(message="Newer."), a_code("5", "Only here."), revision=208))
    given = {"cache": kept, "bootstrap": newer, "observe": watch}
    with offline(url=home_of(kept), **given) as catalog:
        assert catalog.message("4000122") == "Newer."
        assert catalog.message("5") == "Only here."
        assert (catalog.status().source, catalog.status().revision) == ("bootstrap", 208)
    # The catalog must not confirm it as what was kept.
    watch.events.clear()
    with (
        answering(serving(an_answer(says("Kept."))), port_of(kept)) as server,
        offline(url=server.url, **given) as catalog,
    ):
        watch.wait_for("refreshed")
        assert catalog.message("4000122") == "Kept."
    assert server.requests[0].headers["If-None-Match"] is None


@pytest.mark.parametrize("path", ["", "/staging"])
def test_what_is_kept_of_another_catalog_is_told_and_passed_over(kept: Path, path: str) -> None:
    watch = Watch()
    url = home_of(kept) + path if path else f"http://127.0.0.1:{free_port()}"
    with offline(url=url, cache=kept, observe=watch) as catalog:
        assert catalog.message("4000122") == "4000122"
        assert catalog.status().source == "none"
    error = str(watch.events[0].error)
    assert error == f"{kept}: it is of another catalog, {home_of(kept)}"


@pytest.mark.parametrize(
    "first", [b"[" * 100_000, b'{"format":1,"etag":' + b"[" * 2_000 + b"]" * 2_000 + b"}"]
)
def test_a_cache_that_is_nested_too_deep_is_told_and_passed_over(
    shipped: Path, tmp_path: Path, first: bytes
) -> None:
    file, watch = tmp_path / "errors.json", Watch()
    file.write_bytes(first + b"\nx")
    with offline(cache=file, bootstrap=shipped, observe=watch) as catalog:
        assert catalog.message("4000122") == "Shipped."
    assert watch.events[0].kind == "unreadable"
    assert str(file) in str(watch.events[0].error)


def test_a_bootstrap_of_something_else_is_told(shipped: Path) -> None:
    watch = Watch()
    with offline(locales=["ko"], bootstrap=shipped, observe=watch) as catalog:
        assert catalog.message("4000122") == "4000122"
    event = watch.events[0]
    assert (event.kind, event.error) == (
        "unreadable",
        f"{shipped}: it holds nothing that is asked for",
    )


def test_a_cache_and_a_bootstrap_may_be_none() -> None:
    watch = Watch()
    with offline(cache=None, bootstrap=None, observe=watch) as catalog:
        assert catalog.status().source == "none"
    assert "unreadable" not in watch.kinds()


def test_without_either_the_bootstrap_is_told(shipped: Path, tmp_path: Path) -> None:
    with offline(cache=tmp_path / "none.json", bootstrap=shipped) as catalog:
        assert catalog.message("4000122") == "Shipped."
        status = catalog.status()
    assert status.source == "bootstrap"
    assert status.age is not None
    assert status.age > 100_000


def test_each_locale_is_had_from_where_it_is(shipped: Path, kept: Path, tmp_path: Path) -> None:
    korean = tmp_path / "korean.json"
    korean.write_bytes(says("배송됨.", "ko"))
    given = {"locales": ["en", "ko", "ja"], "cache": kept, "bootstrap": [shipped, korean]}
    with offline(url=home_of(kept), **given) as catalog:
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


def test_after_a_start_what_is_kept_is_only_confirmed(kept: Path) -> None:
    watch = Watch()
    with (
        answering(serving(an_answer(says("Kept."))), port_of(kept)) as server,
        Catalog(server.url, SERVICE, "en", cache=kept, observe=watch) as catalog,
    ):
        watch.wait_for("unchanged")
        assert watch.kinds() == ["unchanged"]
        assert catalog.status().source == "live"
        assert catalog.message("4000122") == "Kept."


def test_what_is_kept_of_less_is_asked_for_anew(kept: Path) -> None:
    watch = Watch()
    with (
        answering(
            serving(an_answer(says("Live."), says("라이브.", "ko"))), port_of(kept)
        ) as server,
        Catalog(server.url, SERVICE, ["en", "ko"], cache=kept, observe=watch, wait=30),
    ):
        watch.wait_for("refreshed")
    assert server.requests[0].headers["If-None-Match"] is None
