"""XLIFF 1.2 (OASIS, 1 February 2008): one unit a text, for the tools of translators.

Read with expat, which knows the line of everything; libxml2 loses count behind line 65,535.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from app.catalog.errors import Invalid
from app.catalog.locales import canonical_locale, is_locale
from app.catalog.slugs import is_slug
from app.exchange.document import Document, Export, Item, Remark
from app.exchange.rows import Broken, refuse_empty, refused_whole, shown
from app.exchange.units import Gathering, Pair, Unit, pairs_of

_NAMESPACE = "urn:oasis:names:tc:xliff:document:1.2"
_ANY_NAMESPACE = "urn:oasis:names:tc:xliff:document:"
# Section 2.3, the attribute state. What is not known to be done needs another look.
_DONE = frozenset({"translated", "signed-off", "final"})
_STATES = {"approved": "final", "needs_review": "needs-review-translation"}
# XML 1.0, section 2.2, of what a text can hold.
_NOT_XML = re.compile("[\ufffe\uffff]")


def write(export: Export) -> str:
    """A file with a unit a text, without a target where there is no text in the locale.

    In the default locale there is no target language, and each target is its source. Raises Invalid
    where a text has U+FFFE or U+FFFF in it, which XML cannot carry.
    """
    languages = f'source-language="{export.default_locale}"'
    if export.locale != export.default_locale:
        languages += f' target-language="{export.locale}"'
    units = [unit for item in export.items for unit in _units(item)]
    text = "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<xliff version="1.2" xmlns="{_NAMESPACE}">',
            f'  <file original="{export.service}" {languages} datatype="plaintext">',
            "    <body>",
            *units,
            "    </body>",
            "  </file>",
            "</xliff>\n",
        ]
    )
    if match := _NOT_XML.search(text):
        raise Invalid("format", f"XLIFF cannot carry the character U+{ord(match[0]):04X}.")
    return text


def parse(text: str, file: str) -> Document:
    """Read a file. Never fails: what cannot be taken is among `refused`, with its line.

    `file` is the name to report; nothing is opened. Nothing is taken of a file that is not XLIFF
    1.2, nor of one with a document type declaration or a processing instruction: with those a small
    file can become a huge one, or bring in others. A unit without a target says nothing.
    """
    reading = _Reading()
    try:
        refuse_empty(text)
        _feed(reading, text.removeprefix("\ufeff"))
    except Broken as broken:
        return refused_whole(file, broken)
    (service,) = reading.originals if len(reading.originals) == 1 else ("",)
    (locale,) = reading.locales if len(reading.locales) == 1 else ("",)
    return Document(
        file,
        rows=reading.gathering.rows(),
        refused=tuple(reading.gathering.refused),
        ignored=tuple(reading.gathering.ignored),
        service=service if is_slug(service) else None,
        locale=canonical_locale(locale) if is_locale(locale) else None,
    )


def _units(item: Item) -> list[str]:
    resname = f" resname={quoteattr(item.key)}" if item.key else ""
    return [
        f'      <trans-unit id="{pair.name}"{resname} xml:space="preserve">\n'
        f"        <source>{_escaped(pair.source)}</source>\n"
        f"{_target(item, pair)}"
        "      </trans-unit>"
        for pair in pairs_of(item)
    ]


def _target(item: Item, pair: Pair) -> str:
    if not pair.text:
        return ""
    return f'        <target state="{_STATES[item.state]}">{_escaped(pair.text)}</target>\n'


def _escaped(text: str | None) -> str:
    # A carriage return as such would be read as a line feed (XML 1.0, section 2.11).
    return escape(text or "", {"\r": "&#13;"})


def _feed(reading: _Reading, text: str) -> None:
    """Let a reading see all of a file; raises Broken where it is not to be taken."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def refuse_doctype(*_: object) -> None:
        raise Broken(parser.CurrentLineNumber, "a document type declaration is not taken")

    def refuse_instruction(*_: object) -> None:
        raise Broken(parser.CurrentLineNumber, "a processing instruction is not taken")

    def start(name: str, attributes: dict[str, str]) -> None:
        reading.start(parser.CurrentLineNumber, name, attributes)

    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.ProcessingInstructionHandler = refuse_instruction
    parser.StartElementHandler = start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.characters
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        raise Broken(error.lineno, f"not XML: {expat.ErrorString(error.code)}") from error
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        raise Broken(line, "not XML: a lone surrogate") from error


@dataclass
class _TransUnit:
    """One unit as it is being read, its text in pieces; `problem` is why it cannot be taken."""

    line: int
    name: str | None
    key: str | None
    state: str | None = None
    text: list[str] | None = None
    problem: str | None = None


@dataclass
class _Reading:
    """What was seen of a file so far."""

    gathering: Gathering = field(default_factory=Gathering)
    originals: set[str] = field(default_factory=set)
    locales: set[str] = field(default_factory=set)
    _open: list[str] = field(default_factory=list)
    _unit: _TransUnit | None = None

    def start(self, line: int, name: str, attributes: dict[str, str]) -> None:
        """An element begins; raises Broken for the first one of a file that is not XLIFF 1.2."""
        if not self._open:
            _check_root(line, name, attributes)
        is_in_target = self._is_in_target
        parent = self._open[-1] if self._open else ""
        self._open.append(name.removeprefix(f"{_NAMESPACE} "))
        match self._open[-1]:
            case "file":
                self.originals.add(attributes.get("original", ""))
                language = attributes.get("target-language") or attributes.get("source-language")
                self.locales.add(language or "")
            case "trans-unit" if self._unit is None:
                self._unit = _TransUnit(line, attributes.get("id"), attributes.get("resname"))
            case "bin-unit":
                self.gathering.ignored.append(Remark(line, "a unit that is not text"))
            case "target" if self._unit and parent == "trans-unit":
                self._start_target(self._unit, attributes)
            case "trans-unit" if self._unit:
                self._unit.problem = "a unit within a unit"
            case element if self._unit and is_in_target:
                self._unit.problem = f"the target has the element {shown(element)} in it"

    def characters(self, text: str) -> None:
        """Text of an element."""
        if self._unit and self._unit.text is not None and self._is_in_target:
            self._unit.text.append(text)

    def end(self, _name: str) -> None:
        """An element ends."""
        unit = self._unit
        if self._open.pop() != "trans-unit" or unit is None:
            return
        self._unit = None
        if unit.problem:
            self.gathering.refused.append(Remark(unit.line, unit.problem))
            return
        needs_review = unit.state is not None and unit.state not in _DONE
        text = "".join(unit.text or ())
        self.gathering.take(Unit(unit.line, unit.name, unit.key, text, needs_review))

    @property
    def _is_in_target(self) -> bool:
        return self._open[-2:] == ["trans-unit", "target"]

    def _start_target(self, unit: _TransUnit, attributes: dict[str, str]) -> None:
        if unit.text is not None:
            unit.problem = "two targets"
        unit.text = []
        unit.state = attributes.get("state")


def _check_root(line: int, name: str, attributes: dict[str, str]) -> None:
    namespace, _, element = name.rpartition(" ")
    version = attributes.get("version", "")
    if namespace == _NAMESPACE and element == "xliff" and version == "1.2":
        return
    if element == "xliff" and namespace.startswith(_ANY_NAMESPACE):
        raise Broken(line, f"XLIFF {shown(version)}: only XLIFF 1.2 is taken")
    told = f"{shown(element)} of the namespace {shown(namespace)}"
    raise Broken(line, f"not XLIFF 1.2: the file begins with {told}")
