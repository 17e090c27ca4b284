"""The history from the command line: listed, verified, and a text of it blanked for good."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result

from app import clock
from app.access.accounts import add_account
from app.access.idempotency import Answer, keep_answer
from app.access.models import FirstAnswer
from app.access.roles import Role
from app.catalog import history
from app.catalog.changes import ChangeSet, change_set
from app.catalog.edits.codes import CodeEdit, change_codes
from app.catalog.edits.creation import NewCode, create_codes
from app.catalog.edits.messages import MessageEdit, write_messages
from app.catalog.edits.rows import Texts
from app.catalog.edits.services import create_service, load_service
from app.catalog.history import Authorship
from app.db import Database
from app.editing.models import Proposal
from tests import databases
from tests.cli.running import run, stored
from tests.databases import copied, url_of
from tests.exchange.reading import log

AT = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
NOW = AT + timedelta(days=1)
SECRET = "zqxjkswordfish"  # noqa: S105 (nobody's)
# The change that brings the secret, which the next one takes away.
LEAK = 3
WRITTEN = [
    f"One of {{limit}}, {SECRET}.",
    "One of {limit}.",
]


@contextmanager
def edits(database: Database, reason: str, breaking: str | None = None) -> Iterator[ChangeSet]:
    """A change set of Mina's."""
    authorship = Authorship("Mina", AT, reason, breaking)
    with database.writing() as session, change_set(session, authorship) as changes:
        yield changes


