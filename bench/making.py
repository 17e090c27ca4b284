"""A large service as somebody would have it: imported page by page, with gaps and stale texts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bench.running import run
from bench.words import WORDS, code_of, words_of

SLUG = "service"
# Of the codes, one in so many says something new in English, and one has no Japanese.
CHANGED = 7
UNTRANSLATED = 11


def make_service(environment: Mapping[str, str], folder: Path, codes: int) -> None:
    """Make the database that an environment names, with one service of so many codes."""
    run(environment, "upgrade")
    for number, locale in enumerate((*WORDS, "en")):
        file = folder / f"{number}.md"
        file.write_text(_page(locale, codes, is_changed=number == len(WORDS)))
        run(environment, "import", str(file), "--locale", locale)


def _page(locale: str, codes: int, *, is_changed: bool) -> str:
    lines = [
        "## Section > Service > Error Code",
        "",
        "| Code | Key | Message |",
        "|---|---|---|",
        *(
            f"| {code_of(it)} | KEY_{it} | {_text(it, locale, is_changed=is_changed)} |"
            for it in range(codes)
            if locale != "ja" or it % UNTRANSLATED
        ),
    ]
    return "\n".join(lines) + "\n"


def _text(number: int, locale: str, *, is_changed: bool) -> str:
    is_new = is_changed and number % CHANGED == 0
    return f"{words_of(f'{number} {is_new}', locale, 8)} {number}."
