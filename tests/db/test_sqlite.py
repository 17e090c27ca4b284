"""How SQLite is set up, and who writes when."""

from __future__ import annotations

import gc
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing, suppress
from pathlib import Path
from threading import Barrier
from types import ModuleType
from typing import Any

import pytest
import sqlalchemy as sa

from app.catalog.edits.messages import MessageEdit
from app.catalog.edits.rows import Texts
from app.catalog.models import Service
from app.db import (
    Database,
    DriverErrors,
    create_engine,
)
from app.db.sqlite_driver import affected_sqlite_warning, has_wal_reset_bug, open_file
from app.questions import Question
from tests.api.making import write
from tests.databases import url_of
from tests.db.test_database import add_service, newest_of
from tests.tracing import trace

pytestmark = pytest.mark.sqlite("it is about SQLite")


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
    monkeypatch.setattr("app.db.sqlite.SECONDS_BETWEEN_SHORTENINGS", 0)
    add_service(empty, "x")
    over = threading.Event()

    def read() -> None:
        while not over.is_set():
            with empty.reading() as session:
                session.scalar(sa.text("SELECT title FROM service"))

    with ThreadPoolExecutor(3) as pool:
        readers = [pool.submit(read) for _ in range(3)]
        by_itself = grow(empty, 60)
        monkeypatch.setattr("app.db.sqlite.LONG_LOG", 500_000)
        shortened = grow(empty, 60)
        over.set()
        for reader in readers:
            reader.result()
    assert shortened < 2_000_000 < by_itself


def test_an_edit_does_not_wait_for_who_reads_an_older_state(
    empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.db.sqlite.LONG_LOG", 500_000)
    add_service(empty, "x")
    with empty.reading() as session:
        session.scalar(sa.text("SELECT title FROM service"))
        begun = time.monotonic()
        longest = grow(empty, 10)
        assert time.monotonic() - begun < 5
        assert longest > 900_000
    monkeypatch.setattr("app.db.sqlite.SECONDS_BETWEEN_SHORTENINGS", 0)
    monkeypatch.setattr(empty._store, "_shortens_after", 0)
    grow(empty, 1)
    assert Path(f"{empty.engine.url.database}-wal").stat().st_size == 0


def seconds_refused(database: Database, patience: float) -> float:
    """How long a writer waits until it is told that it cannot; 0 where it can."""
    began = time.monotonic()
    with suppress(sa.exc.OperationalError), database.writing(patience):
        return 0.0
    return time.monotonic() - began


def test_a_writer_waits_no_longer_in_all_than_it_may(empty: Database, empty_url: str) -> None:
    # One waits for the turn and then for the lock; the second for the first, and then for it.
    with closing(open_file(Path(empty_url.removeprefix("sqlite:///")), "rw")) as other:
        other.execute("BEGIN IMMEDIATE")
        waited = list(ThreadPoolExecutor(2).map(lambda _: seconds_refused(empty, 0.4), range(2)))
    assert all(0.3 < it < 0.7 for it in waited), waited
    add_service(empty, "afterwards")


def test_threads_that_wait_to_write_leave_one_for_readers(empty: Database) -> None:
    begun, end = Barrier(2), threading.Event()

    def hold() -> None:
        with empty.writing():
            begun.wait()
            end.wait()

    with ThreadPoolExecutor(4) as pool:
        holder = pool.submit(hold)
        begun.wait()
        # One has its turn, two wait; the fourth is told before them.
        fourth = [pool.submit(seconds_refused, empty, 3) for _ in range(3)]
        first = next(as_completed(fourth))
        assert first.result() < 2
        assert sum(it.done() for it in fourth) == 1
        end.set()
        holder.result()


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


def test_while_nobody_writes_the_database_is_hardly_asked(
    seeded_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = trace(monkeypatch)
    database = Database(seeded_url)
    with database.writing():
        pass
    monkeypatch.setattr("app.db.sqlite.SECONDS_BETWEEN_LOOKS", 1000)
    database.standing()
    seen.clear()
    assert {database.standing().revision for _ in range(1000)} == {newest_of(database)}
    assert len([it for it in seen if "max(revision)" in it]) <= 1 + 1
    database.dispose()


def test_turns_that_were_made_anew_do_not_hide_an_edit_for_long(seeded: Database) -> None:
    with seeded.writing():
        pass
    before = seeded.standing().revision
    Path(f"{seeded.engine.url.database}-turn").unlink()
    write(seeded, "document-recognizer", MessageEdit("4000122", "en", Texts("Another.")))
    deadline = time.monotonic() + 10
    while seeded.standing().revision == before:
        assert time.monotonic() < deadline
    assert seeded.standing().revision == newest_of(seeded)


def test_asking_makes_no_database_where_there_is_none(tmp_path: Path) -> None:
    database = Database(url_of(tmp_path / "catalog.sqlite3"))
    with pytest.raises(DriverErrors):
        database.standing()
    assert not (tmp_path / "catalog.sqlite3").exists()
    database.dispose()


def test_by_another_name_it_is_the_same_catalog_with_the_same_turns(
    seeded: Database, tmp_path: Path
) -> None:
    link = tmp_path / "link.sqlite3"
    link.symlink_to(str(seeded.engine.url.database))
    other = Database(url_of(link))
    before = other.standing()
    with other.writing(), pytest.raises(sa.exc.OperationalError), seeded.writing(patience=0.2):
        pass
    write(seeded, "document-recognizer", MessageEdit("4000122", "en", Texts("Another.")))
    assert other.standing().revision == before.revision + 1
    other.dispose()


def test_threads_that_have_ended_leave_no_connection(seeded: Database) -> None:
    folder = Path("/proc/self/fd")

    def ask() -> None:
        seeded.ask(Question(sa.select(Service.id)))

    def opened() -> int:
        return sum(1 for it in folder.iterdir() if "sqlite" in str(it.resolve()))

    for _ in range(20):
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
    gc.collect()
    after_20 = opened()
    for _ in range(20):
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
    gc.collect()
    assert opened() <= after_20 + 2