@pytest.fixture(scope="session")
def edited_file(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalog with one code, a text of which once had a secret in it."""
    file = copied(migrated_file, tmp_path_factory.mktemp("edited") / "catalog.sqlite3")
    database = Database(url_of(file))
    with edits(database, "The first codes") as changes:
        service = create_service(changes, "alpha", "Alpha", None, "en")
        create_codes(changes, service, [NewCode("1", "ONE", Texts("One of {limit}."))])
    for text in WRITTEN:
        with edits(database, "It reads better") as changes:
            service = load_service(changes.session, "alpha")
            write_messages(changes, service, [MessageEdit("1", "en", Texts(text))])
    with edits(database, "A better key", "It was wrong") as changes:
        change_codes(
            changes, load_service(changes.session, "alpha"), [CodeEdit("1", {"key": "UNO"})]
        )
    with edits(database, "Korean") as changes:
        korean = MessageEdit("1", "ko", Texts("{limit} 중 하나."))
        write_messages(changes, load_service(changes.session, "alpha"), [korean])
    database.dispose()
    return file


@pytest.fixture
def url(edited_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of such a catalog of the test's own, of the day after."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return url_of(copied(edited_file, tmp_path / "edited.sqlite3"))


@pytest.fixture
def edited(url: str) -> Iterator[Database]:
    """Its database."""
    database = Database(url)
    yield database
    database.dispose()


def done(url: str, *arguments: str) -> list[str]:
    """The lines that a command prints that has to succeed without a word on standard error."""
    result = run(url, "history", *arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout.splitlines()


def complaint(result: Result) -> str:
    """The one line about wrong use, without what is in front of it."""
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error-catalog: ")
    assert result.stderr.count("\n") == 1
    return result.stderr.removeprefix("error-catalog: ").removesuffix("\n")


def headings(lines: Sequence[str]) -> list[str]:
    """The first line of each change."""
    return [line for line in lines if not line.startswith(" ")]


def tamper(database: Database, *statements: str) -> None:
    """Do what only somebody with the file can do, who takes the guards of the log away first."""
    with database.writing() as session:
        for name in ("change_is_only_blanked", "change_is_not_deleted"):
            session.execute(sa.text(f"DROP TRIGGER {name}{databases.ON_ITS_TABLE}"))
        for statement in statements:
            session.execute(sa.text(statement))


def test_each_change_is_shown_with_its_author_its_reason_and_the_difference(url: str) -> None:
    assert done(url, "list", "--since", "2") == [
        "3  2026-11-22 12:30:00  Mina  message.update  alpha 1 en",
        "    It reads better",
        '  - text: "One of {limit}."',
        f'  + text: "{WRITTEN[0]}"',
        "4  2026-11-22 12:30:00  Mina  message.update  alpha 1 en",
        "    It reads better",
        f'  - text: "{WRITTEN[0]}"',
        '  + text: "One of {limit}."',
        "5  2026-11-22 12:30:00  Mina  code.update  alpha 1",
        "    A better key",
        "    breaking: It was wrong",
        '  - key: "ONE"',
        '  + key: "UNO"',
        "6  2026-11-22 12:30:00  Mina  message.create  alpha 1 ko",
        "    Korean",
        '  + state: "approved"',
        '  + text: "{limit} 중 하나."',
    ]


@pytest.mark.parametrize(
    ("options", "revisions"),
    [
        ([], "123456"),
        (["--since", "4"], "56"),
        (["--since", "6"], ""),
        (["--service", "alpha", "--code", "1"], "23456"),
        (["--service", "beta"], ""),
        (["--locale", "ko"], "6"),
        (["--actor", "Mina", "--since", "5"], "6"),
        (["--actor", "Juno"], ""),
    ],
)
def test_changes_are_listed_by_what_they_are_of(
    url: str, options: list[str], revisions: str
) -> None:
    assert [line[0] for line in headings(done(url, "list", *options))] == list(revisions)


def test_a_whole_history_ends_with_what_to_expect_the_next_time(url: str, edited: Database) -> None:
    (end,) = done(url, "verify")
    with edited.reading() as session:
        newest = session.scalar(sa.text("SELECT hash FROM change WHERE revision = 6"))
    assert end == f"6:{newest}"
    with edits(edited, "Another") as changes:
        create_service(changes, "beta", "Beta", None, "en")
    (later,) = done(url, "verify", "--expect", end)
    assert later.startswith("7:")
    assert done(url, "verify", "--expect", f"0:{history.GENESIS_HASH}") == [later]


def test_an_empty_catalog_has_a_whole_history(empty_url: str) -> None:
    assert done(empty_url, "verify") == [f"0:{history.GENESIS_HASH}"]
    assert done(empty_url, "list") == []


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE message SET text = 'Free!'", "alpha 1 en is not what the history says it is"),
        ("UPDATE error_code SET status = 'retired'", "alpha 1 is not what the history says it is"),
        (
            "DELETE FROM message WHERE locale = 'ko'",
            "alpha 1 ko is missing from the catalog, and the history does not say why",
        ),
        (
            "UPDATE service SET slug = 'beta'",
            "beta is in the catalog, and the history does not say how",
        ),
        (
            "UPDATE change SET actor = 'Juno' WHERE revision = 4",
            "change 4 was altered: its hash does not fit",
        ),
        (
            "UPDATE change SET reason = 'Another' WHERE revision = 4",
            "change 4 was altered: its reason does not fit its hash",
        ),
        (
            "UPDATE change SET reason = '[redacted]' WHERE revision = 4",
            "change 4 was altered: its text is blanked, and no entry says so",
        ),
        ("DELETE FROM change WHERE revision IN (3, 4)", "changes 3 to 4 are missing"),
        (
            "DELETE FROM change WHERE revision = 6",
            "alpha 1 ko is in the catalog, and the history does not say how",
        ),
        (
            "UPDATE change SET hash = 'x' WHERE revision = 6",
            "change 6 was altered: its hash does not fit",
        ),
        (
            "UPDATE change SET previous_hash = 'x' WHERE revision = 6",
            "change 6 does not follow the one before it",
        ),
    ],
)
def test_what_was_tampered_with_is_named(
    url: str, edited: Database, statement: str, problem: str
) -> None:
    tamper(edited, statement)
    told = run(url, "history", "verify")
    assert told.exit_code == 1
    assert problem in told.stderr.splitlines()


def test_a_history_that_was_cut_short_is_not_what_was_expected(url: str, edited: Database) -> None:
    (end,) = done(url, "verify")
    tamper(
        edited, "DELETE FROM message WHERE locale = 'ko'", "DELETE FROM change WHERE revision = 6"
    )
    assert len(done(url, "verify")) == 1
    told = run(url, "history", "verify", "--expect", end)
    assert told.exit_code == 1
    assert told.stderr == "change 6 does not have the hash that was expected\n"


@pytest.mark.parametrize("expected", ["", "6", ":", "x:y", "-1:x", "٦:x", f"{10**20}:x"])
def test_an_expectation_that_no_check_printed_is_wrong_use(url: str, expected: str) -> None:
    assert "REVISION:HASH" in complaint(run(url, "history", "verify", "--expect", expected))


def test_a_blanked_text_is_gone_from_the_history_and_the_history_holds(
    url: str, edited: Database
) -> None:
    (before,) = done(url, "verify")
    assert done(url, "redact", str(LEAK), "--reason", "A password") == ["Blanked in 3, 4."]
    shown = done(url, "list")
    assert not any(SECRET in line for line in shown)
    assert headings(shown)[-1] == (
        f"7  2026-11-23 12:30:00  {log(edited)[-1].actor}  history.redact  alpha 1 en"
    )
    third, fourth, *_, redaction = log(edited)[LEAK - 1 :]
    assert third.after is not None
    assert third.after == fourth.before
    assert third.after["text"] == third.reason == "[redacted]"
    assert (fourth.reason, redaction.reason) == ("It reads better", "A password")
    assert done(url, "verify", "--expect", before)[0].startswith("7:")


def test_a_text_that_is_blanked_already_cannot_be_blanked_again(url: str) -> None:
    done(url, "redact", str(LEAK), "--reason", "A password")
    again = run(url, "history", "redact", str(LEAK), "--reason", "A password")
    assert complaint(again).startswith(f"Change {LEAK} has no text")


@pytest.mark.parametrize(
    ("revision", "why"),
    [("4", "The catalog still says it"), ("99", "There is no change 99.")],
)
def test_what_cannot_be_blanked_is_one_line_and_changes_nothing(
    url: str, edited: Database, revision: str, why: str
) -> None:
    before = log(edited)
    assert complaint(run(url, "history", "redact", revision, "--reason", "x")).startswith(why)
    assert log(edited) == before


def test_a_secret_in_a_reason_is_blanked_while_the_text_stands(url: str, edited: Database) -> None:
    done(url, "redact", "4", "--reason", "A password", "--only-reasons")
    entry = log(edited)[3]
    assert (entry.reason, entry.after) == ("[redacted]", entry.after)
    assert "[redacted]" not in str(entry.after)


def test_no_byte_of_what_is_blanked_is_left_in_the_files(url: str, edited: Database) -> None:
    # Somebody else has the file open, so SQLite keeps its log beside it.
    assert len(log(edited)) == 6
    assert SECRET.encode() in stored(url)
    done(url, "redact", str(LEAK), "--reason", "A password")
    assert SECRET.encode() not in stored(url)


def test_what_is_blanked_is_in_no_proposal_and_no_kept_answer(url: str, edited: Database) -> None:
    with edited.writing() as session:
        account = add_account(session, "Mina", Role.EDITOR, [], [], AT)
        body = f'{{"text":"{WRITTEN[0]}"}}'.encode()
        keep_answer(session, account.id, "key", "digest", Answer(200, (), body), AT)
        session.add(
            Proposal(
                service="alpha",
                code="1",
                locale="en",
                kind="message.write",
                edit={"code": "1", "locale": "en", "text": WRITTEN[0]},
                author="Mina",
                proposed_at=AT,
                state="approved",
                revision=LEAK,
            )
        )
    done(url, "redact", str(LEAK), "--reason", "A password")
    with edited.reading() as session:
        kept = session.scalars(sa.select(FirstAnswer.body)).all()
        proposed = session.scalars(sa.select(Proposal.edit)).all()
        assert not any(SECRET in str(it) for it in (*kept, *proposed))


def test_a_reason_for_blanking_is_a_text_like_any_other(url: str, edited: Database) -> None:
    before = log(edited)
    done(url, "redact", str(LEAK), "--reason", " A password\r\nof Mina's ")
    assert log(edited)[-1].reason == "A password\nof Mina's"
    assert len(log(edited)) == len(before) + 1


def test_a_reason_that_is_no_text_is_one_line(url: str, edited: Database) -> None:
    before = log(edited)
    told = complaint(run(url, "history", "redact", str(LEAK), "--reason", "\x1b[31m"))
    assert "U+001B" in told
    assert log(edited) == before


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("nonsense",),
        ("redact",),
        ("redact", "3"),
        ("redact", "0", "--reason", "x"),
        ("redact", "three", "--reason", "x"),
        ("redact", str(2**63), "--reason", "x"),
        ("list", "--since", "-1"),
        ("list", "--since", str(2**63)),
    ],
)
def test_wrong_use_shows_the_right_one(empty_url: str, arguments: tuple[str, ...]) -> None:
    told = run(empty_url, "history", *arguments)
    assert (told.exit_code, told.stdout) == (2, "")
    assert told.stderr.startswith("Usage: main history")


@pytest.mark.parametrize("command", [["list"], ["verify"], ["redact", "1", "--reason", "x"]])
def test_a_database_without_a_schema_says_how_to_make_one(
    tmp_path: Path, command: list[str]
) -> None:
    told = complaint(run(url_of(tmp_path / "new.sqlite3"), "history", *command))
    assert told.endswith("run error-catalog upgrade first")
