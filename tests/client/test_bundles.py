from __future__ import annotations

import calendar
import gc
import json
import time
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from typing import Any

import pytest

from error_catalog_client._bundles import Bundle, read_file, read_lines
from tests.client.making import SERVICE, a_bundle, a_code, an_answer, many_codes

ONE = a_bundle(a_code("1"), a_code("2", "둘"))
SEVERAL = an_answer(ONE, a_bundle(service="empty", locale="ko"), a_bundle(a_code(), service="b"))


def read(content: bytes) -> list[Bundle]:
    return read_lines(BytesIO(content), lambda: None)


def messages(bundles: list[Bundle]) -> dict[tuple[str, str], list[str]]:
    return {(it.service, it.locale): list(it.messages.values()) for it in bundles}


def test_a_bundle_is_read_a_code_at_a_time() -> None:
    paces = []
    (bundle,) = read_lines(BytesIO(ONE), lambda: paces.append(1))
    assert (bundle.service, bundle.locale, bundle.default_locale) == (SERVICE, "en", "en")
    assert bundle.revision == 207
    assert bundle.updated_at == calendar.timegm((2026, 11, 22, 3, 37, 15))
    assert bundle.messages == {"1": "Invalid key.", "2": "둘"}
    assert json.loads(bundle.lines["2"]) == a_code("2", "둘")
    assert len(paces) == 2


def test_what_is_given_up_is_emptied_a_text_at_a_time() -> None:
    paces = []
    with pytest.raises(ValueError, match="too early"):
        read_lines(BytesIO(an_answer(ONE)[:-4]), lambda: paces.append(1))
    # Two codes are read, and two messages and two lines freed.
    assert len(paces) == 2 + 2 * 2


def test_several_bundles_are_read_in_their_order() -> None:
    assert messages(read(SEVERAL)) == {
        (SERVICE, "en"): ["Invalid key.", "둘"],
        ("empty", "ko"): [],
        ("b", "en"): ["Invalid key."],
    }


def test_a_service_may_have_no_codes() -> None:
    assert messages(read(a_bundle())) == {(SERVICE, "en"): []}


def comparable(bundles: list[Bundle]) -> list[Any]:
    lines = [{code: json.loads(it) for code, it in bundle.lines.items()} for bundle in bundles]
    return [(replace(bundle, lines=it)) for bundle, it in zip(bundles, lines, strict=True)]


@pytest.mark.parametrize("content", [ONE, SEVERAL])
@pytest.mark.parametrize(
    "relaid",
    [
        lambda it: it,
        lambda it: it.replace(b"\n", b"\r\n"),
        lambda it: json.dumps(json.loads(it), indent=2).encode(),
        lambda it: json.dumps(json.loads(it)).encode(),
        lambda it: b"\xef\xbb\xbf" + it,
    ],
    ids=["as it was", "of Windows", "indented", "on one line", "with a mark"],
)
def test_a_file_may_have_been_in_the_hands_of_a_formatter(content: bytes, relaid: Any) -> None:
    assert comparable(read_file(relaid(content))) == comparable(read(content))


@pytest.mark.parametrize("content", [ONE, SEVERAL], ids=["one", "several"])
def test_an_answer_that_is_cut_off_anywhere_is_refused(content: bytes) -> None:
    for length in range(len(content) - 1):
        with pytest.raises(ValueError, match=r"\w"):
            read_file(content[:length])
        with pytest.raises(ValueError, match=r"\w"):
            read(content[:length])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"{}",
        b'{"items":[],"next":null}',
        b'{"format":1,"bundles":{}}',
        b'{"format":1,"bundles":[1]}',
        b'{"format":2,"bundles":[\n]}\n',
        b'{"bundles":[\n]}\n',
        b"<html><body>502</body></html>",
        b"\xff\xfe\x00",
        b"[" * 100_000,
        a_bundle(format=2),
        a_bundle(format=None),
        a_bundle(service=7),
        a_bundle(title=None),
        a_bundle(locale=None),
        a_bundle(revision="207"),
        a_bundle(revision=True),
        a_bundle(updated_at=None),
        a_bundle(updated_at="yesterday"),
        a_bundle(a_code(message=None)),
        a_bundle(a_code()).replace(b'{"code"', b'["code"'),
        a_bundle(a_code()) + b"more",
        an_answer(a_bundle(), a_bundle(format=3)),
    ],
)
def test_what_is_no_bundle_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_file(content)
    with pytest.raises(ValueError, match=r"\w"):
        read(content)


def test_a_line_without_end_is_not_looked_at_as_a_whole() -> None:
    with pytest.raises(ValueError, match="laid out"):
        read(json.dumps(json.loads(a_bundle(*[a_code(str(it)) for it in range(1000)]))).encode())


def test_a_long_text_is_read() -> None:
    code = a_code(message="가" * 4_000, description="가" * 4_000, remedy="가" * 4_000)
    assert len(read(a_bundle(code))[0].messages["4000122"]) == 4_000


def test_the_garbage_collector_has_nothing_to_look_through() -> None:
    body = BytesIO(a_bundle(*many_codes(10_000)))
    gc.collect()
    before = len(gc.get_objects())
    bundles = read_lines(body, lambda: None)
    assert len(gc.get_objects()) - before < 100
    assert len(bundles[0].messages) == 10_000


def test_between_two_pauses_little_is_done() -> None:
    body = BytesIO(an_answer(a_bundle(*many_codes(10_000)), a_bundle(*many_codes(10_000))))
    work = [time.thread_time()]

    def pause() -> None:
        work.append(time.thread_time())

    for bundle in read_lines(body, pause):
        bundle.empty(pause)
        assert (bundle.messages, bundle.lines) == ({}, {})
    assert max(later - earlier for earlier, later in pairwise(work)) < 0.001
