"""The documented tables: complete, translated, and never in an editor's way."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

import seeds.loader
from app.catalog import queries
from app.catalog.changes import ChangeSet, change_set
from app.catalog.edits.codes import CodeEdit, change_codes, delete_codes
from app.catalog.edits.messages import MessageEdit, delete_messages, write_messages
from app.catalog.edits.rows import Texts
from app.catalog.history import Authorship
from app.catalog.models import Service
from app.catalog.placeholders import placeholders
from app.catalog.services import services_by_slug
from app.catalog.views import CodeView
from app.db import Database
from tests.cli.running import start
from tests.conftest import SEEDED_AT
from tests.exchange.reading import codes, log, revision

FOLDER = Path(seeds.loader.__file__).parent
RECOGNIZER, POSE = "document-recognizer", "pose-estimation"
DOCUMENTED = {
    RECOGNIZER: "f06e87804f5cffaa698910f8039cb19e88f1af2d78a4fab5d809394e634dd1be",
    POSE: "1934c160ff5800765438ca94c8656ff6f72b1a038f8826dfc0841f73fc850856",
}
HANGUL = re.compile("[\uac00-\ud7a3]")
KANA_OR_KANJI = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
EDITOR = Authorship(
    "editor", SEEDED_AT + timedelta(days=1), reason="It reads better", breaking="It was wrong"
)
LATER = SEEDED_AT + timedelta(days=2)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the tables and translations, for a test to change."""
    copy = tmp_path / "tables"
    copy.mkdir()
    for page in FOLDER.glob("*.md"):
        shutil.copy(page, copy)
    return copy


def rewrite(page: Path, old: str, new: str) -> None:
    """Change the one place of a page where this stands."""
    text = page.read_text(encoding="utf-8")
    assert text.count(old) == 1
    page.write_text(text.replace(old, new), encoding="utf-8")


@contextmanager
def editing(database: Database) -> Iterator[tuple[ChangeSet, Service]]:
    """An editor's change set, and the service that is edited."""
    with database.writing() as session, change_set(session, EDITOR) as changes:
        yield changes, session.scalars(sa.select(Service).where(Service.slug == RECOGNIZER)).one()


def seed_again(database: Database, folder: Path | None = None) -> int:
    """Load the tables once more; returns by how much the revision rose."""
    before = revision(database)
    seeds.loader.load(database, LATER, folder)
    return revision(database) - before


def code(database: Database, number: str) -> CodeView:
    """One code of the service that is edited."""
    with database.reading() as session:
        return queries.find_code(session, RECOGNIZER, number)


def documented_codes(database: Database) -> list[CodeView]:
    """The codes of both services."""
    return [view for slug in DOCUMENTED for view in codes(database, slug)]


def text(view: CodeView, locale: str) -> str:
    """What a code says in a locale."""
    return view.messages[locale].text or ""


@pytest.mark.parametrize("page", DOCUMENTED)
def test_the_tables_are_kept_byte_for_byte_as_they_are_documented(page: str) -> None:
    content = (FOLDER / f"{page}.md").read_bytes()
    assert hashlib.sha256(content).hexdigest() == DOCUMENTED[page]


def test_both_services_are_there_with_all_their_codes(seeded: Database) -> None:
    with seeded.reading() as session:
        services = services_by_slug(session, None, 10)
    assert [(it.slug, it.title, it.section, it.codes, it.locales) for it in services] == [
        (RECOGNIZER, "Document Recognizer", "AI Service", 44, ("en", "ja", "ko")),
        (POSE, "Pose Estimation", "AI Service", 25, ("en", "ja", "ko")),
    ]


def test_every_message_has_translations_that_wait_for_review(seeded: Database) -> None:
    views = documented_codes(seeded)
    assert len(views) == 69
    for view in views:
        states = {locale: message.state for locale, message in view.messages.items()}
        assert states == {"en": "approved", "ja": "needs_review", "ko": "needs_review"}
        assert not any(message.stale for message in view.messages.values())


def test_every_translation_is_written_in_its_language(seeded: Database) -> None:
    for view in documented_codes(seeded):
        assert HANGUL.search(text(view, "ko"))
        assert KANA_OR_KANJI.search(text(view, "ja"))
        assert not HANGUL.search(text(view, "ja"))


def test_every_translation_has_the_placeholders_of_its_source(seeded: Database) -> None:
    for view in documented_codes(seeded):
        assert len({placeholders(text(view, locale)) for locale in ("en", "ja", "ko")}) == 1


