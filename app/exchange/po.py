"""PO, the format of GNU gettext: one entry a text, named by its context.

Files are written by polib. They are read here, since polib takes a broken file for a good one: a
string without its closing quotation mark loses its last letter, and an entry can be lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import polib  # type: ignore[import-untyped]

from app.catalog.locales import canonical_locale, is_locale
from app.catalog.slugs import is_slug
from app.exchange.document import Document, Export, Remark
from app.exchange.rows import Broken, refuse_empty, refused_whole, shown, unified
from app.exchange.units import Gathering, Unit, pairs_of

_STRING = re.compile(
    r"""
    (?: (?P<keyword> msgctxt | msgid | msgid_plural | msgstr (?: \[[0-9]+\] )? ) \s+ )?
    " (?P<content> (?: [^"\\]++ | \\[\\"bfnrtv] )*+ ) "
    """,
    re.VERBOSE,
)
# In which order they stand in an entry.
_RANKS = {"msgctxt": 1, "msgid": 2, "msgid_plural": 3, "msgstr": 4}
_OBSOLETE = re.compile(r"#~\s*msgid\s")
_KEY = "#. key: "
_SERVICE = "X-Service"


@dataclass
class _Entry:
    """One entry as it stands in a file; the pieces of its strings by keyword, the latest last.

    `rank` is how far they go.
    """

    line: int
    key: str | None = None
    is_fuzzy: bool = False
    strings: dict[str, list[str]] = field(default_factory=dict)
    rank: int = 0

    @property
    def is_complete(self) -> bool:
        """Whether it has all that an entry must have."""
        return self.rank == _RANKS["msgstr"]

    @property
    def is_header(self) -> bool:
        """Whether it tells about the file."""
        return "msgctxt" not in self.strings and not self.text("msgid")

    def text(self, keyword: str) -> str:
        """What a keyword says; nothing where it is not there."""
        return "".join(self.strings.get(keyword, ()))


def write(export: Export) -> str:
    """A file with an entry a text, with an empty `msgstr` where there is none in the locale.

    Nothing in it tells of the time, so the same texts always give the same file.
    """
    file = polib.POFile(wrapwidth=0)
    file.metadata = {
        "Project-Id-Version": " ".join(export.title.split()),
        "Language": export.locale.replace("-", "_"),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        _SERVICE: export.service,
    }
    for item in export.items:
        for pair in pairs_of(item):
            text = pair.text or ""
            file.append(
                polib.POEntry(
                    msgctxt=pair.name,
                    # An entry with an empty one would be taken for the header by some tools.
                    msgid=pair.source or pair.name,
                    msgstr=text,
                    comment=f"key: {item.key}" if item.key else "",
                    flags=["fuzzy"] if text and item.state == "needs_review" else [],
                )
            )
    return str(file)


def parse(text: str, file: str) -> Document:
    """Read a file. Never fails: what cannot be taken is among `refused`, with its line.

    `file` is the name to report; nothing is opened. Of a file that is not PO nothing is taken. An
    entry without a translation says nothing; the text of the source is not looked at.
    """
    gathering = Gathering()
    about: Mapping[str, str] = {}
    try:
        refuse_empty(text)
        for index, entry in enumerate(_entries(unified(text).split("\n"), gathering)):
            if entry.is_header and index == 0:
                about = _metadata(entry)
            else:
                _take(gathering, entry)
    except Broken as broken:
        return refused_whole(file, broken)
    locale, service = about.get("Language", "").replace("_", "-"), about.get(_SERVICE, "")
    return Document(
        file,
        rows=gathering.rows(),
        refused=tuple(gathering.refused),
        ignored=tuple(gathering.ignored),
        service=service if is_slug(service) else None,
        locale=canonical_locale(locale) if is_locale(locale) else None,
    )


def _entries(lines: Sequence[str], gathering: Gathering) -> Iterator[_Entry]:
    """The entries of a file; raises Broken at the first line that is not PO.

    What is obsolete is among the ignored.
    """
    entry = _Entry(0)
    for number, given in enumerate(lines, start=1):
        line = given.strip(" \t")
        if line.startswith("#~") and _OBSOLETE.match(line):
            gathering.ignored.append(Remark(number, "an obsolete entry"))
        if not line or line.startswith("#~"):
            continue
        match = _STRING.fullmatch(line)
        if match is None and not line.startswith("#"):
            raise Broken(number, f"not PO: {shown(line)}")
        if entry.is_complete and _begins(match):
            yield entry
            entry = _Entry(0)
        entry.line = entry.line or number
        if match is None:
            _comment(entry, line)
        else:
            _string(entry, number, match["keyword"], match["content"])
    if entry.is_complete:
        yield entry
    elif entry.strings:
        raise Broken(entry.line, "not PO: an entry without msgstr")


def _begins(match: re.Match[str] | None) -> bool:
    """Whether a line behind a complete entry begins another one: a comment does, and a keyword, but
    for one more plural."""
    if match is None:
        return True
    return match["keyword"] is not None and _kind(match["keyword"]) != "msgstr"


def _comment(entry: _Entry, line: str) -> None:
    if line.startswith("#,"):
        entry.is_fuzzy |= "fuzzy" in [flag.strip() for flag in line[2:].split(",")]
    elif line.startswith(_KEY):
        entry.key = line.removeprefix(_KEY)


def _string(entry: _Entry, number: int, keyword: str | None, content: str) -> None:
    """Put a string into an entry, or behind its latest one; raises Broken where it is misplaced."""
    if keyword is None:
        if not entry.strings:
            raise Broken(number, "not PO: a string without a keyword")
        keyword = next(reversed(entry.strings))
        entry.strings[keyword].append(_unescaped(content))
        return
    kind = _kind(keyword)
    is_next = _RANKS[kind] > entry.rank or (kind != keyword and keyword not in entry.strings)
    if not is_next or (_RANKS[kind] > _RANKS["msgid"] and "msgid" not in entry.strings):
        raise Broken(number, f"not PO: {keyword} is out of place")
    entry.strings[keyword] = [_unescaped(content)]
    entry.rank = _RANKS[kind]


def _take(gathering: Gathering, entry: _Entry) -> None:
    strings = entry.strings
    if "msgctxt" not in strings:
        gathering.refused.append(Remark(entry.line, "no msgctxt, which would be the code"))
    elif "msgid_plural" in strings or "msgstr" not in strings:
        gathering.refused.append(Remark(entry.line, "a text with plurals"))
    else:
        name, text = entry.text("msgctxt"), entry.text("msgstr")
        gathering.take(Unit(entry.line, name, entry.key, text, entry.is_fuzzy))


def _metadata(header: _Entry) -> Mapping[str, str]:
    lines = [line.partition(":") for line in header.text("msgstr").split("\n")]
    return {name.strip(): value.strip() for name, _, value in lines}


def _unescaped(content: str) -> str:
    return str(polib.unescape(content)) if "\\" in content else content


def _kind(keyword: str) -> str:
    """A keyword without the number of a plural."""
    return keyword.partition("[")[0]
