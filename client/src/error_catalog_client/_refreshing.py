"""Keeping what is known of the catalog fresh, in a thread of its own."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping
from io import BytesIO

from error_catalog_client._bundles import Bundle, read_lines
from error_catalog_client._cache import Cache
from error_catalog_client._events import Event, Reporter, line_of, log
from error_catalog_client._fetching import Fetcher, FetchError
from error_catalog_client._holdings import chosen
from error_catalog_client._pacing import Pace
from error_catalog_client._settings import Pair, Settings

# In seconds, as far as pauses between polls grow by failures, and by a catalog's own wish.
_LONGEST_BACKOFF = 60.0
_LONGEST_RETRY_AFTER = 3600.0
# By how much of itself a pause is made longer, so that processes do not ask all at once.
_JITTER = 0.1
# After so many polls without news it is asked for all again, only to be kept: at once where what
# was kept is lost, and seldom where it could not be written.
_SOON, _SELDOM = 1, 10
# In seconds, for a poll that is under way when the catalog is closed.
_LAST_PATIENCE = 1.0


class Refresher:
    """Polls the catalog: one request per interval, whatever is looked up meanwhile.

    `take` is handed what a poll brought, or None where it confirmed what was brought last.
    """

    def __init__(
        self,
        settings: Settings,
        cache: Cache | None,
        reporter: Reporter,
        take: Callable[[Mapping[Pair, Bundle] | None], None],
        etag: str | None,
    ) -> None:
        self.error: str | None = None
        self._settings = settings
        self._cache = cache
        self._reporter = reporter
        self._take = take
        self._etag = self._saved_etag = etag
        self._failures = 0
        self._unkept, self._patience = 0, _SOON
        self._has_polled = self._has_ended = False

    def start(self, delay: float = 0.0) -> None:
        """Poll from now on, first after so many seconds; what hinders it is logged."""
        self._fetcher = Fetcher(self._settings)
        self._stop = threading.Event()
        self._polled = threading.Event()
        self._thread = threading.Thread(
            target=self._run, args=(delay,), name="error-catalog-refresh", daemon=True
        )
        try:
            self._thread.start()
        except RuntimeError as error:
            log.exception("the error catalog is not refreshed in this process")
            self.error = line_of(error)
            self._polled.set()

    def restart(self) -> None:
        """Go on in a child that was forked off, where no thread but the forking one lives."""
        if self._has_ended:
            return
        # Children come in numbers, and what they know is as old as what their parent knows.
        most = self._settings.refresh if self._has_polled else 0.0
        self.start(random.uniform(0, most))  # noqa: S311 (no secret)

    def wait(self, seconds: float) -> None:
        """Return when the first poll is over, or after so many seconds."""
        self._polled.wait(seconds)

    def end(self) -> None:
        """Stop polling."""
        self._has_ended = True
        self._stop.set()
        self._fetcher.abort()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(_LAST_PATIENCE)

    def _run(self, delay: float) -> None:
        while not self._stop.wait(delay):
            delay = self._poll()
            self._has_polled = True
            self._polled.set()

    def _poll(self) -> float:
        """Ask the catalog once; gives the seconds until it may be asked again."""
        begin = time.monotonic()
        kind, problem, at_least = "failed", None, 0.0
        try:
            kind = self._ask()
        except FetchError as error:
            problem, at_least = str(error), error.retry_after
        except Exception as error:  # whatever it is, the next poll may go well
            log.exception("a poll of the error catalog failed")
            problem = line_of(error)
        if not self._stop.is_set():
            self.error = problem
            self._reporter.tell(Event(kind, time.monotonic() - begin, problem))
        self._failures = self._failures + 1 if problem else 0
        return self._pause(at_least)

    def _pause(self, at_least: float) -> float:
        """How long to wait, in seconds: longer with each failure in a row after the first."""
        refresh = self._settings.refresh
        # Beyond some doublings the number would get too large for a float.
        longer: float = refresh * 2 ** min(max(self._failures - 1, 0), 20)
        pause = max(
            min(longer, max(refresh, _LONGEST_BACKOFF)), min(at_least, _LONGEST_RETRY_AFTER)
        )
        return pause * random.uniform(1, 1 + _JITTER)  # noqa: S311 (no secret)

    def _ask(self) -> str:
        answer = self._fetcher.fetch(self._etag)
        if answer.body is None:
            self._take(None)
            self._keep_on()
            return "unchanged"
        self._take(self._read(answer.body))
        self._etag = answer.etag
        self._keep(answer.etag, answer.body)
        return "refreshed"

    def _read(self, body: BytesIO) -> Mapping[Pair, Bundle]:
        """What an answer says of all that was asked for; raises FetchError."""
        pairs, pause = self._settings.pairs, Pace()
        try:
            bundles = read_lines(body, pause)
        except ValueError as error:
            raise FetchError(f"the answer is no bundle: {line_of(error)}") from error
        found = chosen(bundles, pairs)
        if len(found) < len(pairs):
            for bundle in bundles:
                bundle.empty(pause)
            raise FetchError("the answer lacks something that was asked for")
        return found

    def _keep(self, etag: str | None, body: BytesIO) -> None:
        if self._cache:
            try:
                self._cache.write(self._settings.address, etag, body)
                self._saved_etag, self._patience = etag, _SOON
            except OSError as error:
                self._patience = _SELDOM
                self._reporter.tell(Event("unsaved", error=line_of(error)))

    def _keep_on(self) -> None:
        """Have what is kept count as confirmed, and if it cannot, get the whole some time."""
        if self._cache:
            try:
                self._cache.touch()
                is_kept = self._saved_etag == self._etag
            except OSError:
                is_kept = False
            self._unkept = 0 if is_kept else self._unkept + 1
            if self._unkept >= self._patience:
                self._etag, self._unkept = None, 0
