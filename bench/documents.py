"""How long large documents take: 100,000 codes in 3 locales, in and out.

    python -m bench.documents [--rows N] [--format markdown|csv|json|po|xliff]

Runs the command line as a user does, on a new catalog, and prints seconds and the highest memory of
each step as JSON. Exits with 1 where a step is over what was promised.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.running import Run, run, tell

SERVICE = "load"
TEXTS = {
    "en": "The request {limit} failed because of reason number",
    "ko": "요청 {limit}이(가) 다음 이유로 실패했습니다. 번호",
    "ja": "リクエスト {limit} は次の理由で失敗しました。番号",
}
# Seconds for the three locales together, and MB at any moment.
PROMISED = {"import": 60, "plan again": 20, "export": 20}
PROMISED_MEMORY = 500


def main() -> None:
    """Measure, print, and tell by the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--format", default="markdown")
    given = parser.parse_args()
    with TemporaryDirectory(prefix="error-catalog-bench-") as folder:
        figures = measure(Path(folder), given.rows, given.format)
    tell(figures)


def measure(folder: Path, rows: int, name: str) -> dict[str, Any]:
    """Import, plan again and export; the pages first go in as Markdown, then in the format."""
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{folder}/catalog.sqlite3"}
    run(environment, "upgrade")
    if name != "markdown":
        _write_in_format(folder, rows, name, environment)
    else:
        for locale in TEXTS:
            _write_page(folder, rows, locale)
    steps: dict[str, list[Run]] = {"import": [], "plan again": [], "export": []}
    for locale in TEXTS:
        steps["import"].append(_import(environment, folder / f"{locale}.{name}", name, locale))
    for locale in TEXTS:
        file = folder / f"{locale}.{name}"
        steps["plan again"].append(_import(environment, file, name, locale, "--dry-run"))
    for locale in TEXTS:
        out = ("--output", str(folder / f"{locale}.out"))
        steps["export"].append(
            run(environment, "export", SERVICE, "--format", name, "--locale", locale, *out)
        )
    seconds = {step: round(sum(it.seconds for it in runs), 1) for step, runs in steps.items()}
    memory = {step: round(max(it.megabytes for it in runs)) for step, runs in steps.items()}
    return {
        "rows": rows,
        "locales": len(TEXTS),
        "format": name,
        "seconds": seconds,
        "megabytes": memory,
        "kept": all(seconds[step] < limit for step, limit in PROMISED.items())
        and max(memory.values()) < PROMISED_MEMORY,
    }


def _write_page(folder: Path, rows: int, locale: str) -> None:
    lines = ["## Load > Load > Error Code", "", "| Code | Key | Message |", "|---|---|---|"]
    lines += [
        f"| {4_000_000 + number} | KEY_{number} | {TEXTS[locale]} {number}. |"
        for number in range(rows)
    ]
    (folder / f"{locale}.markdown").write_text("\n".join(lines) + "\n")


def _write_in_format(folder: Path, rows: int, name: str, environment: Mapping[str, str]) -> None:
    """Files in a format, made by a catalog of their own."""
    other = {**environment, "DATABASE_URL": f"sqlite:///{folder}/other.sqlite3"}
    run(other, "upgrade")
    for locale in TEXTS:
        _write_page(folder, rows, locale)
        _import(other, folder / f"{locale}.markdown", "markdown", locale)
        out = ("--output", str(folder / f"{locale}.{name}"))
        run(other, "export", SERVICE, "--format", name, "--locale", locale, *out)


def _import(environment: Mapping[str, str], file: Path, name: str, locale: str, *more: str) -> Run:
    said = ("--service", SERVICE, "--format", name, "--locale", locale)
    return run(environment, "import", str(file), *said, *more)


if __name__ == "__main__":
    main()
