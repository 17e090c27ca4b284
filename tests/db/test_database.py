"""The database: its two kinds of transaction, whichever it is."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.catalog import history
from app.catalog.edits.messages import MessageEdit
from app.catalog.edits.rows import Texts
from app.catalog.models import Service
from app.catalog.views import ChangeFilter
from app.db import (
    Base,
    Database,
    UtcDateTime,
)
from tests.api.making import write

EDITS_PER_WRITER = 15

# add_repeatedly() for a process that need not load the tests, and begins when it is told to.
WRITER = """
import sys
import sqlalchemy as sa
from app.db import Database
from tests.databases import url_of
url, count = sys.argv[1:]
database = Database(url)
print("ready", flush=True)
input()
for _ in range(int(count)):
    with database.writing() as session:
        number = int(session.scalar(sa.text("SELECT title FROM service")))
        session.execute(sa.text("UPDATE service SET title = :title"), {"title": str(number + 1)})
database.dispose()
"""


def add_service(database: Database, title: str) -> None:
    """Keep one service, whose title the tests read and write."""
    with database.writing() as session:
        at = datetime(2026, 11, 22, tzinfo=UTC)
        session.add(
            Service(
                slug="svc",
                title=title,
                default_locale="en",
                four_eyes=False,
                version=1,
                updated_at=at,
            )
        )


def title(session: Session) -> str | None:
    """What the service's title is, as this session sees it."""
    return session.scalar(sa.select(Service.title))


def rename(session: Session, new: str) -> None:
    """Give the service another title."""
    session.execute(sa.update(Service).values(title=new, version=Service.version))


def add_repeatedly(url: str) -> None:
    """Read the number in the title and write the next one, many times over."""
    database = Database(url)
    for _ in range(EDITS_PER_WRITER):
        with database.writing() as session:
            rename(session, str(int(title(session) or 0) + 1))
    database.dispose()


def test_threads_that_read_and_then_write_lose_no_edit(empty: Database, empty_url: str) -> None:
    add_service(empty, "0")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add_repeatedly, [empty_url] * 4))
    with empty.reading() as session:
        assert title(session) == str(4 * EDITS_PER_WRITER)


def test_processes_that_read_and_then_write_lose_no_edit(empty: Database, empty_url: str) -> None:
    add_service(empty, "0")
    command = [sys.executable, "-c", WRITER, empty_url, str(EDITS_PER_WRITER)]
    root = Path(__file__).parents[2]
    pipe = subprocess.PIPE
    writers = [
        subprocess.Popen(command, cwd=root, stdin=pipe, stdout=pipe, text=True) for _ in range(2)
    ]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate(timeout=60)
    assert [writer.returncode for writer in writers] == [0, 0]
    with empty.reading() as session:
        assert title(session) == str(2 * EDITS_PER_WRITER)


def test_a_writing_session_is_kept_when_it_ends(empty: Database) -> None:
    add_service(empty, "kept")
    with empty.reading() as session:
        assert title(session) == "kept"


def test_a_writing_session_that_an_error_leaves_is_undone(empty: Database) -> None:
    add_service(empty, "before")

    def edit_and_fail() -> None:
        with empty.writing() as session:
            rename(session, "after")
            raise LookupError

    with pytest.raises(LookupError):
        edit_and_fail()
    with empty.reading() as session:
        assert title(session) == "before"


def test_after_an_error_the_next_edit_does_not_wait(empty: Database) -> None:
    with pytest.raises(sa.exc.IntegrityError), empty.writing() as session:
        session.execute(sa.text("INSERT INTO service (id) VALUES (1)"))
    add_service(empty, "written")
    with empty.reading() as session:
        assert title(session) == "written"


def test_a_reading_session_keeps_nothing_that_it_writes(empty: Database) -> None:
    add_service(empty, "before")
    with empty.reading() as session:
        rename(session, "after")
    with empty.reading() as session:
        assert title(session) == "before"


def test_a_reading_session_sees_one_state_while_others_write(empty: Database) -> None:
    add_service(empty, "before")
    with empty.reading() as reading:
        assert title(reading) == "before"
        with empty.writing() as writing:
            rename(writing, "after")
        assert title(reading) == "before"
        with empty.reading() as later:
            assert title(later) == "after"


