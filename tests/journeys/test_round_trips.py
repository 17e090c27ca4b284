"""What goes out comes back in: documents of random catalogs, and those of the documented tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.catalog.codes import STATUSES
from app.catalog.edits.creation import NewCode, create_codes
from app.catalog.edits.messages import MessageEdit, write_messages
from app.catalog.edits.rows import Texts
from app.catalog.edits.services import create_service
from app.catalog.placeholders import mismatch
from app.db import Database
from app.exchange.document import Document
from app.exchange.exporting import export_of
from app.exchange.formats import BY_NAME, SUFFIXES, Format
from app.exchange.importing import apply_plan, find_target, plan_import
from app.exchange.plan import Plan, Source
from tests.catalog.making import edits, undone
from tests.cli.running import run
from tests.exchange.exports import CODES, KEYS, STATES, TEXTS

SEEDS = Path(__file__).parents[2] / "seeds"
FORMATS = [BY_NAME[name] for name in ("markdown", "csv", "json", "po", "xliff")]
SLUG = "alpha"
# XML cannot carry these two.
NOT_XML = {"\ufffe", "\uffff"}
WRITABLE_TEXTS = TEXTS.filter(lambda text: not NOT_XML & set(text or ""))
WRITABLE_KEYS = KEYS.filter(lambda key: not NOT_XML & set(key or ""))
ANY_TEXTS = st.builds(Texts, WRITABLE_TEXTS, WRITABLE_TEXTS, WRITABLE_TEXTS)


@dataclass(frozen=True)
class Entry:
    """A code with its texts in English and in Korean; all of the latter may be None."""

    code: NewCode
    korean: Texts
    state: str


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """Any code that a catalog can have."""
    said = draw(ANY_TEXTS.filter(lambda texts: bool(texts.text)))
    code = NewCode(
        # Two dots between digits: test_writer.py.
        draw(CODES.filter(lambda code: ".." not in code)),
        draw(WRITABLE_KEYS),
        said,
        http_status=draw(st.sampled_from([None, 404])),
        status=draw(st.sampled_from(STATUSES)),
        state=draw(STATES),
    )
    return Entry(code, _fit(said, draw(ANY_TEXTS | st.just(said))), draw(STATES))


CATALOGS = st.lists(entries(), max_size=4, unique_by=lambda entry: entry.code.code)


def _fit(source: Texts, texts: Texts) -> Texts:
    """The texts without those whose placeholders are not their source's."""
    return Texts(
        *(
            None if mismatch(original, text) else text
            for original, text in zip(_all(source), _all(texts), strict=True)
        )
    )


def _all(texts: Texts) -> tuple[str | None, ...]:
    return texts.text, texts.description, texts.remedy


def publish(session: Session, catalog: Sequence[Entry]) -> None:
    """Make the service with these entries."""
    with edits(session) as changes:
        service = create_service(changes, SLUG, SLUG, "Cloud", "en")
        create_codes(changes, service, [entry.code for entry in catalog])
        korean = [
            MessageEdit(entry.code.code, "ko", entry.korean, entry.state)
            for entry in catalog
            if any(_all(entry.korean))
        ]
        write_messages(changes, service, korean)


def written(session: Session, form: Format, locale: str) -> str:
    """The service as a document."""
    return form.write(export_of(session, SLUG, locale))


def read(form: Format, text: str) -> Document:
    """The document, read."""
    assert form.parse is not None
    return form.parse(text, "document")


def plan_of(session: Session, document: Document, locale: str) -> Plan:
    """What importing a document would do."""
    target = find_target(session, SLUG, document.title, document.section, locale)
    return plan_import(session, target, [Source(document, locale)])


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
@settings(
    deadline=None, max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(catalog=CATALOGS)
def test_a_document_changes_nothing_in_the_catalog_that_it_is_from(
    empty: Database, form: Format, catalog: list[Entry]
) -> None:
    with undone(empty) as session:
        publish(session, catalog)
        for locale in ("en", "ko", "ja"):
            plan = plan_of(session, read(form, written(session, form, locale)), locale)
            assert (plan.added, plan.changed, plan.refused) == ([], [], [])


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
@settings(
    deadline=None, max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(catalog=CATALOGS)
def test_a_document_makes_a_catalog_that_writes_the_same_document(
    empty: Database, form: Format, catalog: list[Entry]
) -> None:
    with undone(empty) as session:
        publish(session, catalog)
        text = written(session, form, "en")
    document = read(form, text)
    with undone(empty) as session:
        plan = plan_of(session, document, "en")
        assert (len(plan.added), plan.refused) == (len(document.rows), [])
        with edits(session) as changes:
            apply_plan(changes, plan)
        # Without a row nothing was made.
        assert not plan.added or written(session, form, "en") == text


def cells(page: str) -> list[list[str]]:
    """The cells of a page's table, without the line under its header."""
    rows = [line.strip().strip("|").split("|") for line in page.splitlines() if "|" in line]
    return [[cell.strip() for cell in row] for row in rows if not set("".join(row)) <= set("-: ")]


@pytest.mark.parametrize("service", ["document-recognizer", "pose-estimation"])
@pytest.mark.parametrize("locale", ["en", "ja", "ko"])
def test_the_documented_tables_come_out_as_they_went_in(
    client: FlaskClient, service: str, locale: str
) -> None:
    suffix = "" if locale == "en" else f".{locale}"
    documented = (SEEDS / f"{service}{suffix}.md").read_text(encoding="utf-8")
    answer = client.get(f"/services/{service}/export?format=markdown&locale={locale}")
    told = answer.get_data(as_text=True)
    assert cells(told) == cells(documented)
    assert told.splitlines()[0].rpartition(" > ")[0] in documented.splitlines()[0]


@pytest.mark.parametrize("suffix", [".md", ".csv", ".json", ".po", ".xliff"])
def test_a_service_moves_to_another_catalog_by_a_file(
    seeded_url: str, empty_url: str, tmp_path: Path, suffix: str
) -> None:
    form, service, first, second = (
        SUFFIXES[suffix].name,
        "pose-estimation",
        str(tmp_path / f"first{suffix}"),
        str(tmp_path / f"second{suffix}"),
    )
    assert run(seeded_url, "export", service, "--format", form, "--output", first).exit_code == 0
    assert run(seeded_url, "import", first, "--service", service).stdout.endswith("25 unchanged\n")
    moved = run(empty_url, "import", first, "--service", service, "--locale", "en")
    assert (moved.exit_code, moved.stdout) == (0, f"{service}: 25 added\n")
    assert run(empty_url, "check", first, "--service", service).exit_code == 0
    assert run(empty_url, "export", service, "--format", form, "--output", second).exit_code == 0
    again, before = (Path(it).read_text(encoding="utf-8") for it in (second, first))
    # A PO names the service by its title, which only Markdown and JSON bring along.
    assert again.replace(f"Version: {service}", "Version: Pose Estimation") == before
