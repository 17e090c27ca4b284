"""A page as lines, each with its number in the file, without what is no part of the page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from app.exchange.document import Remark

_CONFLICT = re.compile(r"(<{7}|\|{7}|>{7})( .*)?|={7}")

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


@dataclass
class Page:
    """The lines of a page. Lines between conflict markers are `disputed`, by number."""

    lines: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    disputed: set[int] = field(default_factory=set)
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
    # What is commented out is no part of the page; the lines behind it keep their numbers.
    unified = _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), unified)
    page = Page()
    in_conflict = False
    for number, line in enumerate(unified.replace("\u00a0", " ").split("\n"), start=1):
        if _CONFLICT.fullmatch(line) and (in_conflict or line.startswith("<")):
            in_conflict = not line.startswith(">")
            page.markers.append(Remark(number, "a conflict marker: the page is not merged"))
            continue
        if in_conflict:
            page.disputed.add(number)
        page.lines.append(line)
        page.numbers.append(number)
    return page
