"""Kill -9, in the middle of what must happen whole or not at all."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import sqlalchemy as sa
from alembic import command

from app import schema
from app.backups.files import BESIDE, remove_beside
from app.db import Database
from tests.cli.running import PROGRAM, run
from tests.databases import url_of
from tests.faults.outcomes import Tally
from tests.faults.serving import catalog
from tests.faults.writing import Journal, load
from tests.migrations.processes import ROOT, configuration

IMPORTED_ROWS = 2_000
FIRST_WITH_LOG = 2
LOOK_SECONDS = 0.001


def edits(tally: Tally, times: int, folder: Path) -> None:
    """Kill a server with all its workers while four people edit; it lands in a transaction."""
    journal = Journal()
    with catalog(folder, workers=2) as server:
        for _ in range(times):
            server.start()
            with load(server, journal) as end:
                journal.wait_for(3)
                time.sleep(random.uniform(0, 0.3))
                server.kill()
                inside = is_writing(server.file)
                end.set()
            tally.count(journal.audit(server.file), landed=inside)
        server.start()
        with server.caller() as call:
            assert journal.write(call, "400") == 200


def imports(tally: Tally, times: int, folder: Path) -> None:
    """Kill an import in its transaction: all of it is there, or nothing."""
    with catalog(folder) as server:
        page = folder / "page.csv"
        page.write_text(
            "code,message\n" + "".join(f"6{it:06},It failed {it}.\n" for it in range(IMPORTED_ROWS))
        )
        original = Path(shutil.copy(server.file, folder / "original"))
        arguments = ["import", str(page), "--service", "document-recognizer"]
        length = _length(server.url, arguments, lambda: is_writing(server.file))
        for _ in range(times):
            _put_back(original, server.file)
            inside = _killed(
                server.url,
                arguments,
                lambda: is_writing(server.file),
                random.uniform(0, 0.9 * length),
            )
            found = _codes(server.url)
            problems = Journal().audit(server.file)
            if found not in (0, IMPORTED_ROWS):
                problems.append(f"{found} of {IMPORTED_ROWS} rows were imported")
            if run(server.url, *arguments).exit_code or _codes(server.url) != IMPORTED_ROWS:
                problems.append("the import cannot be repeated")
            tally.count(problems, landed=inside)


def checkpoints(tally: Tally, times: int, folder: Path) -> None:
    """Kill a writer while it brings what is in the write-ahead log into the file."""
    with catalog(folder) as server:
        flag = folder / "flag"
        journal = Journal()
        for _ in range(times):
            flag.write_bytes(b"\0")
            child = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.checkpointing", server.url, str(flag)],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                text=True,
            )
            # Some go by, and are measured.
            lengths = [_checkpoint(flag, child) for _ in range(3)]
            while flag.read_bytes() == b"\0" and child.poll() is None:
                pass
            time.sleep(random.uniform(0, min(lengths)))
            child.kill()
            told, _ = child.communicate()
            for line in told.splitlines():
                revision, _, text = line.partition(" ")
                if revision.isdigit() and text.endswith("."):
                    journal.acknowledged[text] = int(revision)
            tally.count(journal.audit(server.file), landed=flag.read_bytes() == b"\1")


def migrations(tally: Tally, times: int, folder: Path, newest: int | None = None) -> None:
    """Kill migrations, each or the newest, at the beginning, in the middle, before the commit."""
    with catalog(folder) as server:
        head = int(schema.head())
        for number in range(head + 1 - (newest or head), head + 1):
            before = Path(shutil.copy(server.file, folder / "before"))
            earlier = f"{number - 1:04}" if number > 1 else "base"
            command.downgrade(configuration(url_of(before)), earlier)
            count = _statements(before, folder / "scratch")
            third = max(1, count // 3)
            for turn in range(times):
                killed = folder / "killed"
                _put_back(before, killed)
                places = random.randint(1, third), random.randint(third, count), "commit"
                # The catalog before the log has no history.
                has_log = number > FIRST_WITH_LOG
                tally.count(_killed_migration(killed, str(places[turn % 3]), has_log))


def backups(tally: Tally, times: int, folder: Path) -> None:
    """Kill backups while people edit: there is a whole one afterwards, or none."""
    with catalog(folder) as server:
        journal = Journal()
        server.start()
        with load(server, journal, writers=2):
            file = folder / "killed.backup"
            partial = file.with_name(f"{file.name}.partial")
            arguments = ["backup", str(file)]
            length = _length(server.url, arguments, partial.exists)
            for number in range(times):
                file.unlink(missing_ok=True)
                _killed(server.url, arguments, partial.exists, random.uniform(0, 0.9 * length))
                inside = partial.exists()
                problems = []
                if not file.exists() and run(server.url, *arguments).exit_code:
                    problems.append("no backup can be made any more")
                url = url_of(folder / "restored" / f"{number}.sqlite3")
                if run(url, "restore", str(file)).exit_code:
                    problems.append("what is there is no whole backup")
                tally.count(problems, landed=inside)
                shutil.rmtree(folder / "restored")
        server.stop()
        tally.lost += journal.audit(server.file)


def restores(tally: Tally, times: int, folder: Path) -> None:
    """Kill restores under a running server: the catalog is the one or the other, and whole."""
    with catalog(folder) as server:
        file = folder / "earlier.backup"
        assert run(server.url, "backup", str(file)).exit_code == 0
        earlier = _revision(server.url)
        server.start()
        later = earlier + 1
        staged = server.file.with_name(f"{server.file.name}.restoring")
        arguments = ["restore", str(file)]
        length = _length(server.url, arguments, staged.exists)
        for _ in range(times):
            if _revision(server.url) == earlier:
                with server.caller() as call:
                    assert Journal().write(call, "400") == 200
            _killed(server.url, arguments, staged.exists, random.uniform(0, 0.9 * length))
            inside = staged.exists()
            problems = Journal().audit(server.file)
            if _revision(server.url) not in (earlier, later):
                problems.append(f"the catalog is at {_revision(server.url)}")
            if server.ask("/services/document-recognizer/codes/400") != 200:
                problems.append("a read was not answered")
            if run(server.url, *arguments).exit_code or _revision(server.url) != earlier:
                problems.append("the restore cannot be repeated")
            tally.count(problems, landed=inside)
            for kept in server.file.parent.glob(f"{server.file.name}.before-*"):
                kept.unlink()


def _checkpoint(flag: Path, child: subprocess.Popen[str]) -> float:
    """Wait for a checkpoint to begin and end; how long it took, in seconds."""
    while flag.read_bytes() == b"\0" and child.poll() is None:
        pass
    began = time.monotonic()
    while flag.read_bytes() == b"\1" and child.poll() is None:
        pass
    return time.monotonic() - began


def is_writing(file: Path) -> bool:
    """Whether a writer has its turn, or was killed in it."""
    turn = Path(f"{file}-turn")
    return turn.exists() and bool(int.from_bytes(turn.read_bytes(), "little") & 1)


def _length(url: str, arguments: Sequence[str], is_inside: Callable[[], bool]) -> float:
    """How long a command is at what may break, in seconds."""
    began = ended = 0.0
    process = _started(url, arguments)
    while process.poll() is None:
        now = time.monotonic()
        if is_inside():
            began, ended = began or now, now
        # Looking all the time would make it longer than it is.
        time.sleep(LOOK_SECONDS)
    assert process.returncode == 0
    return ended - began


def _killed(
    url: str, arguments: Sequence[str], is_inside: Callable[[], bool], delay: float
) -> bool:
    """Kill a command so long after it began what may break; whether it was at it still."""
    process = _started(url, arguments)
    while not is_inside() and process.poll() is None:
        time.sleep(LOOK_SECONDS)
    time.sleep(delay)
    process.kill()
    process.wait()
    return is_inside()


def _started(url: str, arguments: Sequence[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [PROGRAM, *arguments],
        env=os.environ | {"DATABASE_URL": url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _put_back(original: Path, file: Path) -> None:
    for ending in BESIDE:
        Path(f"{file}{ending}").unlink(missing_ok=True)
    shutil.copy(original, file)


def _statements(file: Path, scratch: Path) -> int:
    """How many statements the next migration of a file takes."""
    shutil.copy(file, scratch)
    count = 0

    def look(*_: object) -> None:
        nonlocal count
        count += 1

    sa.event.listen(sa.Engine, "before_cursor_execute", look)
    try:
        command.upgrade(configuration(url_of(scratch)), "+1")
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", look)
        remove_beside(scratch)
        scratch.unlink()
    return count


def _killed_migration(file: Path, place: str, has_log: bool) -> list[str]:
    """What does not hold after a migration was killed at a place."""
    before, texts = _versions(file), _texts(file)
    done = subprocess.run(
        [sys.executable, "-m", "tests.migrations.processes", "kill", "+1", f"{file}={place}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    problems = [] if done.stdout == f"[{-signal.SIGKILL}]\n" else [f"not killed: {done.stdout}"]
    if _versions(file) != before:
        problems.append(f"killed at {place}, the schema is at {_versions(file)}")
    schema.upgrade(url_of(file))
    if _texts(file) != texts:
        problems.append(f"of {texts} texts {_texts(file)} are left")
    return problems + Journal().audit(file, has_log=has_log)


def _texts(file: Path) -> int:
    database = Database(url_of(file))
    try:
        with database.engine.connect() as connection:
            if not sa.inspect(connection).has_table("message"):
                return 0
            return int(connection.execute(sa.text("SELECT count(*) FROM message")).scalar_one())
    finally:
        database.dispose()


def _versions(file: Path) -> list[str]:
    database = Database(url_of(file))
    try:
        with database.engine.connect() as connection:
            return schema.versions(connection)
    finally:
        database.dispose()


def _codes(url: str) -> int:
    """How many of the imported codes are there."""
    database = Database(url)
    try:
        with database.reading() as session:
            statement = "SELECT count(*) FROM error_code WHERE code LIKE '6______'"
            return int(session.execute(sa.text(statement)).scalar_one())
    finally:
        database.dispose()


def _revision(url: str) -> int:
    database = Database(url)
    try:
        return database.standing().revision
    finally:
        database.dispose()
