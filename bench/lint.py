"""What it takes to look a large catalog through: 100,000 codes in 3 locales, in 200 services.

    python -m bench.lint [--services N]

Makes the catalog by importing pages, then runs lint on the command line and sends lines of a log
to a running server. Prints seconds, the highest memory and milliseconds as JSON, and exits with 1
where one is over what was promised.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.running import run, tell
from bench.server import Caller, served
from bench.words import WORDS, code_of, words_of

CODES = 500
SECTIONS = 10
LINES = 300
PROMISED = {"seconds": 60, "megabytes": 1000, "milliseconds of a match": 50}


def main() -> None:
    """Measure, print, and tell by the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--services", type=int, default=200)
    given = parser.parse_args()
    with TemporaryDirectory(prefix="error-catalog-bench-") as folder:
        figures = measure(Path(folder), given.services)
    tell(figures)


def measure(folder: Path, services: int) -> dict[str, Any]:
    """Make the catalog, look it through, and look lines up in it."""
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{folder}/catalog.sqlite3"}
    run(environment, "upgrade")
    pages = {locale: _pages(folder, services, locale) for locale in WORDS}
    for locale, files in pages.items():
        run(environment, "import", *map(str, files), "--locale", locale)
    done = run(environment, "lint", "--json", fails=True)
    findings = json.loads(done.output)["findings"]
    matches = _matches(environment, services)
    told = {
        "seconds": round(done.seconds, 1),
        "megabytes": round(done.megabytes),
        "milliseconds of a match": round(statistics.median(matches["milliseconds"]), 1),
    }
    return {
        "codes": services * CODES,
        "locales": len(WORDS),
        "findings": dict(Counter(it["rule"] for it in findings).most_common()),
        **told,
        "milliseconds of the slowest match": round(max(matches["milliseconds"]), 1),
        "lines found": f"{matches['found']} of {LINES}",
        "kept": all(told[name] < limit for name, limit in PROMISED.items())
        and matches["found"] == LINES,
    }


def _pages(folder: Path, services: int, locale: str) -> list[Path]:
    files = []
    for service in range(services):
        lines = [
            f"## Section {service % SECTIONS} > Service {service} > Error Code",
            "",
            "| Code | Key | Message |",
            "|---|---|---|",
            *(
                f"| {code_of(it)} | KEY_{it} | {_text(service, it, locale)} |"
                for it in range(CODES)
            ),
        ]
        files.append(folder / f"{service}.{locale}.md")
        files[-1].write_text("\n".join(lines) + "\n")
    return files


def _text(service: int, number: int, locale: str) -> str:
    """A text that all services share for a part of the codes, and else one of its own."""
    own = 0 if number % 3 else service + 1
    return f"{words_of(f'{own} {number}', locale, 6)} {{limit}} {own}-{number}."


def _matches(environment: Mapping[str, str], services: int) -> dict[str, Any]:
    """How long lines take to be looked up over HTTP, and how many are found."""
    chosen = random.Random(1)  # noqa: S311 (no secret)
    milliseconds, found = [], 0
    with served(environment) as server:
        caller = Caller(server)
        for line_number in range(LINES):
            service, number = chosen.randrange(services), chosen.randrange(CODES)
            locale = chosen.choice(list(WORDS))
            text = _text(service, number, locale).replace("{limit}", f"{line_number} MB")
            line = f"2026-11-27 04:37:15 ERROR service-{service} [{line_number}] {text} (retried)"
            begin = time.perf_counter()
            answer = caller.call("POST", "/codes/match", {"text": line})
            milliseconds.append((time.perf_counter() - begin) * 1000)
            best = answer.data["items"][0]
            found += (best["service"], best["code"]) == (f"service-{service}", str(code_of(number)))
    return {"milliseconds": milliseconds, "found": found}


if __name__ == "__main__":
    main()
