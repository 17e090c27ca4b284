"""The example beside a real catalog: it answers in Korean, whatever happens to that."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import run, start
from tests.cli.test_serving import PATIENCE_SECONDS, free_port, wait_until_it_answers

ROOT = Path(__file__).parents[2]
CODE = "/services/document-recognizer/codes/4000122"
OLD = "요청 키가 유효하지 않거나 만료되었습니다."
NEW = "요청 키를 새로 받아 주십시오."
REFRESH_SECONDS = 0.25


@dataclass(frozen=True)
class Answer:
    """What somebody answers: the status, the language, and the JSON."""

    status: int
    language: str | None
    told: dict[str, Any]


def ask(port: int, method: str, path: str, body: Any = None, **headers: str) -> Answer:
    """Ask at a port, as any caller does."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, None if body is None else json.dumps(body), fields)
        response = connection.getresponse()
        language = response.headers["Content-Language"]
        return Answer(response.status, language, json.loads(response.read()))
    finally:
        connection.close()


def eventually(holds: Callable[[], object]) -> None:
    """Wait until something holds; fails where it takes too long."""
    pause = threading.Event()
    for _ in range(PATIENCE_SECONDS * 50):
        if holds():
            return
        pause.wait(0.02)
    pytest.fail("it did not come to hold in time")


@dataclass(frozen=True)
class Running:
    """A server with all of its processes, and where it answers."""

    process: subprocess.Popen[str]
    port: int

    def kill(self) -> None:
        """End it as a failing machine does."""
        # The workers of the catalog are in groups of their own.
        for number in [int(it.name) for it in Path("/proc").iterdir() if it.name.isdigit()]:
            with suppress(ProcessLookupError):
                if os.getsid(number) == self.process.pid:
                    os.kill(number, signal.SIGKILL)
        self.process.wait(PATIENCE_SECONDS)


@contextmanager
def ended(process: subprocess.Popen[str], port: int) -> Iterator[Running]:
    """A server that has been started; it is ended with the block, if it is not already."""
    running = Running(process, port)
    try:
        wait_until_it_answers(process, port)
        yield running
    finally:
        running.kill()


@contextmanager
def catalog(database_url: str, port: int, log: Path) -> Iterator[Running]:
    """A catalog that answers at a port."""
    with log.open("w", encoding="utf-8") as output:
        process = start(
            database_url, "serve", settings={"PORT": str(port)}, stdout=output, stderr=output
        )
        with ended(process, port) as running:
            yield running


