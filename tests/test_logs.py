"""Logs: one JSON object a line, whoever writes and whatever a caller sent."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st

from app.logs import configure_logging

pytestmark = [pytest.mark.security("forged log lines"), pytest.mark.operation("structured logs")]

LINE_ENDS = ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x1e", "\x85", "\u2028", "\u2029"]


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """What a test does to the process's logging is undone."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """What was written to standard output, each line read as JSON."""
    written = capsys.readouterr()
    assert written.err == ""
    return [json.loads(line) for line in written.out.splitlines()]


def test_a_line_has_its_event_level_logger_and_time(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO")
    structlog.get_logger("error_catalog.tests").info("opened", door=7)
    (line,) = lines(capsys)
    moment = datetime.fromisoformat(line.pop("timestamp"))
    assert moment.utcoffset() is not None
    assert line == {
        "event": "opened",
        "level": "info",
        "logger": "error_catalog.tests",
        "door": 7,
    }


def test_lines_of_libraries_are_json_too_with_the_request_s_id(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging("INFO")
    with structlog.contextvars.bound_contextvars(request_id="abc"):
        logging.getLogger("some.library").warning("took %d ms\nand more", 12)
    (line,) = lines(capsys)
    assert line["event"] == "took 12 ms\nand more"
    assert (line["level"], line["logger"]) == ("warning", "some.library")
    assert line["request_id"] == "abc"


@pytest.mark.parametrize("library", [False, True])
def test_an_exception_is_one_line_with_its_trace(
    capsys: pytest.CaptureFixture[str], library: bool
) -> None:
    configure_logging("INFO")
    try:
        raise LookupError("first\nsecond\u2028third")
    except LookupError:
        if library:
            logging.getLogger("some.library").exception("it failed")
        else:
            structlog.get_logger("error_catalog.tests").exception("it failed")
    (line,) = lines(capsys)
    assert line["event"] == "it failed"
    assert "Traceback" in line["exception"]
    assert "second\u2028third" in line["exception"]


@pytest.mark.parametrize("mark", LINE_ENDS, ids=ascii)
def test_no_character_in_a_message_a_name_or_a_value_ends_the_line(
    capsys: pytest.CaptureFixture[str], mark: str
) -> None:
    configure_logging("INFO")
    forged = f'x{mark}{{"event": "forged"}}'
    structlog.get_logger("error_catalog.tests").info(forged, value=forged, **{forged: 1})
    logging.getLogger(f"library{mark}").error(forged)
    first, second = lines(capsys)
    assert first["event"] == first["value"] == second["event"] == forged
    assert first[forged] == 1


@settings(deadline=None, max_examples=50)
@given(st.text(st.characters()))
def test_any_text_is_one_line_of_ascii(text: str) -> None:
    configure_logging("INFO")
    formatter = logging.getLogger().handlers[0].formatter
    assert formatter is not None
    line = formatter.format(logging.LogRecord("x", logging.INFO, "x.py", 1, text, None, None))
    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line)["event"] == text


def test_what_json_does_not_know_is_logged_all_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO")
    structlog.get_logger("error_catalog.tests").info("odd", value=object(), data=b"\n", many={1})
    (line,) = lines(capsys)
    assert line["event"] == "odd"


@pytest.mark.parametrize(("level", "written"), [("DEBUG", 4), ("INFO", 3), ("ERROR", 1)])
def test_lines_below_the_level_are_left_out(
    capsys: pytest.CaptureFixture[str], level: str, written: int
) -> None:
    configure_logging(level)
    log = structlog.get_logger("error_catalog.tests")
    for write in (log.debug, log.info, log.warning, log.error):
        write("told")
    assert len(lines(capsys)) == written
    for write in (log.debug, log.info, log.warning, log.error):
        logging.getLogger("some.library").log(logging.getLevelName(write.__name__.upper()), "told")
    assert len(lines(capsys)) == written


def test_configuring_twice_writes_each_line_once(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO")
    configure_logging("INFO")
    logging.getLogger("some.library").info("told")
    assert len(lines(capsys)) == 1
