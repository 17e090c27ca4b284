"""Java's .properties, read back by Java."""

from __future__ import annotations

import base64
import shutil
from pathlib import Path

import pytest

from app.exchange.document import Export
from app.exchange.properties import write
from tests.exchange.outgoing import HOSTILE, export, item, run

READER = """
import java.io.*;
import java.nio.charset.StandardCharsets;
import java.util.*;

class Reader {
    public static void main(String[] files) throws IOException {
        Properties latin = new Properties();
        latin.load(new FileInputStream(files[0]));
        ResourceBundle bundle = new PropertyResourceBundle(new FileInputStream(files[0]));
        for (String key : bundle.keySet()) {
            System.out.println(
                encoded(key) + " " + encoded(latin.getProperty(key)) + " "
                + encoded(bundle.getString(key)));
        }
        System.out.println(latin.size());
    }

    private static String encoded(String text) {
        return "=" + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
"""


def read_by_java(document: Export, folder: Path) -> dict[str, str]:
    """What Properties and a resource bundle make of a document, which has to be the same."""
    (folder / "Reader.java").write_text(READER)
    (folder / "errors.properties").write_bytes(write(document).encode("ascii"))
    told = run(folder, "java", "-XX:TieredStopAtLevel=1", "Reader.java", "errors.properties")
    *lines, count = told.splitlines()
    assert int(count) == len(lines)
    read = {}
    for line in lines:
        key, latin, bundle = (base64.b64decode(part[1:]).decode() for part in line.split(" "))
        assert latin == bundle
        read[key] = latin
    return read


@pytest.mark.skipif(shutil.which("java") is None, reason="java is not on the PATH")
def test_java_reads_every_text_back_as_it_was(tmp_path: Path) -> None:
    texts = {str(number): text for number, text in enumerate(HOSTILE)}
    texts |= {"-1": "minus", "a:b.c_d-e": "signs", "E900": "", "한글".encode().hex(): "한글"}
    items = [item(code, None, text, source_message="") for code, text in texts.items()]
    hostile_notes = [item(f"n{code}", description=text) for code, text in texts.items()]
    document = export(*items, *hostile_notes, title=" ".join(HOSTILE))
    assert read_by_java(document, tmp_path) == texts | {f"n{code}": "one" for code in texts}


def test_a_message_stands_under_its_code_with_what_explains_it_above() -> None:
    document = export(
        item("4000001", "INVALID", "Invalid {name}.", description="Why\nso é."),
        item("-1", "FAIL", None, source_message="Fail"),
        item("a:b", None, " é\n\U0001f600 ", status="deprecated", replaced_by="-1"),
        title="Pose",
    )
    assert write(document) == (
        "# The error codes of Pose in ko, generated from the catalog by `error-catalog export`.\n"
        "\n"
        "# Why\n"
        "# so \\u00e9.\n"
        "4000001=Invalid {name}.\n"
        "\n"
        "# There is no text in ko: this is in en.\n"
        "-1=Fail\n"
        "\n"
        "# Deprecated: Use -1 instead.\n"
        "a\\:b=\\u0020\\u00e9\\n\\ud83d\\ude00\\u0020\n"
    )
