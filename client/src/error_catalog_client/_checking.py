"""Holding a document against a catalog, over HTTP."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

import urllib3

from error_catalog_client._events import line_of
from error_catalog_client._fetching import LONGEST_ANSWER, detail_of
from error_catalog_client._settings import parts_of, token_of

TIMEOUT_SECONDS = 60.0

Kind = TypeVar("Kind")


class CheckError(Exception):
    """Why nothing could be checked; the message is one line."""


@dataclass(frozen=True)
class Document:
    """A file to check; `media_type` tells its format."""

    file: str
    content: bytes
    media_type: str


@dataclass(frozen=True)
class Difference:
    """Something that a file says otherwise than the catalog, or not at all.

    `line` counts from 1 and is None where no line says it, `code` is None where there is none, and
    `breaking` tells that consumers would break, were the file brought in.
    """

    file: str
    service: str
    line: int | None
    code: str | None
    message: str
    breaking: bool

    def __str__(self) -> str:
        place = self.service if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.message}"


class Checker:
    """Asks a catalog; raises CheckError for what is no address or token.

    Without a service or a locale the document tells its own.
    """

    def __init__(
        self,
        url: str,
        service: str | None = None,
        locale: str | None = None,
        token: str | None = None,
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        try:
            parts_of(url)
            token = token_of("ERROR_CATALOG_TOKEN", token)
        except ValueError as error:
            raise CheckError(line_of(error)) from error
        wanted = {"service": service, "locale": locale}
        query = urlencode({name: it for name, it in wanted.items() if it is not None})
        self._address = f"{url.rstrip('/')}/check" + (f"?{query}" if query else "")
        self._headers = {"Accept": "application/json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._timeout = timeout

    def differences(self, document: Document) -> list[Difference]:
        """Where a document and the catalog differ; raises CheckError.

        That happens within the timeout, in seconds, however slowly the answer comes.
        """
        answers: queue.SimpleQueue[bytes | Exception] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self._ask(document))
            except Exception as error:
                answers.put(error)

        threading.Thread(target=ask, daemon=True).start()
        try:
            answer = answers.get(timeout=self._timeout)
        except queue.Empty:
            raise self._error(f"no whole answer came within {self._timeout:g} s") from None
        if isinstance(answer, Exception):
            raise answer
        try:
            return _read(document.file, json.loads(answer))
        except (ValueError, LookupError, TypeError, RecursionError) as error:
            raise self._error("it is of another form") from error

    def _ask(self, document: Document) -> bytes:
        try:
            with urllib3.PoolManager() as pool:
                response = pool.request(
                    "POST",
                    self._address,
                    body=document.content,
                    headers={**self._headers, "Content-Type": document.media_type},
                    timeout=self._timeout,
                    retries=False,
                    # A token is sent to the address that was given, and not on to another.
                    redirect=False,
                    preload_content=False,
                )
                answer = response.read(LONGEST_ANSWER)
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise self._error(line_of(error)) from error
        if response.status != 200:
            told = detail_of(answer) or response.reason
            raise CheckError(f"{self._address} answers {response.status}: {line_of(told)}")
        return answer

    def _error(self, reason: str) -> CheckError:
        return CheckError(f"{self._address} does not answer as a catalog: {reason}")


def _read(file: str, told: Mapping[str, Any]) -> list[Difference]:
    return [
        Difference(
            file,
            _of(str, told["service"]),
            None if it["line"] is None else _of(int, it["line"]),
            None if it["code"] is None else _of(str, it["code"]),
            _of(str, it["message"]),
            _of(bool, it["breaking"]),
        )
        for it in told["differences"]
    ]


def _of(kind: type[Kind], told: object) -> Kind:
    if not isinstance(told, kind):
        raise TypeError(told)
    return told