def test_readers_see_nothing_of_an_edit_that_is_not_yet_kept(empty: Database) -> None:
    add_service(empty, "before")
    with empty.writing() as writing:
        rename(writing, "after")
        with empty.reading() as reading:
            assert title(reading) == "before"


def test_many_threads_that_write_at_once_are_all_served(empty: Database) -> None:
    add_service(empty, "0")

    def add_one(_number: int) -> None:
        with empty.writing() as session:
            rename(session, str(int(title(session) or 0) + 1))

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(add_one, range(64)))
    with empty.reading() as session:
        assert title(session) == "64"


def test_a_row_that_refers_to_nothing_is_refused(empty: Database) -> None:
    with pytest.raises(sa.exc.IntegrityError, match=r"(?i)foreign key"), empty.writing() as session:
        session.execute(
            sa.text(
                "INSERT INTO message (error_code_id, locale, text, state, text_meaning,"
                " description_meaning, remedy_meaning, version, updated_at)"
                " VALUES (99, 'en', 'x', 'approved', 1, 1, 1, 1, '2026-11-22')"
            )
        )


@pytest.mark.parametrize(
    ("moment", "kept"),
    [
        (datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC), datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC)),
        (
            datetime(2026, 11, 22, 1, 2, 3, 999_999, timezone(timedelta(hours=9))),
            datetime(2026, 11, 21, 16, 2, 3, tzinfo=UTC),
        ),
        (None, None),
    ],
)
def test_a_moment_comes_back_in_utc_and_whole_seconds(
    moment: datetime | None, kept: datetime | None
) -> None:
    engine = sa.create_engine("sqlite://")
    table = sa.Table("moments", sa.MetaData(), sa.Column("at", UtcDateTime))
    with engine.begin() as connection:
        table.create(connection)
        connection.execute(table.insert().values(at=moment))
        assert connection.scalar(sa.select(table.c.at)) == kept
    engine.dispose()


def test_every_constraint_has_a_name_that_migrations_can_use() -> None:
    constraints = [it for table in Base.metadata.tables.values() for it in table.constraints]
    assert constraints
    assert [it for it in constraints if it.name is None] == []


def newest_of(database: Database) -> int:
    """The newest revision as the log has it."""
    with database.reading() as session:
        return history.revision(session)


def test_the_newest_revision_is_that_of_whoever_wrote_last(seeded: Database) -> None:
    other = Database(seeded.engine.url.render_as_string())
    try:
        for number in range(20):
            text = Texts(f"The key is bad {number}.")
            write(other, "document-recognizer", MessageEdit("4000122", "en", text))
            assert seeded.standing().revision == other.standing().revision == newest_of(seeded)
    finally:
        other.dispose()


def test_who_follows_the_feed_misses_nothing_while_several_write(
    seeded: Database, seeded_url: str
) -> None:
    def edit(number: int) -> None:
        database = Database(seeded_url)
        for count in range(5):
            text = Texts(f"{number} {count}.")
            both = [MessageEdit(code, "en", text) for code in ("0", "4000122")]
            write(database, "document-recognizer", *both)
        database.dispose()

    followed = newest_of(seeded)
    last = followed + 4 * 5 * 2
    with ThreadPoolExecutor(4) as pool:
        writers = [pool.submit(edit, number) for number in range(4)]
        while followed < last and not all(it.done() and it.exception() for it in writers):
            with seeded.reading() as session:
                changes = history.list_changes(session, ChangeFilter(), followed, 1000)
            revisions = [it.revision for it in changes]
            assert revisions == list(range(followed + 1, followed + 1 + len(revisions)))
            assert seeded.standing().revision >= followed + len(revisions)
            followed += len(revisions)
    assert [it.result() for it in writers] == [None] * 4
    assert newest_of(seeded) == last


def test_every_write_tells_once_how_long_it_waited_also_where_it_gave_up(
    empty: Database,
) -> None:
    waits: list[float] = []
    empty.note_wait = waits.append
    with empty.writing():
        assert len(waits) == 1
        with pytest.raises(sa.exc.OperationalError), empty.writing(0.05):
            pytest.fail("two write at once")
    assert len(waits) == 2
    assert waits[1] >= 0.05
    with pytest.raises(sa.exc.DBAPIError), empty.writing() as session:
        session.execute(sa.text("SELECT 1 FROM no_such_table"))
    assert len(waits) == 3