@contextmanager
def example(folder: Path, catalog_port: int) -> Iterator[Running]:
    """The example as `make example` runs it, in a folder, of the catalog at a port."""
    port = free_port()
    process = subprocess.Popen(
        ["sh", "-c", command_of_make()],
        cwd=folder,
        env={
            **os.environ,
            "PORT": str(port),
            "CATALOG_URL": f"http://127.0.0.1:{catalog_port}",
            "CATALOG_REFRESH": str(REFRESH_SECONDS),
        },
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    with ended(process, port) as running:
        yield running


def command_of_make() -> str:
    """What `make example` does when all is installed."""
    make = ["make", "--dry-run", "--silent", f"BIN={Path(sys.executable).parent}", "example"]
    told = subprocess.run(make, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    _, exec_, command = told.partition("exec ")
    return exec_ + command


def status(recognizer: Running) -> dict[str, Any]:
    """What the example tells of its messages."""
    return ask(recognizer.port, "GET", "/status").told


def complaint(recognizer: Running) -> tuple[int, str | None, str]:
    """How the example refuses a document in Korean."""
    answer = ask(recognizer.port, "POST", "/documents", {}, Accept_Language="ko-KR, en;q=0.5")
    return answer.status, answer.language, answer.told["detail"]


@dataclass
class Customer:
    """Somebody who sends documents all the time, and keeps how they were refused."""

    recognizer: Running
    heard: set[tuple[int, str | None, str]] = field(default_factory=set)
    times: int = 0

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Send while the block lasts; what fails is raised at its end."""
        is_over = threading.Event()
        failed: list[Exception] = []

        def send() -> None:
            try:
                while not is_over.wait(0.01):
                    self.heard.add(complaint(self.recognizer))
                    self.times += 1
            except Exception as error:
                failed.append(error)

        thread = threading.Thread(target=send)
        thread.start()
        try:
            yield
        finally:
            is_over.set()
            thread.join()
        assert failed == []


def token_of_an_editor(database_url: str) -> str:
    """What an edit needs."""
    assert run(database_url, "account", "add", "Mina", "--role", "editor").exit_code == 0
    return run(database_url, "token", "add", "Mina").stdout.strip()


def edit(port: int, token: str) -> None:
    """Have the catalog say something else in Korean."""
    body = {"text": NEW, "reason": "Says what to do"}
    headers = {
        "Authorization": f"Bearer {token}",
        "If_Match": "*",
        "Content_Type": "application/json",
    }
    assert ask(port, "PUT", f"{CODE}/messages/ko", body, **headers).status == 200


def polls_after_the_edit(log: Path) -> list[int]:
    """With which statuses a catalog has answered polls since it was edited."""
    lines = [json.loads(it) for it in log.read_text(encoding="utf-8").splitlines() if it[0] == "{"]
    (edited,) = [number for number, it in enumerate(lines) if it["method"] == "PUT"]
    return [it["status"] for it in lines[edited:] if it["path"] == "/bundle"]


def test_it_answers_in_korean_while_the_catalog_is_killed_restarted_and_edited(
    seeded_url: str, tmp_path: Path
) -> None:
    token, port, log = token_of_an_editor(seeded_url), free_port(), tmp_path / "log"
    with catalog(seeded_url, port, log) as first, example(tmp_path, port) as recognizer:
        eventually(lambda: status(recognizer)["source"] == "live")
        customer = Customer(recognizer)
        with customer.sending():
            first.kill()
            eventually(lambda: status(recognizer)["error"])
            assert status(recognizer)["source"] == "live"
            with catalog(seeded_url, port, log):
                eventually(lambda: status(recognizer)["error"] is None)
                assert customer.heard == {(400, "ko", OLD)}
                edit(port, token)
                eventually(lambda: complaint(recognizer)[2] == NEW)
        assert customer.heard <= {(400, "ko", OLD), (400, "ko", NEW)}
        assert customer.times > 10
    # One may have been under way while the edit was made.
    assert 200 in polls_after_the_edit(log)[:2]
    with example(tmp_path, port) as again:
        assert status(again)["source"] == "disk"
        assert complaint(again) == (400, "ko", NEW)


def test_where_no_catalog_ever_answered_it_says_what_it_ships_with(tmp_path: Path) -> None:
    with example(tmp_path, free_port()) as recognizer:
        assert complaint(recognizer) == (400, "ko", OLD)
        assert status(recognizer)["source"] == "bootstrap"
        eventually(lambda: status(recognizer)["error"])


@pytest.mark.parametrize("locale", ["en", "ko"])
def test_it_ships_with_what_the_catalog_exports(seeded_url: str, locale: str) -> None:
    options = ("--format", "bundle", "--locale", locale)
    exported = run(seeded_url, "export", "document-recognizer", *options).stdout
    shipped = ROOT / "examples" / "recognizer" / f"errors.{locale}.json"
    # The first line tells when.
    assert shipped.read_text(encoding="utf-8").splitlines()[1:] == exported.splitlines()[1:]


def test_it_takes_documents_with_a_key(tmp_path: Path) -> None:
    with example(tmp_path, free_port()) as recognizer:
        key = ask(recognizer.port, "POST", "/keys").told["key"]

        def send(body: Any = None, **headers: str) -> str:
            answer = ask(recognizer.port, "POST", "/documents", body, X_Request_Key=key, **headers)
            return str(answer.told["code"])

        assert send("no document") == "4000003"
        assert send() == "4000004"
        # It is refused before it has come.
        assert send(Content_Length="6000000") == "4000002"


def test_the_readme_shows_what_one_gets(seeded_url: str, tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    ((command, output),) = re.findall(r"```console example\n\$ (.+?)\n(.*?)```", readme, re.DOTALL)
    catalog_port = free_port()
    log = tmp_path / "log"
    with catalog(seeded_url, catalog_port, log), example(tmp_path, catalog_port) as recognizer:
        eventually(lambda: status(recognizer)["source"] == "live")
        told = subprocess.run(
            ["sh", "-c", command.replace(":8001", f":{recognizer.port}")],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
        )
    assert told.stdout.replace(f":{catalog_port}/", ":8000/") == output
