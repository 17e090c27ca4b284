"""Reverse lookup: a line of a log finds its codes, best first, at little cost whatever it says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.catalog.edits.creation import NewCode
from app.catalog.edits.messages import MessageEdit, write_messages
from app.catalog.edits.rows import Texts
from app.catalog.matching import LINE_LENGTH, Match, match
from app.catalog.models import Service
from app.db import Database
from tests.catalog.making import (
    all_codes,
    change,
    edits,
    erase,
    make_service,
    new_code,
    undone,
    write,
)

# No line, however made, takes more than these; a batch of 500 hashes or names takes one.
MOST_STATEMENTS = 30

LINES = [
    "x" * LINE_LENGTH,
    "요" * LINE_LENGTH,
    "".join(chr(0x4E00 + at) for at in range(LINE_LENGTH)),
    " ".join(chr(0xAC00 + at) for at in range(LINE_LENGTH // 2)),
    " ".join(f"w{at}" for at in range(LINE_LENGTH))[:LINE_LENGTH],
    ".".join(f"{at:03}" for at in range(LINE_LENGTH))[:LINE_LENGTH],
    ":".join(f"{at:03}" for at in range(LINE_LENGTH))[:LINE_LENGTH],
    "-1 " * (LINE_LENGTH // 3),
    "'" * LINE_LENGTH,
    '"' * LINE_LENGTH,
    '" OR "a" NEAR/2 (* ^ ' * 190,
    "'; DROP TABLE error_code; -- " * 130,
    "%_" * (LINE_LENGTH // 2),
    "(a+)+$" * (LINE_LENGTH // 6),
    "[^" * (LINE_LENGTH // 2),
    "\\" * LINE_LENGTH,
    "{x}" * (LINE_LENGTH // 3),
    "\x00" * LINE_LENGTH,
    "a\x00" * (LINE_LENGTH // 2),
    "\n" * LINE_LENGTH,
    "e\u0301" * (LINE_LENGTH // 2),
    "\u0301" * LINE_LENGTH,
    "\ufdfa" * LINE_LENGTH,
    "👩\u200d💻" * (LINE_LENGTH // 3),
    "-" * LINE_LENGTH,
    ".:" * (LINE_LENGTH // 2),
    "a-" * (LINE_LENGTH // 2),
    "disk is full " * 307,
]


def matched(session: Session, line: str, limit: int = 100) -> list[Match]:
    """What a line finds, best first."""
    return match(session, line, limit)


def places(session: Session, line: str, limit: int = 100) -> list[tuple[str, str]]:
    """The services and codes that a line finds, best first."""
    return [(it.view.service, it.view.code) for it in matched(session, line, limit)]


def found(session: Session, line: str, limit: int = 100) -> list[str]:
    """The codes that a line finds, best first."""
    return [code for _, code in places(session, line, limit)]


def make_disks(session: Session) -> Service:
    """A service about disks, with texts in three locales."""
    service = make_service(
        session,
        "disk",
        [
            new_code("4000122", "The disk {name} is full.", "DISK_FULL"),
            new_code("4000123", "The disk is slow.", "DISK_SLOW"),
            new_code("-7", "Nobody knows.", "UNKNOWN_ERROR"),
        ],
    )
    with edits(session) as changes:
        translations = [
            MessageEdit("4000122", "ko", Texts("디스크 {name}의 공간이 부족합니다.")),
            MessageEdit("4000122", "ja", Texts("ディスク{name}の空き容量がありません。")),
        ]
        write_messages(changes, service, translations)
    return service


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    """The statements that a session sends meanwhile."""
    taken: list[str] = []
    connection = session.connection()

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        taken.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    yield taken
    event.remove(connection, "before_cursor_execute", note)


@pytest.mark.parametrize(
    "line",
    [
        "4000122",
        "[4000122]",
        "(4000122)",
        "ERROR 4000122: request failed",
        "code=4000122",
        "code=4000122;",
        "code:4000122,",
        "code: 4000122.",
        '{"code":4000122,"x":1}',
        '{"code":"4000122"}',
        "error/4000122/x",
        "disk.4000122",
        "disk:4000122",
        "E-4000122",
        "DISK_FULL",
        "key:DISK_FULL",
        "code:DISK_FULL:x",
        "key=DISK_FULL,",
        'throw new Error("DISK_FULL")',
        "com.example.DISK_FULL",
        "2026-11-22T09:12:33Z ERROR [main] the DISK sda1  is full (retry)",
        "The disk /dev/sda 1 is full",
        "오류: 디스크 sda1의 공간이 부족합니다",
        "ディスクsda1の空き容量がありません。",
    ],
)
def test_a_line_finds_its_code_by_number_key_and_message_in_any_locale(
    session: Session, line: str
) -> None:
    make_disks(session)
    assert found(session, line) == ["4000122"]


@pytest.mark.parametrize(
    "line",
    [
        "-7",
        "[-7]",
        '{"code":-7}',
        '{"code": -7, "x": 1}',
        "code=-7",
        "code:-7",
        "code: -7.",
        "error -7: nobody",
        "UNKNOWN_ERROR",
    ],
)
def test_a_code_with_a_sign_is_found_with_its_sign(session: Session, line: str) -> None:
    make_disks(session)
    assert found(session, line) == ["-7"]


@pytest.mark.parametrize("line", ["code=-4000122", '{"code":-4000122}', "[-4000122]"])
def test_the_code_with_the_sign_comes_before_the_one_without(session: Session, line: str) -> None:
    make_service(session, codes=[new_code("4000122", "a b"), new_code("-4000122", "c d")])
    assert found(session, line)[0] == "-4000122"


@pytest.mark.parametrize(
    "line",
    [
        "",
        " ",
        "\n\t",
        "...",
        "nothing of this is known",
        "400012",
        "40001222",
        "disk_full",
        "the disk",
        "slow is the disk",
        "2026-11-22",
        "v1.2.3",
        "127.0.0.1",
    ],
)
def test_a_line_about_nothing_finds_nothing(session: Session, line: str) -> None:
    make_disks(session)
    assert matched(session, line) == []


@pytest.mark.parametrize("line", ["2026-11-22 failed", "22-11-2026", "1.22.11", "-22.11"])
def test_the_day_and_the_month_of_a_date_are_no_codes(session: Session, line: str) -> None:
    make_service(session, codes=[new_code("22", "x y"), new_code("11", "y z")])
    assert matched(session, line) == []


def test_an_empty_catalog_has_nothing_to_find(session: Session) -> None:
    assert matched(session, "ERROR 4000122: The disk sda is full.") == []


def test_what_of_the_code_stands_in_the_line_is_told_with_values_and_locale(
    session: Session,
) -> None:
    make_disks(session)
    (hit,) = matched(session, "ERROR 4000122 DISK_FULL: The disk sda 1 is full (see log)")
    assert hit.by == ("code", "key", "message")
    assert (hit.locale, hit.values) == ("en", {"name": "sda 1"})
    (hit,) = matched(session, "디스크 sda1의 공간이 부족합니다.")
    assert (hit.by, hit.locale, hit.values) == (("message",), "ko", {"name": "sda1"})
    (hit,) = matched(session, "DISK_FULL")
    assert (hit.by, hit.locale, hit.values) == (("key",), None, {})
    assert list(hit.view.messages) == ["en", "ja", "ko"]


def test_the_locale_that_explains_most_of_the_line_is_told(session: Session) -> None:
    service = make_service(session, codes=[new_code("1", "disk full")])
    write(session, service, "1", "de", "disk full: Platte ist voll")
    (hit,) = matched(session, "disk full: Platte ist voll")
    assert hit.locale == "de"


def test_what_explains_most_of_the_line_comes_first(session: Session) -> None:
    make_service(
        session,
        codes=[
            new_code("1", "disk"),
            new_code("2", "The disk {name} is full."),
            new_code("3", "disk {name} is"),
            new_code("4", "No word of it.", "EIO"),
        ],
    )
    line = "EIO: The disk sda is full."
    assert found(session, line) == ["2", "3", "1", "4"]
    for limit in range(1, 5):
        assert found(session, line, limit) == ["2", "3", "1", "4"][:limit]


def test_a_number_a_key_and_a_message_together_count_for_more_than_one_of_them(
    session: Session,
) -> None:
    make_service(
        session,
        codes=[new_code("100", "It failed again."), new_code("101", "It failed.", "FAILED")],
    )
    assert found(session, "101 FAILED It failed again.") == ["101", "100"]


def test_of_equals_the_service_that_the_line_names_comes_first(session: Session) -> None:
    for slug in ("alpha", "beta", "gamma"):
        make_service(session, slug, [new_code("5", "The same failed.", "SAME")])
    slugs = ["alpha", "beta", "gamma"]
    for line in ("5", "SAME", "The same failed", "betax SAME"):
        assert places(session, line) == [(slug, "5") for slug in slugs]
    for line in ("gamma: 5", "service=gamma SAME", "[gamma] The same failed", "gamma.x: SAME"):
        assert places(session, line) == [(slug, "5") for slug in ("gamma", "alpha", "beta")]


def test_a_service_that_is_only_named_is_no_code(session: Session) -> None:
    make_service(session, "alpha", [new_code("5")])
    assert matched(session, "alpha started") == []


def test_a_code_of_the_service_that_the_line_names_is_found_among_hundreds_that_fit(
    session: Session,
) -> None:
    many = [new_code(f"9{number:03}", "The same failed.", "SAME") for number in range(510)]
    make_service(session, "alpha", many)
    make_service(session, "omega", [new_code("5", "The same failed.", "SAME")])
    for line in ("omega SAME", "omega says: The same failed."):
        assert places(session, line, 1) == [("omega", "5")]


@pytest.mark.parametrize("status", ["draft", "active", "deprecated", "retired"])
def test_a_code_is_found_in_every_part_of_its_life(session: Session, status: str) -> None:
    make_service(session, codes=[new_code("12345", "It is gone now.", "GONE", status)])
    for line in ("12345", "GONE", "it is gone now"):
        (hit,) = matched(session, line)
        assert hit.view.status == status


def test_what_a_code_no_longer_says_is_no_longer_found(session: Session) -> None:
    service = make_service(session, codes=[new_code("1", "First words.", "FIRST_KEY")])
    write(session, service, "1", "ko", "처음 문장")
    assert found(session, "first words") == found(session, "처음 문장") == ["1"]
    write(session, service, "1", "en", "Second words.")
    erase(session, service, "1", "ko")
    change(session, service, "1", key="SECOND_KEY", breaking="renamed")
    for line in ("first words", "처음 문장", "FIRST_KEY"):
        assert found(session, line) == []
    for line in ("second words", "SECOND_KEY"):
        assert found(session, line) == ["1"]


def test_only_what_the_api_answers_is_looked_for(session: Session) -> None:
    make_service(session, codes=[NewCode("1", None, Texts("Text here.", "Described.", "Mend it."))])
    assert found(session, "text here") == ["1"]
    assert found(session, "described mend it") == []


@pytest.mark.parametrize("line", LINES, ids=range(len(LINES)))
def test_no_line_breaks_it_or_takes_many_statements(scratch: Database, line: str) -> None:
    with undone(scratch) as session:
        make_disks(session)
        with statements(session) as taken:
            matched(session, line[:LINE_LENGTH])
        assert len(taken) <= MOST_STATEMENTS
        assert all(statement.startswith("SELECT") for statement in taken)


@settings(deadline=None, max_examples=60)
@given(st.text() | st.text("-17.:{}요\"'*()[ \\\n\x00DISK_FULL", max_size=80))
def test_any_line_can_be_looked_up(scratch: Database, line: str) -> None:
    with undone(scratch) as session:
        make_disks(session)
        with statements(session) as taken:
            hits = matched(session, line)
        assert len(taken) <= MOST_STATEMENTS
        assert {it.view.code for it in hits} <= {"4000122", "4000123", "-7"}


def test_a_line_finds_no_more_codes_than_asked_for_however_many_fit(session: Session) -> None:
    codes = [new_code(f"9{number:03}", "The same failed.") for number in range(600)]
    make_service(session, codes=codes)
    line = "The same failed."
    with statements(session) as few:
        assert len(found(session, line, 1)) == 1
    with statements(session) as many:
        assert len(found(session, line, 100)) == 100
    assert len(many) == len(few)


def test_a_line_takes_as_many_statements_in_a_large_catalog_as_in_a_small_one(
    session: Session,
) -> None:
    make_disks(session)
    line = "disk: ERROR 4000122 DISK_FULL: The disk sda is full"
    with statements(session) as few:
        found(session, line)
    for slug in ("other", "third"):
        make_service(session, slug, [new_code(str(at), "The disk {x} is full") for at in range(99)])
    with statements(session) as many:
        found(session, line)
    assert len(many) == len(few) < MOST_STATEMENTS


def test_every_documented_message_finds_its_code_as_it_is_logged(seeded: Database) -> None:
    slugs = sa.select(Service.slug)
    with seeded.reading() as session:
        for slug in session.scalars(slugs).all():
            for view in all_codes(session, slug):
                for message in view.messages.values():
                    if message.text is None:
                        continue
                    line = f"09:12 {slug} ERROR {view.code} {view.key or ''}: {message.text}"
                    first = matched(session, line, 1)[0]
                    assert (first.view.service, first.view.code) == (slug, view.code), line
                    assert {"code", "message"} <= set(first.by), line


def test_the_text_that_explains_most_is_not_crowded_out_by_many_short_ones(
    session: Session,
) -> None:
    make_service(session, "alpha", [new_code(str(at), "Error.") for at in range(510)])
    text = "The disk {name} is full: error of {n}."
    make_service(session, "zeta", [new_code("1", text)])
    best = match(session, "The disk sda is full: error of 5.", 1)[0]
    assert (best.view.service, best.values) == ("zeta", {"name": "sda", "n": "5"})


def test_a_key_that_very_many_codes_have_counts_for_the_one_whose_text_fits(
    session: Session,
) -> None:
    make_service(session, "alpha", [new_code(str(at), "x", "FAIL") for at in range(510)])
    make_service(session, "zeta", [new_code("1", "Disk full.", "FAIL")])
    best = match(session, "FAIL: disk full", 1)[0]
    assert (best.view.service, best.by) == ("zeta", ("key", "message"))


@pytest.mark.parametrize(
    "line",
    [
        "2026-11-22T10:15:30.400Z failed",
        "10:15:30,400 failed",
        "22/Nov/2026:10:15:30 +0900",
        "version 1.22.400",
        "127.0.0.1:400",
    ],
)
def test_numbers_of_moments_addresses_and_versions_are_no_codes(
    session: Session, line: str
) -> None:
    make_service(session, codes=[new_code(it) for it in ("400", "2026", "30", "22", "0900")])
    assert match(session, line, 10) == []


@pytest.mark.parametrize("line", ["code:-4000122:x", "code=-4000122", "E: (-4000122)"])
def test_a_sign_is_a_part_of_a_code(session: Session, line: str) -> None:
    make_service(session, codes=[new_code("-4000122"), new_code("9")])
    assert [it.view.code for it in match(session, line, 10)] == ["-4000122"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("1:4000122", "4000122"),
        ("svc:1:4000122", "4000122"),
        ("server.py:12:4000122 boom", "4000122"),
        ("12:40:4000122", "4000122"),
        ("1.2.3.4:7001001", "7001001"),
        ("pid 3:40415", None),
        ("job:7:40415 done", None),
        ("에러 코드 7001001가 발생", "7001001"),
        ("错误码7001001：", "7001001"),  # noqa: RUF001
        ("エラー7001001が発生", "7001001"),
        ("E900이 발생했습니다", "E900"),
        ("エラーAAA_KEYです", "E900"),
        ("\x1b[31m7001001\x1b[0m", "7001001"),
        ("오류_키: 실패", "8"),
    ],
)
def test_a_code_is_found_whatever_stands_beside_it(
    session: Session, line: str, code: str | None
) -> None:
    codes = [new_code(it) for it in ("4000122", "7001001", "415")]
    codes += [new_code("E900", key="AAA_KEY"), new_code("8", key="오류_키")]
    make_service(session, codes=codes)
    assert [it.view.code for it in match(session, line, 10)] == ([code] if code else [])
