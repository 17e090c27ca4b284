"""Constants for Java, compiled by its compiler and printed by a program."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.exchange.constants.java import write
from tests.exchange.outgoing import HOSTILE, export, hostile_export, item, run

MAIN = """
import documentrecognizererrors.DocumentRecognizerErrorCode;

class Main {
    public static void main(String[] none) throws IllegalAccessException {
        for (java.lang.reflect.Field field : DocumentRecognizerErrorCode.class.getFields()) {
            System.out.println(
                field.getName() + " " + field.get(null) + " "
                + field.isAnnotationPresent(Deprecated.class));
        }
    }
}
"""
FAST = "-XX:TieredStopAtLevel=1"
# Any encoding will do, and nothing is warned of, in the documentation neither.
OPTIONS = ["-encoding", "US-ASCII", "-Xlint:all", "-Xdoclint:all/protected", "-Werror"]


@pytest.mark.skipif(shutil.which("javac") is None, reason="javac is not on the PATH")
def test_the_compiler_takes_every_text_for_a_comment_and_programs_see_the_codes(
    tmp_path: Path,
) -> None:
    (tmp_path / "DocumentRecognizerErrorCode.java").write_text(write(hostile_export()), "utf-8")
    (tmp_path / "Main.java").write_text(MAIN)
    files = ["DocumentRecognizerErrorCode.java", "Main.java"]
    assert run(tmp_path, "javac", f"-J{FAST}", *OPTIONS, "-d", ".", *files) == ""
    told = run(tmp_path, "java", FAST, "Main")
    assert sorted(told.splitlines()) == sorted(
        f"ERROR_{number} {number} true" for number in range(len(HOSTILE))
    )


def test_a_constant_says_what_it_means_and_what_to_use_in_its_place() -> None:
    document = export(
        item("1", "A", "First */ <b>\nsecond", description="@é \\u {x}", http_status=404),
        item("-2", None, "Two", status="deprecated", replaced_by="1"),
        title="Pose",
    )
    assert write(document) == (
        "/* The error codes of Pose in ko, "
        "generated from the catalog by `error-catalog export`. */\n"
        "package documentrecognizererrors;\n"
        "\n"
        "/** The error codes of Pose. */\n"
        "public final class DocumentRecognizerErrorCode {\n"
        "    /**\n"
        "     * First *&#47; &#60;b&#62;\n"
        "     *\n"
        "     * <p>&#64;\\u00e9 &#92;u {x}\n"
        "     *\n"
        "     * <p>HTTP status 404.\n"
        "     */\n"
        '    public static final String A = "1";\n'
        "\n"
        "    /**\n"
        "     * Two\n"
        "     *\n"
        "     * @deprecated Use A instead.\n"
        "     */\n"
        "    @Deprecated\n"
        '    public static final String ERROR_MINUS_2 = "-2";\n'
        "\n"
        "    private DocumentRecognizerErrorCode() {}\n"
        "}\n"
    )
