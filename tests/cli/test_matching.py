"""Which codes a line of a log is about, on the command line."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import Result

from app.catalog.edits.messages import MessageEdit
from app.catalog.edits.rows import Texts
from app.db import Database
from tests.api.making import KOREAN, code, publish
from tests.cli.running import run, start, stored

LINE = "2026-11-22 09:12 ERROR 4000122: Request Key is invalid or expired."
FULL = "WARN DISK_FULL: the disk sda 1 has 5 MB left (retry)"


@pytest.fixture
def disks(empty: Database, empty_url: str) -> str:
    """A catalog with two codes about disks."""
    publish(
        empty,
        "disk",
        [
            code("77", "The disk {name} has {n} MB left", key="DISK_FULL"),
            code("-78", "The disk is slow."),
        ],
        [MessageEdit("77", "ko", Texts("디스크 {name}에 {n}MB가 남았습니다."))],
    )
    return empty_url


def items(result: Result) -> list[dict[str, Any]]:
    """The codes that --json tells."""
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    data = json.loads(result.stdout)
    assert list(data) == ["items"]
    found: list[dict[str, Any]] = data["items"]
    return found


def assert_nothing_fits(result: Result) -> None:
    """Exit code 1, and not a word."""
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", "")


def assert_is_wrong_use(result: Result, part: str) -> None:
    """Exit code 2, and one line with the part in it."""
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    assert result.stderr.startswith("error-catalog: ")
    assert result.stderr.count("\n") == 1
    assert part in result.stderr


def test_a_code_is_told_with_its_place_its_message_and_what_stands_in_the_line(disks: str) -> None:
    result = run(disks, "match", FULL)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "disk  77  DISK_FULL  (by key, message)",
        "    The disk {name} has {n} MB left",
        "    {name} = sda 1",
        "    {n} = 5",
    ]


def test_a_code_without_a_key_is_told_without_one(disks: str) -> None:
    result = run(disks, "match", "--", "-78")
    assert result.stdout.splitlines() == ["disk  -78  (by code)", "    The disk is slow."]


def test_for_programs_the_same_is_told_as_json(disks: str) -> None:
    (it,) = items(run(disks, "match", FULL, "--json"))
    assert it == {
        "service": "disk",
        "code": "77",
        "key": "DISK_FULL",
        "http_status": None,
        "status": "active",
        "message": "The disk {name} has {n} MB left",
        "matched": ["key", "message"],
        "matched_locale": "en",
        "values": {"name": "sda 1", "n": "5"},
    }


def test_the_message_is_told_in_the_locale_wanted_and_else_in_the_default(disks: str) -> None:
    for locale, message in (
        ("ko", "디스크 {name}에 {n}MB가 남았습니다."),
        ("KO-kr", "디스크 {name}에 {n}MB가 남았습니다."),
        ("fr", "The disk {name} has {n} MB left"),
    ):
        assert f"    {message}\n" in run(disks, "match", FULL, "--locale", locale).stdout
        (it,) = items(run(disks, "match", FULL, "--locale", locale, "--json"))
        assert (it["message"], it["matched_locale"]) == (message, "en")


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_line_can_be_piped_in(seeded_url: str, end: str) -> None:
    for line in (LINE, KOREAN):
        piped = run(seeded_url, "match", "-", given=f"{line}{end}".encode())
        assert piped.stdout == run(seeded_url, "match", line).stdout != ""
        assert piped.exit_code == 0
        assert piped.stdout.startswith("document-recognizer  4000122  ")


def test_no_more_than_the_limit_are_told_the_best_first(seeded_url: str) -> None:
    everything = items(run(seeded_url, "match", "400 415 -1", "--json"))
    assert len(everything) > 3
    for limit in (1, 3):
        some = run(seeded_url, "match", "400 415 -1", "--json", "--limit", str(limit))
        assert items(some) == everything[:limit]


@pytest.mark.parametrize("line", ["nothing of this is known", " ", "?", "%s", "요" * 4000])
def test_where_nothing_fits_it_exits_with_1(disks: str, line: str) -> None:
    assert_nothing_fits(run(disks, "match", line))
    result = run(disks, "match", line, "--json")
    assert (result.exit_code, json.loads(result.stdout)) == (1, {"items": []})


def test_a_line_that_is_none_or_too_long_is_one_line(disks: str) -> None:
    assert_is_wrong_use(run(disks, "match", ""), "1 to 4000 characters")
    assert_is_wrong_use(run(disks, "match", "x" * 4001), "not 4001")
    for given in (b"", b"\n", b"x" * 4001):
        assert_is_wrong_use(run(disks, "match", "-", given=given), "1 to 4000 characters")
    assert_nothing_fits(run(disks, "match", "-", given=b"x" * 4000 + b"\n"))


def test_standard_input_that_is_no_utf_8_is_one_line(disks: str) -> None:
    assert_is_wrong_use(run(disks, "match", "-", given=b"\xff\xfe"), "not UTF-8")


def test_a_locale_that_is_none_is_one_line(disks: str) -> None:
    assert_is_wrong_use(run(disks, "match", "x", "--locale", "no_locale"), "BCP 47")


@pytest.mark.parametrize(
    "options", [("--limit", "0"), ("--limit", "101"), ("--limit", "x"), ("x",)]
)
def test_wrong_options_are_wrong_use(disks: str, options: tuple[str, ...]) -> None:
    result = run(disks, "match", "x", *options)
    assert (result.exit_code, result.stdout) == (2, "")


def test_a_line_is_needed(disks: str) -> None:
    assert run(disks, "match").exit_code == 2


@pytest.mark.sqlite("a server writes into its files by itself")
def test_looking_changes_nothing(seeded_url: str) -> None:
    before = stored(seeded_url)
    assert run(seeded_url, "match", LINE).exit_code == 0
    assert stored(seeded_url) == before


def test_it_works_as_a_program_too(seeded_url: str) -> None:
    process = start(seeded_url, "match", KOREAN, "--locale", "ko", "--limit", "1")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert out.splitlines()[0].startswith("document-recognizer  4000122  ")
    assert out.splitlines()[1:] == [f"    {KOREAN}"]
