"""The change log: gapless, chained and append-only."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.catalog import history
from app.catalog.history import GENESIS_HASH, Authorship, Draft
from app.catalog.models import Change
from app.catalog.views import ChangeFilter
from app.db import Database
from tests.catalog.making import AT, change, create, make_service, new_code, write

COLUMNS = tuple(column.name for column in Change.__table__.columns)
HASHED_COLUMNS = (
    "revision",
    "change_set",
    "at",
    "actor",
    "action",
    "service",
    "code",
    "locale",
    "before_digest",
    "after_digest",
    "reason_digest",
    "breaking_digest",
    "previous_hash",
)

of_sqlite = pytest.mark.sqlite("no other database has this statement")


def drafts(*codes: str) -> list[Draft]:
    """One change to record for each code."""
    return [Draft("code.create", "svc", code, "en", after={"text": "안녕"}) for code in codes]


def entries(session: Session) -> list[dict[str, Any]]:
    """The rows of the log as the database has them, oldest first; their moments as text."""
    rows = session.execute(sa.text('SELECT * FROM "change" ORDER BY revision'))
    return [{**row, "at": str(row["at"])} for row in rows.mappings()]


def sha256(value: Any) -> str:
    """SHA-256 of a value as JSON with sorted keys and no white space, in UTF-8."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def recomputed_hash(row: dict[str, Any]) -> str:
    """The hash of an entry, from nothing but its row."""
    at = datetime.fromisoformat(row["at"]).replace(tzinfo=AT.tzinfo)
    hashed = row | {"at": at.isoformat(timespec="seconds")}
    return sha256([hashed[name] for name in HASHED_COLUMNS])


def copied_entry(verb: str, **replaced: str) -> str:
    """A statement that writes the newest entry once more, with other values in some columns."""
    values = ", ".join(replaced.get(name, f'"{name}"') for name in COLUMNS)
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    newest = '"change" ORDER BY revision DESC LIMIT 1'
    return f'{verb} INTO "change" ({names}) SELECT {values} FROM {newest}'  # noqa: S608 (our names)


def test_an_empty_log_is_at_revision_0(session: Session) -> None:
    assert history.revision(session) == 0


def test_revisions_rise_by_one_and_a_set_is_named_after_its_first(session: Session) -> None:
    author = Authorship("tester", AT)
    assert history.append(session, drafts("1", "2"), author, None) == 2
    assert history.append(session, drafts("3"), author, None) == 3
    assert history.append(session, drafts("4"), author, 3) == 4
    assert [(it["revision"], it["change_set"]) for it in entries(session)] == [
        (1, 1),
        (2, 1),
        (3, 3),
        (4, 3),
    ]
    assert history.revision(session) == 4


def test_recording_nothing_leaves_the_revision_where_it_was(session: Session) -> None:
    assert history.append(session, [], Authorship("tester", AT), None) == 0
    history.append(session, drafts("1"), Authorship("tester", AT), None)
    assert history.append(session, [], Authorship("tester", AT), None) == 1


def test_the_chain_can_be_recomputed_from_the_rows(seeded: Database) -> None:
    with seeded.reading() as session:
        log = entries(session)
    assert [it["revision"] for it in log] == list(range(1, len(log) + 1))
    assert [it["previous_hash"] for it in log] == [GENESIS_HASH, *(it["hash"] for it in log[:-1])]
    assert [it["hash"] for it in log] == [recomputed_hash(it) for it in log]


def test_the_digests_are_those_of_the_texts(session: Session) -> None:
    author = Authorship("tester", AT, reason="왜냐하면", breaking="a typo")
    full = Draft(
        "message.update",
        "svc",
        "1",
        "ko",
        before={"b": 1, "a": "é"},
        after={"text": "안녕"},
        breaks=True,
    )
    history.append(session, [full, Draft("service.create", "svc")], author, None)
    first, second = entries(session)
    assert first["before"] == '{"a":"é","b":1}'
    assert first["before_digest"] == sha256({"a": "é", "b": 1})
    assert first["after_digest"] == sha256({"text": "안녕"})
    assert first["reason_digest"] == second["reason_digest"] == sha256("왜냐하면")
    assert first["breaking_digest"] == sha256("a typo")
    assert second["breaking"] is second["breaking_digest"] is None
    assert second["before"] is second["before_digest"] is None
    assert second["after"] is second["after_digest"] is None


def test_the_hash_holds_for_any_time_zone_and_fraction_of_a_second(session: Session) -> None:
    at = datetime(2026, 11, 22, 23, 59, 59, 999_999, timezone(timedelta(hours=-9)))
    history.append(session, drafts("1"), Authorship("tester", at), None)
    (entry,) = entries(session)
    assert entry["at"].startswith("2026-11-23 08:59:59")
    assert entry["hash"] == recomputed_hash(entry)


def test_an_altered_entry_does_not_fit_its_hash(session: Session) -> None:
    history.append(session, drafts("1"), Authorship("tester", AT, reason="why"), None)
    (entry,) = entries(session)
    for name in HASHED_COLUMNS[:2]:
        assert recomputed_hash(entry | {name: 7}) != entry["hash"]
    for name in HASHED_COLUMNS[3:]:
        assert recomputed_hash(entry | {name: "altered"}) != entry["hash"]


