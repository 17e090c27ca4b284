"""Naughty strings out in every format, and back where it comes back: each as it was."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from app.catalog.edits.creation import NewCode, create_codes
from app.catalog.edits.messages import MessageEdit, write_messages
from app.catalog.edits.rows import Texts
from app.catalog.edits.services import create_service
from app.db import Database
from app.exchange.document import Export, Item
from app.exchange.exporting import export_of
from app.exchange.formats import BY_NAME, FORMATS
from app.exchange.importing import apply_plan, find_target, plan_import
from app.exchange.plan import Source
from tests.catalog.making import edits, undone
from tests.exchange import test_android, test_properties, test_strings
from tests.exchange.constants import test_go, test_java, test_python, test_typescript
from tests.exchange.exports import rows_in
from tests.exchange.outgoing import export, item, run
from tests.input.naughty import KEPT, SOME
from tests.input.tally import Tally

CHECK = "naughty strings, through every format"
BACK = [it for it in FORMATS if it.parse is not None]
BOTH_WAYS = pytest.mark.parametrize("name", [it.name for it in BACK])
# As many as all of them, so that a text stands beside others and not beside itself.
OTHERS = dict(zip(KEPT, [*KEPT[1:], KEPT[0]], strict=True))
# XML cannot carry these; the export says so (tests/exchange/test_xliff.py).
NOT_XML = {"\ufffe", "\uffff"}


def texts_for(name: str) -> list[str]:
    """Those that a format can carry."""
    pairs = ((text, text + OTHERS[text]) for text in KEPT)
    return [text for text, both in pairs if name != "xliff" or not NOT_XML & set(both)]


def key_of(text: str) -> str | None:
    """The text as a key, where it can be one."""
    return text if text.isprintable() and " " not in text and len(text) <= 200 else None


def all_of_them(name: str) -> Export:
    """A service whose texts and, where they can be, keys are naughty strings."""
    items = [
        Item(
            code=f"n{number}",
            key=key_of(text),
            http_status=None,
            status="active",
            replaced_by=None,
            message=text,
            description=OTHERS[text],
            remedy=text,
            state="needs_review" if number % 2 else "approved",
            source_message=OTHERS[text],
            source_description=text,
            source_remedy=None,
        )
        for number, text in enumerate(texts_for(name))
    ]
    return Export("alpha", "Alpha", "Cloud", "en", "ko", tuple(items))


@BOTH_WAYS
def test_every_text_comes_back_as_it_was(name: str, tally: Tally) -> None:
    form = BY_NAME[name]
    assert form.parse is not None
    sent = all_of_them(name)
    rows = rows_in(form.parse(form.write(sent), "document"))
    assert len(rows) == len(sent.items)
    for told, row in zip(sent.items, rows, strict=True):
        tally.tried += 1
        expected = (told.code, told.key, told.message, told.description, told.remedy)
        read = (row.code, row.key, row.message, row.description, row.remedy)
        tally.hold(read == expected, f"{expected} became {read}")
        if row.state is not None:
            tally.hold(row.state == told.state, f"{told.code} is {row.state}")
    tally.conclude()


@BOTH_WAYS
@pytest.mark.parametrize("naughty", SOME[:: max(len(SOME) // 40, 1)])
def test_a_title_comes_back_as_it_was_and_breaks_nothing(
    name: str, naughty: str, tally: Tally
) -> None:
    title = " ".join(naughty.split()) or "Alpha"
    form = BY_NAME[name]
    assert form.parse is not None
    document = form.parse(form.write(replace(export(item("1", "A", "one")), title=title)), "d")
    tally.tried += 1
    assert [(row.code, row.key, row.message) for row in document.rows] == [("1", "A", "one")]
    assert document.refused == ()


@BOTH_WAYS
def test_a_document_of_them_changes_nothing_and_makes_the_same_catalog_elsewhere(
    empty: Database, name: str, tally: Tally
) -> None:
    form = BY_NAME[name]
    assert form.parse is not None
    with undone(empty) as session:
        with edits(session) as changes:
            service = create_service(changes, "alpha", "alpha", "Cloud", "en")
            create_codes(
                changes,
                service,
                [
                    NewCode(f"n{number}", key_of(text), Texts(text, OTHERS[text], text))
                    for number, text in enumerate(texts_for(name))
                ],
            )
            korean = [
                MessageEdit(f"n{number}", "ko", Texts(None, f"{text} 하나", None))
                for number, text in enumerate(texts_for(name))
                if "{" not in text + OTHERS[text]
            ]
            write_messages(changes, service, korean)
        text = form.write(export_of(session, "alpha", "en"))
        for locale in ("en", "ko"):
            document = form.parse(form.write(export_of(session, "alpha", locale)), "document")
            target = find_target(session, "alpha", document.title, document.section, locale)
            plan = plan_import(session, target, [Source(document, locale)])
            tally.tried += len(document.rows)
            for entry in [*plan.added, *plan.changed, *plan.refused]:
                tally.hold(False, f"{locale}: {entry}")
    with undone(empty) as session:
        document = form.parse(text, "document")
        target = find_target(session, "alpha", document.title, document.section, "en")
        plan = plan_import(session, target, [Source(document, "en")])
        with edits(session) as changes:
            apply_plan(changes, plan)
        tally.hold(form.write(export_of(session, "alpha", "en")) == text, "another document")
    tally.conclude()


def outgoing() -> tuple[Export, dict[str, str]]:
    """A service of naughty strings on its way out, with what each code says."""
    codes = {f"n{number}": text for number, text in enumerate(KEPT)}
    items = [
        item(code, None, text, description=OTHERS[text], status="deprecated")
        for code, text in codes.items()
    ]
    return export(*items, title=" ".join(" ".join(KEPT).split())), codes


def test_android_reads_every_text_as_it_was(tally: Tally) -> None:
    document, codes = outgoing()
    hold_texts(tally, test_android.read(document), {f"error_{it}": codes[it] for it in codes})


def test_apple_reads_every_text_as_it_was(tally: Tally) -> None:
    document, codes = outgoing()
    hold_texts(tally, test_strings.read(BY_NAME["strings"].write(document)), codes)


@pytest.mark.skipif(shutil.which("java") is None, reason="java is not on the PATH")
def test_java_reads_every_text_as_it_was(tally: Tally, tmp_path: Path) -> None:
    document, codes = outgoing()
    hold_texts(tally, test_properties.read_by_java(document, tmp_path), codes)


def hold_texts(tally: Tally, read: dict[str, str], expected: dict[str, str]) -> None:
    """What was read is what was written."""
    assert read.keys() == expected.keys()
    for name, text in expected.items():
        tally.tried += 1
        tally.hold(read[name] == text, f"{text!r} became {read[name]!r}")
    tally.conclude()


def test_python_takes_every_text_for_documentation(tally: Tally) -> None:
    document, codes = outgoing()
    tally.tried += len(codes)
    assert [it.value for it in test_python.imported(document)] == list(codes)
    assert len(test_python.documented(document)) == len(codes)


@pytest.mark.skipif(shutil.which("javac") is None, reason="javac is not on the PATH")
def test_java_takes_every_text_for_a_comment(tally: Tally, tmp_path: Path) -> None:
    document, codes = outgoing()
    tally.tried += len(codes)
    name = "DocumentRecognizerErrorCode.java"
    (tmp_path / name).write_text(BY_NAME["java"].write(document), "utf-8")
    options = [f"-J{test_java.FAST}", *test_java.OPTIONS, "-d", "."]
    assert run(tmp_path, "javac", *options, name) == ""


@pytest.mark.skipif(shutil.which("go") is None, reason="go is not on the PATH")
def test_go_takes_every_text_for_a_comment(tally: Tally, tmp_path: Path) -> None:
    document, codes = outgoing()
    tally.tried += len(codes)
    (tmp_path / "go.mod").write_text("module example.test\n\ngo 1.19\n")
    test_go.put(document, tmp_path / test_go.PACKAGE)
    assert run(tmp_path, "go", "vet", "./...") == ""


@pytest.mark.skipif(shutil.which("tsc") is None, reason="tsc is not on the PATH")
def test_typescript_takes_every_text_for_a_comment(tally: Tally, tmp_path: Path) -> None:
    document, codes = outgoing()
    tally.tried += len(codes)
    (tmp_path / "naughty.ts").write_text(BY_NAME["typescript"].write(document), "utf-8")
    assert run(tmp_path, "tsc", *test_typescript.OPTIONS, "naughty.ts") == ""
