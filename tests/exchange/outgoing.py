"""Exports for tests of what goes out, and texts that try to be more than texts."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from app.exchange.document import Export, Item

# Each would end, begin or change something in one of the formats.
HOSTILE = [
    "*/ } int stolen = 1; /*",
    "/** @deprecated **/ //",
    r"\u002a/ int stolen = 1; /\u002a",
    r"\u000a int stolen = 1; \uuu000d \u",
    "a\n*/\n@deprecated: b\nDeprecated: c\n//go:embed d\n+build e\n/f",
    "{@link a} {@code */} ${b} `c` {d} {}",
    '"""\nstolen = 1\n"""',
    '""""',
    'it ends with "',
    "it ends with \\",
    r"C:\users\new\table\"x\"",
    "# -*- coding: rot13 -*-",
    '"; "stolen" = "1',
    "=: #! a = b",
    " # a \\\n b = c ",
    "--> <string name='stolen'>&amp;</string> <!-- --- -",
    "]]> <![CDATA[ <b>bold</b> & <i>",
    "&lt; &#0; &entity; %entity;",
    "@string/stolen",
    "?attr/stolen",
    "%s %d %1$s %% 100%",
    "it's 'quoted' and \"quoted\"",
    "  two  spaces   around  ",
    "\ttabs\tand\nlines\n\nand\r\nmore\r",
    "\u3000wide\u3000\u00a0\u2003spaces\u2028lines\u2029\x85\x0b\x0c\x1c",
    "e\u0301 한글 日本語 \U0001f600\U0001f468\u200d\U0001f469 \uffff\ufffe\ufeff\u2067\u202e",
    "\x00\x01\x1b\x7f\x9f",
]
MARKS = [*"\"'\\*/@?{}<>&%-=;# \n\t u0a", "]]>", '"""', "\u3000", "\U0001f600"]
TEXTS = st.sampled_from(HOSTILE) | st.lists(
    st.sampled_from(MARKS) | st.characters(codec="utf-8"), min_size=1, max_size=12
).map("".join)


def item(code: str, key: str | None = None, message: str | None = "one", **fields: Any) -> Item:
    """A code on its way out, active and in English unless told otherwise."""
    others: dict[str, Any] = {
        "http_status": None,
        "status": "active",
        "replaced_by": None,
        "description": None,
        "remedy": None,
        "state": "approved",
        "source_message": "the source",
        "source_description": None,
        "source_remedy": None,
    }
    return Item(code=code, key=key, message=message, **(others | fields))


def export(*items: Item, title: str = "Document Recognizer", locale: str = "ko") -> Export:
    """A service's codes on their way out; its default locale is English."""
    return Export("document-recognizer", title, "AI Service", "en", locale, items)


def hostile_export() -> Export:
    """A service each of whose texts tries to be more than a text."""
    return export(
        *(
            item(str(number), None, text, description=text, status="deprecated")
            for number, text in enumerate(HOSTILE)
        ),
        title=" ".join(HOSTILE),
    )


def run(folder: Path, *command: str) -> str:
    """What a program tells that is run in a folder; fails where the program does."""
    done = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
    told = done.stdout + done.stderr
    assert done.returncode == 0, told
    return told
