"""Messages as templates: what of a text is found again in a line that a service logs of it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.catalog.templates import (
    ANCHOR_WORDS,
    LINE_WORDS,
    Line,
    anchor_of,
    fit,
)
from app.catalog.texts import checked_text

WHOLE_WORD = st.text("abAB요청証明", min_size=1, max_size=4)
VALUE = st.text("0123456789", min_size=1, max_size=4)
AROUND = st.lists(st.text("uvUV中に", min_size=1, max_size=4), max_size=3)

# Any characters but those whose case is another length or depends on where they stand.
PLAIN = st.characters(exclude_categories=["Cc", "Cs", "Cn"]).filter(
    lambda mark: len(mark.lower()) == 1 and mark != "Σ"
)
PIECES = st.lists(st.text(PLAIN, max_size=6) | st.sampled_from(["{a}", "{b}", "{a.b_1}", " "]))


@dataclass(frozen=True)
class Logged:
    """A template, the values of its placeholders by name, and the text with these in it."""

    template: str
    values: dict[str, str]
    filled: str


@st.composite
def logged(draw: st.DrawFn) -> Logged:
    """A template that has words between any two placeholders, filled in."""
    count = draw(st.integers(0, 3))
    words = st.lists(WHOLE_WORD, min_size=1, max_size=3).map(" ".join)
    between = st.builds("{}{}{}".format, st.sampled_from(["", " "]), words, st.sampled_from("- ("))
    parts = [
        draw(st.just("") | words.map("{} ".format)),
        *(draw(between) for _ in range(count - 1)),
        draw((st.just("") if count else st.nothing()) | words.map(" {}.".format)),
    ]
    values = {f"v{number}": draw(VALUE) for number in range(count)}
    told = [*itertools.chain.from_iterable(zip(parts[:count], values, strict=True)), *parts[count:]]
    template = "".join(f"{{{it}}}" if it in values else it for it in told)
    filled = "".join(values.get(it, it) for it in told)
    return Logged(template.strip(), values, filled.strip())


def found(line: Line) -> set[int]:
    """The hashes of everything in a line that could be an anchor."""
    return set(itertools.chain.from_iterable(line.anchors()))


def filled(text: str, value: str) -> str:
    """A text with the same value for each of the placeholders of PIECES."""
    for name in ("{a}", "{b}", "{a.b_1}"):
        text = text.replace(name, value)
    return text


def values(template: str, line: str) -> dict[str, str]:
    """What stands in a line for the placeholders of a template, which must fit it."""
    fitted = fit(template, Line(line))
    assert fitted is not None
    return dict(fitted.values)


def fits(template: str, line: str) -> bool:
    """Whether a line has a template in it."""
    return fit(template, Line(line)) is not None


@given(logged(), AROUND, AROUND, st.sampled_from([str, str.upper, str.lower]))
def test_a_text_is_found_with_its_values_in_any_line_that_has_it_filled_in(
    it: Logged, before: Sequence[str], behind: Sequence[str], cased: type[str]
) -> None:
    anchor = anchor_of(it.template)
    assume(anchor is not None)
    # What stands behind the last placeholder in the same line belongs to its value.
    space = "\n" if it.template.endswith("}") else " "
    line = cased(" ".join([*before, it.filled]) + space + " ".join(behind))
    assert anchor in found(Line(line))
    assert values(it.template, line) == it.values


@given(PIECES, st.text("0123456789", min_size=1, max_size=3), AROUND, AROUND)
def test_any_text_that_the_catalog_keeps_is_found_when_it_is_logged(
    pieces: Sequence[str], value: str, before: Sequence[str], behind: Sequence[str]
) -> None:
    text = checked_text("text", "".join(pieces))
    assume(text is not None)
    assert text is not None
    line = Line(" ".join([*before, filled(text, value), *behind]))
    anchor = anchor_of(text)
    assert anchor is None or anchor in found(line)
    fitted = fit(text, line)
    assert fitted is not None
    assert 0 <= fitted.explained <= len(line.text)


@settings(max_examples=50)
@given(st.text() | st.text("a {}요.1", max_size=4000), st.text() | st.text("a {}요.1"))
def test_whatever_is_asked_the_work_is_bounded(line: str, text: str) -> None:
    runs = list(Line(line).anchors())
    assert len(runs) <= ANCHOR_WORDS
    assert all(len(run) <= LINE_WORDS for run in runs)
    assert all(-(2**63) <= it < 2**63 for run in runs for it in run)
    fitted = fit(text, Line(line))
    assert fitted is None or fitted.explained <= len(Line(line).text)
    assert -(2**63) <= (anchor_of(text) or 0) < 2**63


@pytest.mark.parametrize(
    "line", ["a " * 2000, "요" * 4000, "a1_" * 1300, "\u0301" * 4000, "x" * 4000]
)
def test_of_a_long_line_no_more_than_its_first_words_are_looked_up(line: str) -> None:
    counted = sum(map(len, Line(line).anchors()))
    assert counted <= ANCHOR_WORDS * LINE_WORDS


def test_a_text_beyond_the_first_words_of_a_line_is_not_looked_for() -> None:
    last, beyond = "w " * (LINE_WORDS - 1) + "last", "w " * LINE_WORDS + "last"
    assert anchor_of("last") in found(Line(last))
    assert anchor_of("last") not in found(Line(beyond))


def test_the_longest_runs_of_a_line_come_first() -> None:
    runs = list(Line("one two three").anchors())
    assert [len(run) for run in runs] == [1, 2, 3]
    assert runs[0] == [anchor_of("one two three")]
    assert runs[1] == [anchor_of("one two"), anchor_of("two three")]
    assert list(Line(" ... ").anchors()) == []


@pytest.mark.parametrize("text", [None, "", " ", "{x}", "{x}{y}", "...", "{x}: {y}.", "{x}\u2014!"])
def test_a_text_without_a_word_of_its_own_has_no_anchor(text: str | None) -> None:
    assert anchor_of(text) is None


@pytest.mark.parametrize("text", ["{n}MB", "user{name}", "{a}x{b}", "pre{x}", "{x}1"])
def test_a_word_that_touches_a_placeholder_is_not_in_the_anchor(text: str) -> None:
    assert anchor_of(text) is None
    assert anchor_of(f"larger than {text}") == anchor_of("larger than")


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("Request failed.", "REQUEST   failed"),
        ("Request-failed!", "“request” (failed)"),
        ("request_failed", "Request failed"),
        ("File {name} is larger than {limit} MB.", "is larger than"),
        ("{name} is too long", "is too long"),
        ("one two {x} three four", "one two"),
        ("one {x} two three {y} four", "two three"),
        ("요청 {x}가 만료되었습니다.", "가만료되었습니다"),
        ("{x}の期限切れ", "の 期 限 切 れ"),
    ],
)
def test_the_anchor_is_that_of_the_words_of_the_longest_run(text: str, same: str) -> None:
    assert anchor_of(text) == anchor_of(same)


@pytest.mark.parametrize(
    ("text", "other"), [("one two", "two one"), ("one two", "onetwo"), ("one", "one two")]
)
def test_other_words_have_another_anchor(text: str, other: str) -> None:
    assert anchor_of(text) != anchor_of(other)


def test_of_a_long_text_the_first_words_are_the_anchor() -> None:
    words = [f"word{number}" for number in range(ANCHOR_WORDS + 5)]
    assert anchor_of(" ".join(words)) == anchor_of(" ".join(words[:ANCHOR_WORDS]))
    assert anchor_of(" ".join(words)) != anchor_of(" ".join(words[: ANCHOR_WORDS - 1]))


@pytest.mark.parametrize(
    ("template", "line", "expected"),
    [
        (
            "File {name} is larger than {limit} MB.",
            "09:12 ERROR File a b.png is larger than 5 MB. (upload)",
            {"name": "a b.png", "limit": "5"},
        ),
        ("{n}MB is too much", "ERROR 5MB is too much", {"n": "5"}),
        (
            "{user} may not {verb}",
            "WARN mina may not delete it\nat x.py",
            {"user": "mina", "verb": "delete it"},
        ),
        (
            "Failed: {reason}",
            "ERROR Failed: no space left \n  at disk.py",
            {"reason": "no space left"},
        ),
        ("{user} has left.", "INFO room mina has left", {"user": "mina"}),
        ("a {x} b {x} c", "a 1 b 2 c", {"x": "1"}),
        ("Invalid {x}!", "Invalid key! Try again", {"x": "key"}),
        ("no placeholders", "here are NO  Placeholders", {}),
        ("{a.b_1} is {0}", "x is y", {"a.b_1": "x", "0": "y"}),
        ("요청 {k}가 만료되었습니다.", "오류 요청 abc가 만료되었습니다 (x)", {"k": "abc"}),
        (
            "파일 {name}이(가) {n}MB보다 큽니다.",
            "파일 사진.png이(가) 5MB보다 큽니다.",
            {"name": "사진.png", "n": "5"},
        ),
        ("{field}の値が無効です。", "エラー: idの値が無効です", {"field": "id"}),
        ("期限は{days}日です。", "期限は3日です。", {"days": "3"}),
    ],
)
def test_what_stands_in_the_line_is_the_value(
    template: str, line: str, expected: dict[str, str]
) -> None:
    assert values(template, line) == expected


@pytest.mark.parametrize(
    ("template", "line"),
    [
        ("Request failed.", "Request was failed"),
        ("one {x} two", "two 1 one"),
        ("one {x} two", "one 1"),
        ("a {x} b {y} a", "a 1 b 2"),
        ("{x}!", "none"),
        ("요청 {k}가", "요청 abc는"),
        ("anything", ""),
    ],
)
def test_a_line_without_all_parts_in_order_does_not_fit(template: str, line: str) -> None:
    assert not fits(template, line)


@pytest.mark.parametrize("end", ["", ".", "!", "。", "\uff01", " ."])
def test_the_end_of_the_sentence_need_not_be_in_the_line(end: str) -> None:
    assert fits(f"The key has expired{end}", "ERROR: the key has expired, says a")
    assert fits(f"The key {{x}} has expired{end}", "ERROR: the key 5 has expired")
    assert fits(end or "x", end or "x")


def test_a_line_is_composed_and_has_single_spaces_but_keeps_its_lines() -> None:
    assert Line(" cafe\u0301 \t\u3000 au\xa0lait \n x\r\n").text == "café au lait \n x"
    assert fits("Le café est fermé.", "Le  cafe\u0301\test ferme\u0301")


def test_what_is_explained_is_what_the_template_says_itself() -> None:
    short, long = (
        fit(template, Line("disk sda is full")) for template in ("disk {x} is", "disk {x} is full")
    )
    assert short is not None
    assert long is not None
    assert (short.explained, long.explained) == (len("diskis"), len("diskis full"))
    everything = fit("{x}", Line("disk"))
    assert everything is not None
    assert (everything.values, everything.explained) == ({"x": "disk"}, 0)


@pytest.mark.parametrize(
    "template", [".*", "(a+)+$", "[", "\\", "(?P<x>.)", "{}", "{a b}", "%s", "$1"]
)
def test_nothing_but_a_placeholder_stands_for_anything_else(template: str) -> None:
    assert values(template, f"x {template} y") == {}
    assert not fits(template, "aaa bbb 1")


@pytest.mark.parametrize(
    ("template", "line", "expected"),
    [
        ("first line\nsecond {x} line", "x first line\nsecond 5 line", {"x": "5"}),
        ("Request failed", "İ request FAILED", {}),
        ("\u0391\u03a3{x} failed", "\u03b1\u03c37 failed", {"x": "7"}),
        ("id {x} missing", "The valid id 5 missing", {"x": "5"}),
        ("Key {k}", "MonKey 5: Key 7", {"k": "7"}),
        ("{n} of disk", "5 of disks, 6 of disk", {"n": "6"}),
    ],
)
def test_a_text_fits_whatever_its_lines_and_case_and_in_no_middle_of_a_word(
    template: str, line: str, expected: dict[str, str]
) -> None:
    assert anchor_of(template) in found(Line(line))
    assert values(template, line) == expected
