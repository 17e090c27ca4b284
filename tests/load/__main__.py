"""The program: starts a server and its clients, waits, and tells what held."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import tests.load
from bench.running import PROGRAM, run
from bench.server import HOST, free_port, wait_for
from tests import table
from tests.load import editors, readers, watching
from tests.load.board import (
    BULK,
    CODES_OF_A_WRITER,
    SERVICE,
    WRITERS,
    Board,
    document,
)
from tests.load.client import Client, Tally
from tests.load.working import Server, together

WORKERS = 4
SECONDS, SOAK_SECONDS = 300.0, 3600.0
# For caches to be filled.
WARM_UP, SOAK_WARM_UP = 20.0, 300.0
LOG = "log"
MISTAKES = "the log tells of no mistake of the program"
ONCE = "an acknowledged edit is in the history once, as it was made"
LAST = "the last acknowledged edit of a text is what is read at the end"


def main() -> None:
    """Run it as the command line says; exit with 1 where anything was lost."""
    parser = argparse.ArgumentParser(
        description=tests.load.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--soak", action="store_true")
    given = parser.parse_args()
    seconds = given.seconds or (SOAK_SECONDS if given.soak else SECONDS)
    warm_up = min(SOAK_WARM_UP if given.soak else WARM_UP, seconds / 4)
    with serving() as server:
        prepare(server)
        board = Board(codes_of(server))
        watch = watching.Watch(server.process, server.file)
        watch.start()
        tally = together(server, board, seconds)
        samples = watch.stop()
        hold_history(server, tally)
        hold_log(server, tally)
    rows = [*rows_of(tally, seconds), *watching.rows(samples, warm_up, is_soak=given.soak)]
    for check, words in sorted(tally.words.items()):
        sys.stdout.write(f"lost: {check}: {words}\n")
    sys.stdout.write("\n".join(table.lines(rows)) + "\n")
    sys.exit(1 if any(row.lost for row in rows) else 0)


@contextmanager
def serving() -> Iterator[Server]:
    """Serve a new seeded catalog from a folder of its own, until the block is left."""
    with TemporaryDirectory(prefix="error-catalog-load-") as folder:
        file, port = Path(folder) / "catalog.sqlite3", free_port()
        environment = {**os.environ, "DATABASE_URL": f"sqlite:///{file}"}
        run(environment, "upgrade", "--seed")
        run(environment, "account", "add", "load", "--role", "admin")
        token = run(environment, "token", "add", "load").output
        own = {"HOST": HOST, "PORT": str(port), "LOG_LEVEL": "ERROR"}
        with (Path(folder) / LOG).open("w") as log:
            process = subprocess.Popen(
                [PROGRAM, "serve"],
                env={**environment, **own, "WEB_CONCURRENCY": str(WORKERS)},
                stdout=log,
                stderr=log,
            )
        try:
            wait_for(port)
            yield Server(port, process.pid, file, token)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)


def prepare(server: Server) -> None:
    """Make the service that documents are brought into."""
    client = Client(server.port, server.token)
    as_json = {"Content-Type": "application/json"}
    body = json.dumps({"slug": "bulk", "title": "Bulk"}).encode()
    made = client.call("POST", "/services", as_json, body)
    path = f"{BULK}/import?locale=en"
    brought = client.call("POST", path, {"Content-Type": "text/csv"}, document(0))
    if (made.status, brought.status) != (201, 200):
        raise SystemExit(f"cannot prepare: {made.body!r} {brought.body[:300]!r}")


def codes_of(server: Server) -> tuple[str, ...]:
    """The codes that writers share out among themselves."""
    found = Client(server.port).call("GET", f"{SERVICE}/codes?limit=500").data["items"]
    return tuple(it["code"] for it in found[: WRITERS * CODES_OF_A_WRITER])


def hold_history(server: Server, tally: Tally) -> None:
    """Hold every acknowledged edit against the history, and the last of each against its text."""
    client = Client(server.port)
    entries: dict[int, list[tuple[str, str, str | None]]] = {}
    since = 0
    while True:
        path = f"/changes?service=document-recognizer&since={since}&limit=500"
        page = client.call("GET", path).data
        for it in page["items"]:
            text = (it["after"] or {}).get("text")
            entries.setdefault(it["revision"], []).append((it["code"], it["locale"], text))
            since = it["revision"]
        if page["next"] is None:
            break
    last: dict[tuple[str, str], tuple[int, str]] = {}
    for revision, code, locale, text in tally.edits:
        tally.note(ONCE, entries.get(revision) == [(code, locale, text)], (revision, code, text))
        last[code, locale] = max(last.get((code, locale), (0, "")), (revision, text))
    for (code, locale), (_, text) in last.items():
        read = client.call("GET", f"{SERVICE}/codes/{code}/messages/{locale}").data["text"]
        tally.note(LAST, read == text, (code, locale, read, text))


def hold_log(server: Server, tally: Tally) -> None:
    """Look for mistakes of the program in its log."""
    lines = (server.file.parent / LOG).read_text().splitlines()
    mistakes = [it for it in lines if "Traceback" in it or "panicked" in it]
    tally.note(MISTAKES, not mistakes, mistakes[:1])


def rows_of(tally: Tally, seconds: float) -> Sequence[table.Row]:
    """The table of what clients counted."""
    answered = (readers.READS, editors.EDITS, editors.IMPORTS, editors.DRY_RUNS)
    held = (
        *(readers.NEW, readers.SAME, readers.LISTS, readers.SEARCHES, readers.FEED),
        *(readers.IMPORTED, readers.WHOLE, ONCE, LAST, MISTAKES),
    )
    rows = [
        table.Row(
            check,
            tally.tried[check],
            tally.lost[check],
            f"{tally.tried[check] / seconds:.1f}/s, {tally.told_waits(check)}",
        )
        for check in answered
    ]
    if busy := tally.tried[editors.BUSY]:
        rows[1].remark += f"; {busy} of all edits told to come again"
    # What was never tried was not held.
    return rows + [
        table.Row(check, max(1, tally.tried[check]), tally.lost[check] or not tally.tried[check])
        for check in held
    ]


if __name__ == "__main__":
    main()
