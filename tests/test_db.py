"""The database: its two kinds of transaction, and how SQLite is set up."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.catalog import history
from app.catalog.edits.messages import MessageEdit
from app.catalog.edits.rows import Texts
from app.catalog.models import Service
from app.db import (
    Base,
    Database,
    DriverError,
    UtcDateTime,
    affected_sqlite_warning,
    create_engine,
    has_wal_reset_bug,
)
from tests.api.making import write
from tests.conftest import url_of
from tests.tracing import trace

EDITS_PER_WRITER = 15

# add_repeatedly() for a process that need not load the tests, and begins when it is told to.
WRITER = """
import sys
import sqlalchemy as sa
from app.db import Database
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
    root = Path(__file__).parents[1]
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


def grow(database: Database, times: int) -> int:
    """Write so often 100 kB; gives the longest that the write-ahead log was meanwhile, in bytes."""
    log = Path(f"{database.engine.url.database}-wal")
    longest = 0
    for number in range(times):
        with database.writing() as session:
            title = str(number % 10) * 100_000
            session.execute(sa.text("UPDATE service SET title = :title"), {"title": title})
        longest = max(longest, log.stat().st_size)
    return longest


def test_the_log_stays_short_though_somebody_always_reads(
    empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.db.SECONDS_BETWEEN_SHORTENINGS", 0)
    add_service(empty, "x")
    over = threading.Event()

    def read() -> None:
        while not over.is_set():
            with empty.reading() as session:
                session.scalar(sa.text("SELECT title FROM service"))

    with ThreadPoolExecutor(3) as pool:
        readers = [pool.submit(read) for _ in range(3)]
        by_itself = grow(empty, 60)
        monkeypatch.setattr("app.db.LONG_LOG", 500_000)
        shortened = grow(empty, 60)
        over.set()
        for reader in readers:
            reader.result()
    assert shortened < 2_000_000 < by_itself


def test_an_edit_does_not_wait_for_who_reads_an_older_state(
    empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.db.LONG_LOG", 500_000)
    add_service(empty, "x")
    with empty.reading() as session:
        session.scalar(sa.text("SELECT title FROM service"))
        begun = time.monotonic()
        longest = grow(empty, 10)
        assert time.monotonic() - begun < 5
        assert longest > 900_000
    monkeypatch.setattr("app.db.SECONDS_BETWEEN_SHORTENINGS", 0)
    empty._shortens_after = 0
    grow(empty, 1)
    assert Path(f"{empty.engine.url.database}-wal").stat().st_size == 0


def test_a_writing_session_holds_the_lock_before_it_reads(empty: Database, empty_url: str) -> None:
    hasty = create_engine(empty_url)
    with empty.writing(), hasty.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 0")
        with pytest.raises(sa.exc.OperationalError, match="locked"):
            connection.exec_driver_sql("DELETE FROM service")
    hasty.dispose()


@pytest.mark.parametrize(
    ("for_migrations", "foreign_keys", "busy_timeout"), [(False, 1, 5_000), (True, 0, 60_000)]
)
def test_every_connection_is_durable_patient_and_keeps_references(
    empty_url: str, for_migrations: bool, foreign_keys: int, busy_timeout: int
) -> None:
    engine = create_engine(empty_url, for_migrations=for_migrations)
    names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    for _ in range(2):
        with engine.connect() as connection:
            pragmas = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]
            connection.invalidate()
        assert pragmas == ["wal", 2, foreign_keys, busy_timeout]
    engine.dispose()


def test_a_row_that_refers_to_nothing_is_refused(empty: Database) -> None:
    with pytest.raises(sa.exc.IntegrityError, match="FOREIGN KEY"), empty.writing() as session:
        session.execute(
            sa.text(
                "INSERT INTO message (error_code_id, locale, text, state, text_meaning,"
                " description_meaning, remedy_meaning, version, updated_at)"
                " VALUES (99, 'en', 'x', 'approved', 1, 1, 1, 1, '2026-11-22')"
            )
        )


@pytest.mark.parametrize("lock", ["BEGIN EXCLUSIVE", "BEGIN IMMEDIATE"])
def test_opening_a_new_file_waits_for_another_who_is_just_making_it(
    tmp_path: Path, lock: str
) -> None:
    file = tmp_path / "new.sqlite3"
    engine = create_engine(url_of(file))
    other: Any = engine.dialect.loaded_dbapi.connect(
        str(file), isolation_level=None, check_same_thread=False
    )
    other.execute(lock)
    other.execute("CREATE TABLE made (id)")
    ending = threading.Timer(0.1, other.execute, ["COMMIT"])
    ending.start()
    try:
        with engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    finally:
        engine.dispose()
        ending.join()
        other.close()


def test_the_folder_of_a_new_database_is_made(tmp_path: Path) -> None:
    file = tmp_path / "not" / "there yet" / "100%.sqlite3"
    engine = create_engine(url_of(file))
    with engine.connect():
        assert file.exists()
    engine.dispose()


@pytest.mark.parametrize(
    ("version", "affected"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 0), False),
        ((4, 0, 0), False),
    ],
)
def test_the_versions_with_the_wal_reset_bug_are_known(
    version: tuple[int, int, int], affected: bool
) -> None:
    module = ModuleType("some_sqlite")
    vars(module)["sqlite_version_info"] = version
    assert has_wal_reset_bug(module) is affected


def test_the_operator_is_warned_of_exactly_the_versions_with_the_bug(empty: Database) -> None:
    warning = affected_sqlite_warning()
    assert (warning is not None) == has_wal_reset_bug()
    with empty.reading() as session:
        version = session.scalar(sa.select(sa.func.sqlite_version()))
    assert warning is None or str(version) in warning


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
            assert seeded.newest_revision() == other.newest_revision() == newest_of(seeded)
    finally:
        other.dispose()


def test_while_nobody_writes_the_database_is_hardly_asked(
    seeded_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = trace(monkeypatch)
    database = Database(seeded_url)
    with database.writing():
        pass
    monkeypatch.setattr("app.db.SECONDS_BETWEEN_LOOKS", 1000)
    database.newest_revision()
    seen.clear()
    assert {database.newest_revision() for _ in range(1000)} == {newest_of(database)}
    assert len([it for it in seen if "max(revision)" in it]) <= 1 + 1
    database.dispose()


def test_turns_that_were_made_anew_do_not_hide_an_edit_for_long(seeded: Database) -> None:
    with seeded.writing():
        pass
    before = seeded.newest_revision()
    Path(f"{seeded.engine.url.database}-turn").unlink()
    write(seeded, "document-recognizer", MessageEdit("4000122", "en", Texts("Another.")))
    deadline = time.monotonic() + 10
    while seeded.newest_revision() == before:
        assert time.monotonic() < deadline
    assert seeded.newest_revision() == newest_of(seeded)


def test_asking_makes_no_database_where_there_is_none(tmp_path: Path) -> None:
    database = Database(url_of(tmp_path / "catalog.sqlite3"))
    with pytest.raises(DriverError):
        database.newest_revision()
    assert not (tmp_path / "catalog.sqlite3").exists()
    database.dispose()