def test_a_text_can_be_blanked_without_breaking_the_chain(session: Session) -> None:
    history.append(session, drafts("1"), Authorship("tester", AT, reason="why"), None)
    (entry,) = entries(session)
    blanked = entry | {"before": None, "after": None, "reason": None}
    assert recomputed_hash(blanked) == entry["hash"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE \"change\" SET actor = 'x'",
        'UPDATE "change" SET revision = 99 WHERE revision = 2',
        "UPDATE \"change\" SET after = '{}'",
        'UPDATE "change" SET after = NULL',
        "UPDATE \"change\" SET reason = 'another'",
        "UPDATE \"change\" SET reason = '[redacted]', actor = 'x'",
        "UPDATE \"change\" SET after = '[redacted]', reason = 'x'",
        "UPDATE \"change\" SET after_digest = '[redacted]'",
        "UPDATE \"change\" SET hash = '[redacted]'",
        "UPDATE \"change\" SET service = '[redacted]'",
        pytest.param(
            "UPDATE OR REPLACE \"change\" SET revision = 1, actor = 'x' WHERE revision = 2",
            marks=of_sqlite,
        ),
        pytest.param(
            'TRUNCATE "change"', marks=pytest.mark.postgresql("the log cannot be altered")
        ),
        'DELETE FROM "change"',
        'DELETE FROM "change" WHERE revision = 2',
        pytest.param(copied_entry("INSERT OR REPLACE", actor="'x'"), marks=of_sqlite),
        pytest.param(copied_entry("REPLACE", revision="1", actor="'x'"), marks=of_sqlite),
        pytest.param(copied_entry("INSERT OR IGNORE", revision="1"), marks=of_sqlite),
        copied_entry("INSERT", revision="4"),
        copied_entry("INSERT", revision="0"),
        copied_entry("INSERT", revision="-1"),
        copied_entry("INSERT", revision="NULL"),
        copied_entry("INSERT", actor="'x'") + " ON CONFLICT (revision) DO UPDATE SET actor = 'x'",
    ],
)
def test_the_log_refuses_any_statement_but_an_append(empty: Database, statement: str) -> None:
    with empty.writing() as session:
        history.append(session, drafts("1", "2"), Authorship("tester", AT), None)
        written = entries(session)
    with (
        pytest.raises(sa.exc.DBAPIError, match="append-only"),
        empty.writing() as session,
    ):
        session.connection().exec_driver_sql(statement)
    with empty.reading() as session:
        assert entries(session) == written


def test_the_first_entry_of_a_log_is_revision_1(session: Session) -> None:
    row = dict.fromkeys(COLUMNS, "x") | {"revision": 2, "change_set": 2, "at": AT}
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        session.execute(sa.insert(Change), [row])


def test_the_seeds_are_one_change_set_a_service(seeded: Database) -> None:
    with seeded.reading() as session:
        log = entries(session)
    sets = {(it["service"], it["change_set"]) for it in log}
    assert len(sets) == 2
    assert sets == {
        (service, min(it["revision"] for it in log if it["service"] == service))
        for service in ("document-recognizer", "pose-estimation")
    }
    assert {it["actor"] for it in log} == {"seed"}


def test_the_change_feed_is_filtered_and_begins_after_a_revision(session: Session) -> None:
    service = make_service(session, codes=[new_code("1"), new_code("2")])
    make_service(session, "other", [new_code("1")])
    write(session, service, "1", "ko", "안녕")
    change(session, service, "2", key="KEY", actor="else")

    def revisions(wanted: ChangeFilter, after: int = 0, limit: int = 100) -> list[int]:
        return [it.revision for it in history.list_changes(session, wanted, after, limit)]

    assert revisions(ChangeFilter()) == [1, 2, 3, 4, 5, 6, 7]
    assert revisions(ChangeFilter(), after=2, limit=2) == [3, 4]
    assert revisions(ChangeFilter(), after=7) == []
    assert revisions(ChangeFilter(service="svc", code="1")) == [2, 6]
    assert revisions(ChangeFilter(locale="ko")) == [6]
    assert revisions(ChangeFilter(actor="else")) == [7]


def test_the_latest_changes_come_newest_first_and_end_before_a_revision(session: Session) -> None:
    service = make_service(session, codes=[new_code("1"), new_code("2")])
    make_service(session, "other", [new_code("1")])
    write(session, service, "1", "ko", "안녕")
    change(session, service, "2", key="KEY", actor="else")

    def revisions(wanted: ChangeFilter, before: int | None = None, limit: int = 100) -> list[int]:
        found = history.latest_changes(session, wanted, before, limit)
        return [it.revision for it in found]

    assert revisions(ChangeFilter()) == [7, 6, 5, 4, 3, 2, 1]
    assert revisions(ChangeFilter(), before=6, limit=2) == [5, 4]
    assert revisions(ChangeFilter(), before=1) == []
    assert revisions(ChangeFilter(service="svc", code="1")) == [6, 2]
    assert revisions(ChangeFilter(locale="ko")) == [6]
    assert revisions(ChangeFilter(actor="else")) == [7]


def test_what_others_edited_last_is_told_by_code_and_locale(session: Session) -> None:
    service = make_service(session, codes=[new_code("1"), new_code("2"), new_code("3")])
    for actor, number in (("else", "1"), ("else", "2"), ("tester", "2")):
        change(session, service, number, key=actor.upper(), actor=actor, breaking="renamed")
    create(session, service, new_code("4"), actor="else")
    assert history.edited_by_others(session, "svc", "tester") == {("1", None), ("4", "en")}
    assert history.edited_by_others(session, "nope", "tester") == set()
