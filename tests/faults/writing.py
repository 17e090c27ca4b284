"""Writers that keep a journal of what they were told, and what the catalog must then have."""

from __future__ import annotations

import itertools
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.backups.files import create_reader, damage
from app.catalog import history, search, verification
from app.db import create_engine
from bench.server import Answer
from tests.faults.serving import WRITE_BUDGET_SECONDS, Server, until

SERVICE = "/services/document-recognizer"
CODES = ("4000122", "400", "401", "403", "404", "405", "415", "4000001")
_NUMBERS = itertools.count(1)


@dataclass
class Journal:
    """What writers were told: acknowledged edits, and those of which they know nothing.

    `refused` has each refusal's status, `problems` what no answer may be. `is_restored` tells that
    the catalog is put back meanwhile, so that an edit may come too late and be gone again.
    """

    acknowledged: dict[str, int] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    refused: list[int] = field(default_factory=list)
    reads: int = 0
    slowest_read: float = 0.0
    problems: list[str] = field(default_factory=list)
    is_restored: bool = False

    def write(self, call: Callable[..., Answer], code: str) -> int:
        """Edit a text in the state that it is in; the status, 0 where no answer came."""
        address = f"{SERVICE}/codes/{code}/messages/en"
        text = f"Edited for the {next(_NUMBERS)}th time."
        began = time.monotonic()
        try:
            known = call("GET", address)
            if known.status != 200:
                return self._refused(known, began)
            self.unknown.add(text)
            began = time.monotonic()
            answer = call("PUT", address, {"text": text}, If_Match=known.headers["etag"])
            if answer.status != 200:
                return self._refused(answer, began)
            self.acknowledged[text] = int(answer.headers["catalog-revision"])
            self.unknown.discard(text)
            seen = call("GET", address)
        except (OSError, HTTPException):
            return 0
        if seen.status == 200 and seen.data["text"] != text and not self.is_restored:
            self.problems.append(f"a read after “{text}” said “{seen.data['text']}”")
        return 200

    def _refused(self, answer: Answer, began: float) -> int:
        took = time.monotonic() - began
        self.refused.append(answer.status)
        comes_too_late = answer.status == 412 and self.is_restored
        if not comes_too_late and (answer.status != 503 or "retry-after" not in answer.headers):
            self.problems.append(f"a refusal was {answer.status}, {answer.data}")
        if took > WRITE_BUDGET_SECONDS:
            self.problems.append(f"a refusal took {took:.1f} s")
        return answer.status

    def wait_for(self, count: int) -> None:
        """Return when so many more edits are acknowledged."""
        enough = len(self.acknowledged) + count
        until(lambda: len(self.acknowledged) >= enough, "nobody could edit any more")

    def read(self, call: Callable[..., Answer], code: str) -> int:
        """Look a code up; the status, 0 where no answer came."""
        began = time.monotonic()
        try:
            # Each of them another: none is given again.
            status = call("GET", f"{SERVICE}/codes/{code}?locale=x-{next(_NUMBERS)}").status
        except (OSError, HTTPException):
            return 0
        self.reads += 1
        self.slowest_read = max(self.slowest_read, time.monotonic() - began)
        return status

    def audit(self, file: Path, *others: Path, has_log: bool = True) -> list[str]:
        """What a catalog lacks of what was acknowledged, has twice, or is otherwise wrong in it.

        `others` are backups that may have some of it instead.
        """
        # What is acknowledged from now on may not be seen yet.
        known = Journal(dict(self.acknowledged), set(self.unknown), problems=[*self.problems])
        logged: dict[str, list[int]] = defaultdict(list)
        problems = known.problems
        try:
            for it in (file, *others):
                with _reading(it, is_backup=it in others) as session:
                    problems += unsound(session, has_log)
                    _read_log(session, logged)
        except sa.exc.DBAPIError as error:
            problems.append(f"the database says: {error.orig}")
        return [*problems, *known._missing(logged)]

    def _missing(self, logged: Mapping[str, Sequence[int]]) -> Iterator[str]:
        for text, revision in self.acknowledged.items():
            found = logged.get(text, [])
            if found != [revision]:
                yield f"“{text}” was acknowledged as {revision} and is in the log at {found}"
        for text in self.unknown:
            if len(logged.get(text, ())) > 1:
                yield f"“{text}” is in the log at {logged[text]}"


@contextmanager
def _reading(file: Path, *, is_backup: bool) -> Iterator[Session]:
    engine = create_reader(file) if is_backup else create_engine(f"sqlite:///{file}")
    try:
        with Session(engine) as session:
            yield session
    finally:
        engine.dispose()


def _read_log(session: Session, logged: dict[str, list[int]]) -> None:
    for row in history.read_all(session):
        text = (history.state_in(row.after) or {}).get("text")
        if row.action.startswith("message.") and text is not None:
            logged[text].append(row.revision)


def unsound(session: Session, has_log: bool = True) -> list[str]:
    """What is wrong in a catalog: pages, references, history, search."""
    found = damage(session.connection())
    found += verification.verify(session).problems if has_log else ()
    off = search.out_of_step(session)
    return found + ([f"{len(off)} codes are out of step in the search index"] if off else [])


@contextmanager
def load(
    server: Server, journal: Journal, writers: int = 4, readers: int = 0
) -> Iterator[threading.Event]:
    """Threads that write and read until the block is left, or the event it gives is set.

    A read that is not answered with 200 while the server is there is a problem.
    """
    end = threading.Event()
    jobs = [journal.write] * writers + [journal.read] * readers
    threads = [
        threading.Thread(target=_work, args=(server, job, code, end, journal))
        for job, code in zip(jobs, itertools.cycle(CODES), strict=False)
    ]
    for thread in threads:
        thread.start()
    try:
        yield end
    finally:
        end.set()
        for thread in threads:
            thread.join()


def _work(
    server: Server,
    job: Callable[..., int],
    code: str,
    end: threading.Event,
    journal: Journal,
) -> None:
    while not end.is_set():
        with server.caller() as call:
            status = 200
            while not end.is_set() and status:
                status = job(call, code)
                if job == journal.read and status not in (0, 200):
                    journal.problems.append(f"a read was answered with {status}")
        # The connection broke: the server is gone, and may come back.
        end.wait(0.05)
