"""A page as lines, each with its number in the file, without what is no part of the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from app.exchange.document import Remark

_CONFLICT = re.compile(r"(<{7}|\|{7}|>{7})( .*)?|={7}")
# What begins a code block (CommonMark 0.31, section 4.5): a run of backticks or tildes.
_FENCE = re.compile(r" {0,3}(`{3,}+(?=[^`]*$)|~{3,}+)(.*)")
_BACKTICKS = re.compile(r"`+")
# Within a line, what may begin a code span, in which nothing is a comment, or begins a comment.
_SPAN_OR_COMMENT = re.compile(r"`+|(?<!\\)<!--")
_BLOCK = re.compile(r" {0,3}<!--")


# Three texts of 4,000 characters, each of them escaped, are shorter. Parsers of Markdown take some
# lines in the square of their length. HTML, which may have a whole table in a line, is left to its
# own parser.
LONGEST_LINE = 30_000
_SHOWN = 100


@dataclass
class Page:
    """The lines of a page. Rows in some of them are not to be taken: why, by the line's number."""

    lines: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    disputed: dict[int, str] = field(default_factory=dict)
    markers: list[Remark] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The page, to be parsed."""
        return "\n".join(self.lines)

    def number(self, index: int) -> int:
        """The number in the file of the line at this place in the page."""
        return self.numbers[min(index, len(self.numbers) - 1)]


def read_page(text: str) -> Page:
    """Take a file's text apart.

    Conflict markers are taken out, so that the tables around them stay whole, and are remarked.
    Spaces that do not break are spaces; who means one writes `&nbsp;`.
    """
    unified = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    lines = unified.replace("\u00a0", " ").split("\n")
    if "<!--" in unified:
        lines = list(_uncommented(lines))
    page = Page()
    in_conflict = False
    for number, line in enumerate(lines, start=1):
        if _CONFLICT.fullmatch(line) and (in_conflict or line.startswith("<")):
            in_conflict = not line.startswith(">")
            page.markers.append(Remark(number, "a conflict marker: the page is not merged"))
            continue
        if in_conflict:
            page.disputed[number] = "it stands between conflict markers"
        is_too_long = len(line) > LONGEST_LINE and not line.lstrip().startswith("<")
        if is_too_long:
            page.disputed[number] = f"the line has more than {LONGEST_LINE:,} characters"
        page.lines.append(line[:_SHOWN] if is_too_long else line)
        page.numbers.append(number)
    return page


def _uncommented(lines: list[str]) -> Iterator[str]:
    """The lines without what is commented out, which is no part of the page.

    In code nothing is a comment. One of several lines begins a line, as a block of HTML does
    (CommonMark 0.31, section 4.6); one that never ends is none.
    """
    fence = None
    in_comment = False
    last_end = max((place for place, line in enumerate(lines) if "-->" in line), default=-1)
    for place, given in enumerate(lines):
        line = given
        if in_comment:
            _, end, line = line.partition("-->")
            in_comment = not end
            if in_comment:
                yield ""
                continue
        elif fence is not None:
            fence = None if _closes(line, fence) else fence
            yield line
            continue
        elif (match := _FENCE.fullmatch(line)) is not None:
            fence = match[1]
            yield line
            continue
        elif _BLOCK.match(line) and "-->" not in line:
            in_comment = place < last_end
            yield "" if in_comment else line
            continue
        yield _without_comments(line)


def _without_comments(line: str) -> str:
    """A line without the comments that end in it."""
    ends = span_ends(line)
    kept = []
    begin = passed = 0
    for found in _SPAN_OR_COMMENT.finditer(line):
        if found.start() < passed:
            continue
        if found[0] != "<!--":
            passed = ends.get(found.start(), found.end())
            continue
        end = line.find("-->", found.end())
        if end < 0:
            break
        kept.append(line[begin : found.start()])
        begin = passed = end + len("-->")
    return "".join(kept) + line[begin:]


def span_ends(line: str) -> Mapping[int, int]:
    """Where each code span of a line would end, by where it would begin: behind the next run of as
    many backticks (CommonMark 0.31, section 6.1)."""
    ends: dict[int, int] = {}
    following: dict[int, int] = {}
    for run in reversed(list(_BACKTICKS.finditer(line))):
        if len(run[0]) in following:
            ends[run.start()] = following[len(run[0])]
        following[len(run[0])] = run.end()
    return ends


def _closes(line: str, fence: str) -> bool:
    marks = line.strip()
    return len(line) - len(line.lstrip(" ")) < 4 and (
        set(marks) == {fence[0]} and len(marks) >= len(fence)
    )
