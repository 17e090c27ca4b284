"""The command line: `error-catalog-client check`, for the CI of those who have only the client."""

from __future__ import annotations

import argparse
import io
import json
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import NoReturn

from error_catalog_client._checking import Checker, CheckError, Difference, Document

PROGRAM = "error-catalog-client"
MEDIA_TYPES = {
    "markdown": "text/markdown",
    "csv": "text/csv",
    "json": "application/json",
    "po": "text/x-gettext-translation",
    "xliff": "application/xliff+xml",
}
# By the end of a file's name; what ends otherwise is Markdown, as on the catalog's command line.
FORMATS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".json": "json",
    ".po": "po",
    ".pot": "po",
    ".xliff": "xliff",
    ".xlf": "xliff",
}
DESCRIPTION = """Tell whether files say what the catalog says. Exits with 1 where they differ, a
line for each difference, and with 2 where it is used wrongly or no catalog answers. A catalog that
is closed takes the token in ERROR_CATALOG_TOKEN."""


class WrongUse(Exception):
    """What the caller has to mend; the message is one line."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Tell it in one line, as all that goes wrong."""
        raise WrongUse(message)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with these arguments, by default the process's; gives the exit code."""
    try:
        return _check(_parser().parse_args(arguments))
    except (WrongUse, CheckError) as error:
        sys.stderr.write(f"{PROGRAM}: {_shown(error)}\n")
        return 2
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog=PROGRAM, description="Holds documents against an Error Catalog.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    check = commands.add_parser(
        "check",
        help="tell whether files say what the catalog says",
        description=DESCRIPTION,
        allow_abbrev=False,
    )
    check.add_argument("files", nargs="+", metavar="FILE", help="a document; - is standard input")
    check.add_argument("--url", required=True, help="the catalog's address")
    check.add_argument("--service", help="the service's slug; else each file tells")
    check.add_argument("--locale", help="the locale of the texts; else each file's, or the default")
    check.add_argument("--format", choices=MEDIA_TYPES, help="of every file; else its name tells")
    check.add_argument("--json", action="store_true", help="tell it as JSON")
    return parser


def _check(given: argparse.Namespace) -> int:
    # A secret that is kept in a file often has a line's end behind it.
    token = os.environ.get("ERROR_CATALOG_TOKEN", "").strip()
    checker = Checker(given.url, given.service, given.locale, token or None)
    documents = [_document(file, given.format) for file in given.files]
    found: list[Difference] = []
    try:
        for document in documents:
            found += checker.differences(document)
    except CheckError:
        if found:
            _tell(found, as_json=given.json)
        raise
    _tell(found, as_json=given.json)
    return 1 if found else 0


def _document(file: str, form: str | None) -> Document:
    if file == "-" and form is None:
        raise WrongUse("standard input has no name that tells its format: give --format")
    form = form or FORMATS.get(Path(file).suffix.lower(), "markdown")
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise WrongUse(f"cannot read {file}: {reason}") from error
    return Document("standard input" if file == "-" else file, content, MEDIA_TYPES[form])


def _tell(differences: Sequence[Difference], *, as_json: bool) -> None:
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that lacks a character shows the rest.
        sys.stdout.reconfigure(errors="backslashreplace")
    if as_json:
        told = {"differences": [asdict(it) for it in differences]}
        sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    else:
        sys.stdout.writelines(f"{_shown(it)}\n" for it in differences)
    # Before what is said of an error, also where both are written to one file.
    sys.stdout.flush()


def _shown(told: object) -> str:
    """What somebody else said, as one line that does nothing to a terminal."""
    return "".join(it if it.isprintable() else " " for it in " ".join(str(told).split()))
