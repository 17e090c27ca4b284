"""All clients at once, in a few processes with threads."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.queues import Queue
from pathlib import Path

from tests.load import editors, readers
from tests.load.board import CONTEXT, WRITERS, Board
from tests.load.client import Client, Tally

READERS, READING_PROCESSES = 32, 4


@dataclass(frozen=True)
class Server:
    """A server that runs: its port, process and file, and a token of an admin's."""

    port: int
    process: int
    file: Path
    token: str


def together(server: Server, board: Board, seconds: float) -> Tally:
    """Let all clients at the server for so long; gives what they counted."""
    told = CONTEXT.Queue()
    each = READERS // READING_PROCESSES
    processes = [
        CONTEXT.Process(target=work, args=(server, board, told, kind, count, number))
        for kind, count, number in (
            *(("read", each, number) for number in range(READING_PROCESSES)),
            ("write", WRITERS, READING_PROCESSES),
            ("import", 1, READING_PROCESSES + 1),
        )
    ]
    for process in processes:
        process.start()
    time.sleep(seconds)
    board.ended.set()
    tally = Tally()
    for _ in processes:
        tally.add(told.get(timeout=120))
    for process in processes:
        process.join()
    return tally


def work(
    server: Server, board: Board, told: Queue[Tally], kind: str, count: int, seed: int
) -> None:
    """In a process of its own: so many clients of a kind, each in a thread of its own."""
    tallies = [Tally() for _ in range(count)]

    def one(number: int) -> None:
        chosen = random.Random(seed * 1000 + number)
        if kind == "read":
            readers.Reader(board, Client(server.port), tallies[number], chosen).run()
            return
        client = Client(server.port, server.token)
        editor = editors.Editor(board, client, tallies[number], chosen)
        if kind == "write":
            editor.write(number)
        else:
            editor.bring_in()

    _in_threads(one, count)
    total = Tally()
    for tally in tallies:
        total.add(tally)
    told.put(total)


def _in_threads(one: Callable[[int], None], count: int) -> None:
    threads = [threading.Thread(target=one, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
