"""A catalog with something in every table, for migrations to carry."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.access.accounts import add_account
from app.access.idempotency import Answer, keep_answer
from app.access.roles import Role
from app.access.tokens import add_token
from app.catalog.allocation import Wish, reserve
from app.catalog.changes import ChangeSet, change_set
from app.catalog.edits.codes import CodeEdit, change_codes
from app.catalog.edits.messages import MessageEdit, write_messages
from app.catalog.edits.rows import Texts
from app.catalog.edits.services import change_service, load_service
from app.catalog.history import Authorship
from app.editing.models import Proposal
from tests.conftest import SEEDED_AT
from tests.databases import copied
from tests.migrations.looking import opened

EDITOR = Authorship("Mina", SEEDED_AT + timedelta(days=1), reason="It reads better")


@pytest.fixture(scope="session")
def populated_file(seeded_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documented tables, edited: 4000301 has a fresh Korean and a stale Japanese text."""
    file = copied(seeded_file, tmp_path_factory.mktemp("populated") / "catalog.sqlite3")
    with opened(file) as database, database.writing() as session:
        with change_set(session, EDITOR) as changes:
            _edit(changes)
        _let_somebody_edit(session)
    return file


@pytest.fixture
def populated(populated_file: Path, tmp_path: Path) -> Path:
    """A copy of it for a test to change."""
    return copied(populated_file, tmp_path / "populated.sqlite3")


def _edit(changes: ChangeSet) -> None:
    service = load_service(changes.session, "document-recognizer")
    for locale, text in (("en", "The key's version is unfit."), ("ko", "키 버전이 맞지 않습니다.")):
        write_messages(changes, service, [MessageEdit("4000301", locale, Texts(text))])
    change_codes(changes, service, [CodeEdit("4000401", {"status": "deprecated"})])
    change_service(changes, service, {"four_eyes": True})
    reserve(
        changes.session, service, Wish(after="4000401"), EDITOR, timedelta(days=30), "For the team"
    )


def _let_somebody_edit(session: Session) -> None:
    account = add_account(session, "Mina", Role.EDITOR, ["document-recognizer"], [], EDITOR.at)
    add_token(session, "Mina", EDITOR.at, expires_in_days=90)
    keep_answer(session, account.id, "key", "digest", Answer(204, (), b""), EDITOR.at)
    session.add(
        Proposal(
            service="document-recognizer",
            code="4000301",
            locale="ko",
            kind="message.write",
            edit={"code": "4000301", "locale": "ko", "text": "키"},
            author="Mina",
            proposed_at=EDITOR.at,
            state="open",
        )
    )
