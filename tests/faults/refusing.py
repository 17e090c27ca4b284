"""What the disk, the file and other programs refuse: reads go on, writes are told to wait."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from app.db.sqlite_driver import open_file
from bench.server import Answer
from tests.cli.running import run
from tests.faults.means import as_a_common_user, enlarge, filled, shim, small_disk
from tests.faults.outcomes import Tally
from tests.faults.serving import Server, catalog
from tests.faults.writing import CODES, SERVICE, Journal, load

# How long a write may be refused still after what was wrong is over.
RECOVERY_SECONDS = 15.0
# What a lookup may take while writers wait, on a machine that is busy with them.
READ_BUDGET_SECONDS = 2.0
LOCKED_SECONDS = 60.0
PAGE_BYTES = 4096
READS = (
    *(f"{SERVICE}/codes/{code}" for code in CODES[:4]),
    *(f"{SERVICE}/codes/{code}/messages" for code in CODES[4:]),
    f"{SERVICE}/codes?limit=500&locale=ko",
    "/services/pose-estimation/bundle?locale=ja",
    "/codes?q=request",
    "/changes?limit=500",
)


def full_disk(tally: Tally, times: int, folder: Path) -> None:
    """Fill a disk of 2 MB from outside and, once there is room again, by edits."""
    for number in range(times):
        journal = Journal()
        with small_disk(folder) as disk, catalog(disk) as server:
            server.start()
            with server.caller() as call:
                with filled(disk):
                    problems = [*_refused(call, journal), *_refused_commands(server, disk)]
                problems += _recovered(call, journal)
                edits = 0
                while journal.write(call, random.choice(CODES)) == 200:
                    edits += 1
                    assert edits < 1000, "the disk is too large for this"
                problems += _refused(call, journal)
                if number % 2:
                    server.kill()
                    server.start()
                    problems += _refused(call, journal)
                enlarge(disk)
                problems += _recovered(call, journal)
            tally.count(problems + journal.audit(server.file))


def broken_sync(tally: Tally, times: int, folder: Path) -> None:
    """Let fsync fail, and work again."""
    journal, sign = Journal(), folder / "fsync-fails"
    with catalog(folder, settings={"FAULTS_FSYNC": str(sign), **shim(folder)}) as server:
        server.start()
        with server.caller() as call:
            for number in range(times):
                sign.touch()
                problems = list(_refused(call, journal))
                if number % 5 == 1:
                    server.kill()
                sign.unlink()
                if server.process is None:
                    server.start()
                problems += _recovered(call, journal)
                tally.count(problems + journal.audit(server.file))


def read_only(tally: Tally, times: int, folder: Path) -> None:
    """Serve from a file that may not be written, until it may."""
    journal = Journal()
    with catalog(folder, command=as_a_common_user()) as server:
        for _ in range(times):
            _permit(server.file, 0o444)
            server.start()
            with server.caller() as call:
                problems = list(_refused(call, journal))
                _permit(server.file, 0o644)
                problems += _recovered(call, journal)
            server.stop()
            tally.count(problems + journal.audit(server.file))


def locked(tally: Tally, times: int, folder: Path, seconds: float = LOCKED_SECONDS) -> None:
    """Lock the database from outside while six people edit and two look up."""
    with catalog(folder) as server:
        server.start()
        for _ in range(times):
            journal = Journal()
            with load(server, journal, writers=6, readers=2):
                with closing(open_file(server.file, "rw")) as other:
                    other.execute("BEGIN EXCLUSIVE")
                    began = len(journal.acknowledged)
                    time.sleep(seconds)
                    edited = len(journal.acknowledged) - began
                    other.execute("ROLLBACK")
                journal.wait_for(7)
            problems = journal.audit(server.file)
            # Those that had been made when the lock was taken may be told a moment later.
            if edited > 6:
                problems.append(f"{edited} edits were acknowledged while the database was locked")
            if journal.slowest_read > READ_BUDGET_SECONDS:
                problems.append(f"a read took {journal.slowest_read:.1f} s")
            if journal.reads < seconds:
                problems.append(f"only {journal.reads} reads were answered")
            tally.count(problems)
            tally.tried += len(journal.refused) + journal.reads - 1


def scrambled(tally: Tally, times: int, folder: Path) -> None:
    """Scramble pages under a server: what it says is right, or that it cannot; then restore."""
    backup = folder / "sound.backup"
    with catalog(folder) as server:
        assert run(server.url, "backup", str(backup)).exit_code == 0
        server.start()
        with server.caller() as call:
            sound = {path: call("GET", path).data for path in READS}
            for _ in range(times):
                _scramble(server.file)
                problems = list(_wrong(call, sound, may_fail=True))
                if run(server.url, "restore", str(backup)).exit_code:
                    problems.append("the backup cannot be restored")
                problems += _wrong(call, sound, may_fail=False)
                tally.count(problems + Journal().audit(server.file))
                for kept in folder.glob(f"{server.file.name}.*-*"):
                    kept.unlink()


def _permit(file: Path, mode: int) -> None:
    """Let a file be written or not, and what SQLite keeps beside it."""
    for it in file.parent.glob(f"{file.name}*"):
        it.chmod(mode)


def _scramble(file: Path) -> None:
    """Overwrite some pages, once all of the write-ahead log is in the file."""
    with closing(open_file(file, "rw")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with file.open("r+b") as content:
        pages = file.stat().st_size // PAGE_BYTES
        for page in random.sample(range(1, pages), random.randint(1, 12)):
            content.seek(page * PAGE_BYTES)
            content.write(random.randbytes(PAGE_BYTES))


def _wrong(call: Callable[..., Answer], sound: dict[str, Any], *, may_fail: bool) -> Iterator[str]:
    for path, expected in sound.items():
        answer = call("GET", path, Cookie="passes=replay")
        if answer.status == 200:
            if _timeless(answer.data) != _timeless(expected):
                yield f"{path} says something else"
        elif not may_fail or answer.status != 503 or "retry-after" not in answer.headers:
            yield f"{path} is answered with {answer.status}"


def _timeless(data: Any) -> Any:
    return {name: value for name, value in data.items() if name != "epoch"}


def _refused(call: Callable[..., Answer], journal: Journal) -> Iterator[str]:
    """What is wrong with how edits are refused and lookups answered: nothing can be written."""
    for _ in range(3):
        if journal.write(call, random.choice(CODES)) == 200:
            yield "an edit was acknowledged"
        for code in CODES:
            if (status := journal.read(call, code)) != 200:
                yield f"a read was answered with {status}"


def _recovered(call: Callable[..., Answer], journal: Journal) -> Iterator[str]:
    """What is wrong with how it goes on when nothing is in the way any more."""
    deadline = time.monotonic() + RECOVERY_SECONDS
    while journal.write(call, random.choice(CODES)) != 200:
        if time.monotonic() > deadline:
            yield f"no edit was taken for {RECOVERY_SECONDS:g} s"
            return
        time.sleep(0.1)


def _refused_commands(server: Server, disk: Path) -> Iterator[str]:
    """What is wrong with how commands end that must write and cannot."""
    wanted = ["backup", str(disk / "new.backup")], ["account", "add", "x", "--role", "reader"]
    for arguments in wanted:
        done = run(server.url, *arguments)
        if done.exit_code != 2 or done.stderr.count("\n") != 1:
            yield f"{arguments[0]} ended with {done.exit_code}: {done.output}"
    if list(disk.glob("new.backup*")):
        yield "half a backup was left behind"
