"""Bodies that are slow to arrive: they never take all threads of a process from who reads.

The server hands a request to a thread when its headers are there, and the thread then waits for
the body as long as the caller likes: four slow senders held up everybody. So one thread is never
left to bodies, and callers that nobody knows get one less. Who finds no place is told to come
again.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from werkzeug.exceptions import ServiceUnavailable

from app.config import THREADS_PER_WORKER
from app.edge.callers import asker
from app.edge.problems import RETRY_AFTER_SECONDS

# For a body that has arrived a place is held for less.
PATIENCE_SECONDS = 0.05

_PLACES = threading.BoundedSemaphore(THREADS_PER_WORKER - 1)
_PLACES_OF_STRANGERS = threading.BoundedSemaphore(THREADS_PER_WORKER - 2)


@contextmanager
def arriving() -> Iterator[None]:
    """Read a body in the block; raises ServiceUnavailable where too many are on their way."""
    with ExitStack() as stack:
        for places in (_PLACES,) if asker() else (_PLACES_OF_STRANGERS, _PLACES):
            if not places.acquire(timeout=PATIENCE_SECONDS):
                raise ServiceUnavailable(
                    "Too many bodies are on their way here just now.",
                    retry_after=RETRY_AFTER_SECONDS,
                )
            stack.callback(places.release)
        yield
