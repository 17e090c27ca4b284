"""Whether a read that starts after an edit was acknowledged ever misses it, in any worker.

    python -m bench.staleness [--reads N]

One process edits a code without a pause; others read it, over connections that they open anew now
and then, so that all workers are asked, every other time with the ETag of what they have.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import re
from http.client import HTTPConnection
from typing import Any

from bench.running import tell
from bench.server import HOST, Caller, Server, serving

PATH = "/services/document-recognizer/codes/4000122"
WORKERS, READERS, READS = 4, 4, 100_000
READS_PER_CONNECTION = 200


def main() -> None:
    """Measure, and tell by the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--reads", type=int, default=READS)
    found = checked_reads(parser.parse_args().reads)
    tell({**found, "kept": found["stale"] == 0})


def checked_reads(reads: int = READS) -> dict[str, int]:
    """How many reads were checked, over how many edits, and how many were stale."""
    with serving(WORKERS) as server:
        # The number of the newest edit that was acknowledged.
        acknowledged = multiprocessing.Value("q", 0)
        is_over = multiprocessing.Event()
        edit(Caller(server), 0)
        editor = multiprocessing.Process(target=edit_on, args=(server, acknowledged, is_over))
        editor.start()
        with multiprocessing.Pool(
            READERS, initializer=_share, initargs=(server.port, acknowledged)
        ) as pool:
            found = pool.map(_read, [reads // READERS] * READERS, chunksize=1)
        is_over.set()
        editor.join()
        return {
            "reads": sum(it[0] for it in found),
            "of them 304": sum(it[1] for it in found),
            "edits": acknowledged.value,
            "stale": sum(it[2] for it in found),
        }


def edit_on(server: Server, acknowledged: Any, is_over: Any) -> None:
    """Edit until it is over; what was acknowledged is told before the next edit begins."""
    caller, number = Caller(server), 0
    while not is_over.is_set():
        number += 1
        edit(caller, number)
        acknowledged.value = number


def edit(caller: Caller, number: int) -> None:
    """Write a text that tells which edit it is of."""
    answer = caller.call(
        "PUT", f"{PATH}/messages/en", {"text": f"Edit {number}."}, {"If-Match": "*"}
    )
    if answer.status != 200:
        raise SystemExit(f"an edit is answered with {answer.status}")


_shared: dict[str, Any] = {}


def _share(port: int, acknowledged: Any) -> None:
    _shared.update(port=port, acknowledged=acknowledged)


def _read(reads: int) -> tuple[int, int, int]:
    """So many reads: how many were made, were answered with 304, and were stale."""
    unchanged = stale = seen = 0
    etag = ""
    for number in range(reads):
        if number % READS_PER_CONNECTION == 0:
            connection = HTTPConnection(HOST, _shared["port"], timeout=60)
        least = _shared["acknowledged"].value
        connection.request("GET", PATH, headers={"If-None-Match": etag} if number % 2 else {})
        response = connection.getresponse()
        content = response.read()
        if response.status == 304:
            unchanged += 1
        elif response.status == 200:
            etag = response.headers["ETag"]
            (told,) = re.findall(r"Edit (\d+)\.", json.loads(content)["message"])
            seen = int(told)
        else:
            raise SystemExit(f"a read is answered with {response.status}")
        stale += seen < least
    return reads, unchanged, stale


if __name__ == "__main__":
    main()
