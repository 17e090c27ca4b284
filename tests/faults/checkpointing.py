"""Edits and brings the write-ahead log into the file, over and over, until it is killed.

Run as `python -m tests.faults.checkpointing URL FLAG`: the file FLAG has a 1 while a checkpoint
goes on. Each edit is printed once it is acknowledged, as its revision and its text.
"""

from __future__ import annotations

import os
import sys

from app import clock
from app.catalog import history
from app.catalog.changes import change_set
from app.catalog.edits.messages import MessageEdit, write_messages
from app.catalog.edits.rows import Texts
from app.catalog.edits.services import load_service
from app.catalog.history import Authorship
from app.db import Database
from tests.faults.writing import CODES

EDITS_BETWEEN = 8


def main(url: str, flag: str) -> None:
    """Go on until killed."""
    database = Database(url)
    sign = os.open(flag, os.O_WRONLY)
    number = 0
    while True:
        for code in CODES[:EDITS_BETWEEN]:
            number += 1
            text = f"Edited by {os.getpid()} for the {number}th time."
            with database.writing() as session:
                with change_set(session, Authorship("checkpointing", clock.now())) as changes:
                    service = load_service(session, "document-recognizer")
                    write_messages(changes, service, [MessageEdit(code, "en", Texts(text))])
                revision = history.revision(session)
            sys.stdout.write(f"{revision} {text}\n")
            sys.stdout.flush()
        with database.engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            assert raw is not None
            os.pwrite(sign, b"\1", 0)
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            os.pwrite(sign, b"\0", 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
