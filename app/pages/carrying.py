"""Documents handed in by a form, and carried by the browser from the plan to the import.

The server keeps nothing between the two. A document is carried packed, in a field of the plan's
page: of a file that would make the page weigh over 100 kB the plan is shown all the same, and the
file is chosen once more. What was pasted is always carried, since it may be nowhere else.
"""

from __future__ import annotations

import base64
import gzip
import zlib
from dataclasses import dataclass
from pathlib import PurePath

import flask

from app.catalog.errors import Invalid
from app.edge.limits import BODY_LIMIT, DOCUMENT_LIMIT
from app.exchange.formats import BY_NAME, SUFFIXES, Format
from app.exchange.reading import text_of
from app.pages.forms import Unfit
from app.pages.words import gettext, said

# Letters of base64; a page of as many weighs three quarters of it, and its plan comes on top.
LONGEST_CARRIED = 60_000
_GZIP = 16 + zlib.MAX_WBITS


class TooLong(Unfit):
    """A document has more bytes than are taken."""


@dataclass(frozen=True)
class Handed:
    """A document as it was handed in, and the field that it came in."""

    content: str
    form: Format
    field: str

    @property
    def carried(self) -> str:
        """It as the field that carries it holds it; empty where the file is to be chosen again."""
        packed = _packed(self.content)
        return packed if self.field == "text" or len(packed) <= LONGEST_CARRIED else ""


def handed_in() -> Handed:
    """The document of the request's form; raises Invalid, naming the field."""
    given, file = flask.request.form, flask.request.files.get("file")
    name, carried = given.get("format", ""), given.get("document", "")
    text = given.get("text", "").replace("\r\n", "\n")
    if carried:
        return Handed(_unpacked(carried), _format(name, ""), "text")
    if file is not None and file.filename:
        if text.strip():
            raise Unfit("text", gettext("Choose a file or paste a text, not both."))
        chosen = _format(name, file.filename)
        content = file.stream.read(DOCUMENT_LIMIT + 1)
        if len(content) > DOCUMENT_LIMIT:
            raise TooLong("file", _up_to(DOCUMENT_LIMIT))
        try:
            return Handed(_filled(text_of(content), "file"), chosen, "file")
        except Invalid as invalid:
            raise Invalid("file", invalid.detail) from invalid
    if not text.strip():
        raise Unfit("file", gettext("Choose a file, or paste a text."))
    if len(text.encode()) > BODY_LIMIT:
        raise TooLong("text", _up_to(BODY_LIMIT))
    return Handed(text, _format(name, ""), "text")


def _format(name: str, file: str) -> Format:
    chosen = BY_NAME.get(name) or SUFFIXES.get(PurePath(file).suffix.lower())
    if chosen is None or chosen.parse is None:
        told = gettext("Say in which format it is: the name of the file does not tell.")
        raise Unfit("format", told if file else gettext("Say in which format it is."))
    return chosen


def _filled(content: str, field: str) -> str:
    if not content.strip("\ufeff \t\r\n"):
        raise Unfit(field, gettext("The document is empty."))
    return content


def _up_to(limit: int) -> str:
    return said("This is too long: up to %(limit)s bytes are taken.", limit=f"{limit:,}")


def _packed(content: str) -> str:
    return base64.b64encode(gzip.compress(content.encode(), mtime=0)).decode()


def _unpacked(text: str) -> str:
    unzip = zlib.decompressobj(_GZIP)
    try:
        content = unzip.decompress(base64.b64decode(text, validate=True), DOCUMENT_LIMIT)
        if unzip.eof:
            return content.decode()
    except (ValueError, zlib.error):
        pass
    raise Unfit("file", gettext("The document did not come whole: choose it again."))
