"""Constants for TypeScript, compiled by its compiler and run by Node."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from app.exchange.constants.typescript import write
from tests.exchange.outgoing import HOSTILE, export, hostile_export, item, run

USE = """
import { ERROR_0, DocumentRecognizerErrorCode } from "./hostile";
import * as none from "./none";
const right: DocumentRecognizerErrorCode = ERROR_0;
const same: DocumentRecognizerErrorCode = "0";
// @ts-expect-error
const wrong: DocumentRecognizerErrorCode = "none";
// @ts-expect-error
const nothing: none.DocumentRecognizerErrorCode = "0";
"""
OPTIONS = ["--strict", "--module", "commonjs", "--target", "es2020", "--lib", "es2020"]


@pytest.mark.skipif(
    not (shutil.which("tsc") and shutil.which("node")), reason="tsc or node is not on the PATH"
)
def test_the_compiler_takes_every_text_for_a_comment_and_node_sees_the_codes(
    tmp_path: Path,
) -> None:
    (tmp_path / "hostile.ts").write_text(write(hostile_export()), "utf-8")
    (tmp_path / "none.ts").write_text(write(export()), "utf-8")
    (tmp_path / "use.ts").write_text(USE)
    assert run(tmp_path, "tsc", *OPTIONS, "use.ts") == ""
    script = 'console.log(JSON.stringify(require("./hostile.js")))'
    codes = [str(number) for number in range(len(HOSTILE))]
    assert json.loads(run(tmp_path, "node", "-e", script)) == {
        f"ERROR_{code}": code for code in codes
    }


def test_a_constant_says_what_it_means_and_what_to_use_in_its_place() -> None:
    document = export(
        item("1", "A", "First */ @x\nsecond", description="@why\n{@so}", http_status=404),
        item("-2", None, "Two", status="deprecated", replaced_by="1"),
        title="Pose",
    )
    assert write(document) == (
        "// The error codes of Pose in ko, generated from the catalog by `error-catalog export`.\n"
        "\n"
        "/**\n"
        " * First *\\/ @x\n"
        " *\n"
        " * \\@why\n"
        " *\n"
        " * {\\@so}\n"
        " *\n"
        " * HTTP status 404.\n"
        " */\n"
        'export const A = "1" as const;\n'
        "\n"
        "/**\n"
        " * Two\n"
        " *\n"
        " * @deprecated Use A instead.\n"
        " */\n"
        'export const ERROR_MINUS_2 = "-2" as const;\n'
        "\n"
        "/** Any error code of Pose. */\n"
        "export type DocumentRecognizerErrorCode =\n"
        "  | typeof A\n"
        "  | typeof ERROR_MINUS_2;\n"
    )