def test_equal_texts_are_translated_alike_in_both_services(seeded: Database) -> None:
    translations: dict[str, set[tuple[str, str]]] = {}
    for view in documented_codes(seeded):
        translated = (text(view, "ja"), text(view, "ko"))
        translations.setdefault(text(view, "en"), set()).add(translated)
    assert [source for source, found in translations.items() if len(found) > 1] == []


def test_all_locales_of_a_service_are_one_change_set_and_version_1(seeded: Database) -> None:
    sets = Counter((it.service, it.change_set) for it in log(seeded))
    # A service, its codes with their English texts, and two translations of each.
    assert sets == {(RECOGNIZER, 1): 1 + 3 * 44, (POSE, 134): 1 + 3 * 25}
    assert {view.version for view in documented_codes(seeded)} == {1}


def test_stray_spaces_of_the_tables_are_trimmed(seeded: Database) -> None:
    assert text(code(seeded, "4000004"), "en") == "Uploaded file is empty."


def test_seeding_again_changes_nothing(seeded: Database) -> None:
    before = documented_codes(seeded)
    assert seed_again(seeded) == 0
    assert documented_codes(seeded) == before


def test_a_changed_table_brings_what_changed_and_nothing_else(
    seeded: Database, folder: Path
) -> None:
    rewrite(folder / f"{RECOGNIZER}.md", "Invalid key version.", "Unfit key version.")
    assert seed_again(seeded, folder) == 1
    view = code(seeded, "4000301")
    assert (text(view, "en"), view.version) == ("Unfit key version.", 2)
    assert {it.code for it in documented_codes(seeded) if it.version > 1} == {"4000301"}


@pytest.mark.parametrize(("locale", "page"), [("en", RECOGNIZER), ("ko", f"{RECOGNIZER}.ko")])
def test_a_message_that_an_editor_changed_is_left_alone(
    seeded: Database, folder: Path, locale: str, page: str
) -> None:
    table = folder / f"{page}.md"
    edited, untouched = code(seeded, "4000301"), code(seeded, "4000401")
    rewrite(table, text(edited, locale), "(seed) 4000301")
    rewrite(table, text(untouched, locale), "(seed) 4000401")
    with editing(seeded) as (changes, service):
        write_messages(
            changes, service, [MessageEdit("4000301", locale, Texts("(editor) 4000301"))]
        )
    assert seed_again(seeded, folder) == 1
    message = code(seeded, "4000301").messages[locale]
    assert (message.text, message.state) == ("(editor) 4000301", "approved")
    assert text(code(seeded, "4000401"), locale) == "(seed) 4000401"


def test_an_editors_message_outlives_an_unchanged_table(seeded: Database) -> None:
    with editing(seeded) as (changes, service):
        write_messages(changes, service, [MessageEdit("4000301", "en", Texts("Rewritten"))])
    assert seed_again(seeded) == 0
    assert text(code(seeded, "4000301"), "en") == "Rewritten"


def test_a_key_that_an_editor_changed_is_left_alone(seeded: Database, folder: Path) -> None:
    with editing(seeded) as (changes, service):
        change_codes(changes, service, [CodeEdit("4000301", {"key": "EDITED_KEY"})])
    assert seed_again(seeded) == 0
    for page in folder.glob(f"{RECOGNIZER}*.md"):
        rewrite(page, "INVALID_KEY_VERSION", "SEED_KEY")
    rewrite(folder / f"{RECOGNIZER}.md", "Service already enabled.", "Enabled already.")
    assert seed_again(seeded, folder) == 1
    assert code(seeded, "4000301").key == "EDITED_KEY"
    assert text(code(seeded, "4000404"), "en") == "Enabled already."


def test_a_message_that_an_editor_deleted_stays_deleted(seeded: Database) -> None:
    with editing(seeded) as (changes, service):
        delete_messages(changes, service, [("4000301", "ko")])
    assert seed_again(seeded) == 0
    assert set(code(seeded, "4000301").messages) == {"en", "ja"}


def test_a_code_that_an_editor_deleted_stays_deleted(seeded: Database) -> None:
    with editing(seeded) as (changes, service):
        # What taking its creation back does.
        delete_codes(changes, service, ["4000301"], takes_back=True)
    assert seed_again(seeded) == 0
    assert len(documented_codes(seeded)) == 68


def test_two_processes_that_seed_at_once_load_the_tables_once(
    empty: Database, empty_url: str
) -> None:
    processes = [start(empty_url, "seed") for _ in range(2)]
    for process in processes:
        _, complaint = process.communicate(timeout=60)
        assert (process.returncode, complaint) == (0, "")
    assert revision(empty) == 1 + 3 * 44 + 1 + 3 * 25
    assert {view.version for view in documented_codes(empty)} == {1}
