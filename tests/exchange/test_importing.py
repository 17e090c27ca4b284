"""Imports: pages carried into the catalog, whole or not at all."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.catalog import queries
from app.catalog.allocation import Wish, list_reservations, reserve
from app.catalog.changes import change_set
from app.catalog.edits.codes import CodeEdit, change_codes, delete_codes
from app.catalog.edits.messages import MessageEdit, write_messages
from app.catalog.edits.rows import Texts
from app.catalog.edits.services import create_service, load_service
from app.catalog.errors import CodeReserved, Invalid, ServiceExists
from app.catalog.history import Authorship
from app.catalog.models import Service
from app.catalog.services import find_service, services_by_slug
from app.db import Database
from app.exchange.importing import Planner, find_target, plan_import, run_import
from app.exchange.plan import Plan, Source
from tests.exchange.pages import FIRST_ROW, source
from tests.exchange.reading import codes, log, numbers, revision

AUTHOR = Authorship("tester", datetime(2026, 11, 22, tzinfo=UTC), reason="A test")
BREAKER = replace(AUTHOR, breaking="It was wrong")
ONE, TWO, THREE = ("1", "ONE", "one"), ("2", "TWO", "two"), ("3", "THREE", "three")
KOREAN_ONE = ("1", "ONE", "하나")


def planner(*sources: Source, retire_missing: bool = False) -> Planner:
    """Plans these pages, all of one service."""

    def plan(session: Session) -> Sequence[Plan]:
        page = sources[0].document
        target = find_target(session, None, page.title, page.section, "en")
        return [plan_import(session, target, sources, retire_missing=retire_missing)]

    return plan


def load(
    database: Database,
    *sources: Source,
    authorship: Authorship = AUTHOR,
    skip_refused: bool = False,
    retire_missing: bool = False,
) -> Plan:
    """Import these pages, all of one service."""
    plans = planner(*sources, retire_missing=retire_missing)
    (plan,) = run_import(database, plans, authorship, skip_refused=skip_refused)
    return plan


def deprecate(database: Database, number: str) -> None:
    """Deprecate a code."""
    with database.writing() as session, change_set(session, AUTHOR) as changes:
        edit = CodeEdit(number, {"status": "deprecated"})
        change_codes(changes, load_service(changes.session, "alpha"), [edit])


def hold(database: Database, number: str, holder: str) -> None:
    """Reserve the number behind the one before it for somebody."""
    authorship = replace(AUTHOR, actor=holder)
    with database.writing() as session:
        service = session.scalars(sa.select(Service)).one()
        wish = Wish(after=str(int(number) - 1))
        (held,) = reserve(session, service, wish, authorship, timedelta(days=1), None)
        assert held.code == number


def test_an_import_creates_the_service_that_its_page_names(empty: Database) -> None:
    load(empty, source(ONE))
    with empty.reading() as session:
        service = find_service(session, "alpha")
    assert (service.title, service.section) == ("Alpha", "Cloud")
    assert (service.default_locale, service.codes) == ("en", 1)
    (view,) = codes(empty)
    assert (view.code, view.key, view.status) == ("1", "ONE", "active")
    assert view.messages["en"].text == "one"


def test_one_import_of_all_locales_makes_version_1(empty: Database) -> None:
    load(empty, source(ONE), source(KOREAN_ONE, locale="ko"), source(("1", "", "一"), locale="ja"))
    (view,) = codes(empty)
    assert view.version == 1
    assert {it.locale: it.text for it in view.messages.values()} == {
        "en": "one",
        "ja": "一",
        "ko": "하나",
    }


def test_a_later_import_raises_the_version_of_what_it_touches_by_one(empty: Database) -> None:
    load(empty, source(ONE, TWO))
    uno = source(("1", "UNO", "uno"), TWO), source(("1", "UNO", "하나"), locale="ko")
    load(empty, *uno, authorship=BREAKER)
    assert [(view.code, view.version) for view in codes(empty)] == [("1", 2), ("2", 1)]


def test_an_import_is_one_change_set_a_service(empty: Database) -> None:
    def plan(session: Session) -> Sequence[Plan]:
        alpha = planner(source(ONE), source(KOREAN_ONE, locale="ko"))
        return [*alpha(session), *planner(source(ONE, title="Beta"))(session)]

    run_import(empty, plan, AUTHOR)
    sets = {(change.service, change.change_set) for change in log(empty)}
    assert sets == {("alpha", 1), ("beta", 4)}
    assert {(it.actor, it.reason, it.at) for it in log(empty)} == {
        (AUTHOR.actor, AUTHOR.reason, AUTHOR.at)
    }


def test_an_error_midway_leaves_nothing_behind(empty: Database) -> None:
    def plan(session: Session) -> Sequence[Plan]:
        # The second of these fails, because the first has created the service by then.
        return [*planner(source(ONE))(session), *planner(source(TWO))(session)]

    with pytest.raises(ServiceExists):
        run_import(empty, plan, AUTHOR)
    assert log(empty) == []
    with empty.reading() as session:
        assert services_by_slug(session, None, 10) == []
        assert queries.search_codes(session, "one", 10) == []


def test_nothing_is_loaded_while_a_row_is_refused(empty: Database) -> None:
    plan = load(empty, source(ONE, ("2", "TWO")))
    assert (len(plan.added), len(plan.refused)) == (1, 1)
    assert revision(empty) == 0


@pytest.mark.parametrize(
    "pages",
    [
        (("1", "UNO", "one of {limit}"),),
        (("1", "ONE", "one"), ("2", "TWO", "two")),
    ],
)
def test_nothing_that_breaks_consumers_is_loaded_unless_it_says_why(
    empty: Database, pages: Sequence[Sequence[str]]
) -> None:
    load(empty, source(("1", "ONE", "one of {limit}")))
    before = revision(empty)
    plan = load(empty, source(*pages))
    assert list(plan.breaks) == ["1"]
    assert revision(empty) == before
    load(empty, source(*pages), authorship=BREAKER)
    assert revision(empty) > before


def test_the_history_says_why_of_what_breaks_consumers_and_of_nothing_else(
    empty: Database,
) -> None:
    load(empty, source(ONE, TWO))
    load(empty, source(("1", "UNO", "uno"), ("2", "TWO", "dos"), THREE), authorship=BREAKER)
    told = {(it.action, it.code): it.breaking for it in log(empty)[3:]}
    assert told == {
        ("code.create", "3"): None,
        ("code.update", "1"): "It was wrong",
        ("message.update", "1"): None,
        ("message.update", "2"): None,
    }


def test_a_first_key_needs_no_word_of_why(empty: Database) -> None:
    load(empty, source(("1", "", "one")))
    load(empty, source(ONE))
    assert codes(empty)[0].key == "ONE"


def test_what_breaks_consumers_only_since_another_edit_is_not_loaded(empty: Database) -> None:
    load(empty, source(("1", "", "one")))
    calls = count()

    def plan(session: Session) -> Sequence[Plan]:
        plans = planner(source(ONE))(session)
        if next(calls) == 0:
            load(empty, source(("1", "UNO", "one")))
        return plans

    (planned,) = run_import(empty, plan, AUTHOR)
    assert planned.breaks == {"1": ("the key was UNO, becomes ONE",)}
    assert codes(empty)[0].key == "UNO"


def test_codes_that_a_page_no_longer_tells_of_are_retired_where_that_is_wanted(
    empty: Database,
) -> None:
    load(empty, source(ONE, TWO, THREE))
    deprecate(empty, "3")
    plan = load(empty, source(ONE), retire_missing=True)
    assert list(plan.breaks) == ["2"]
    assert [view.status for view in codes(empty)] == ["active", "active", "deprecated"]
    load(empty, source(ONE, TWO), retire_missing=True)
    load(empty, source(ONE), retire_missing=True, authorship=BREAKER)
    assert [view.status for view in codes(empty)] == ["active", "retired", "retired"]
    assert [it.breaking for it in log(empty)[-2:]] == [None, "It was wrong"]
    assert load(empty, source(ONE), retire_missing=True).is_empty


def test_a_number_that_somebody_else_holds_keeps_everything_out(empty: Database) -> None:
    load(empty, source(ONE))
    hold(empty, "2", "Juno")
    before = log(empty)
    with pytest.raises(CodeReserved, match="“Juno”"):
        load(empty, source(("1", "ONE", "uno"), TWO, THREE))
    assert log(empty) == before
    assert numbers(empty) == ["1"]


def test_a_number_that_its_importer_holds_is_used_up(empty: Database) -> None:
    load(empty, source(ONE))
    hold(empty, "2", AUTHOR.actor)
    load(empty, source(ONE, TWO))
    assert numbers(empty) == ["1", "2"]
    with empty.reading() as session:
        assert list_reservations(session, "alpha", AUTHOR.at, "", 10) == []


def test_a_number_that_was_in_use_once_comes_back_as_what_it_was_or_not_at_all(
    empty: Database,
) -> None:
    load(empty, source(ONE, TWO))
    with empty.writing() as session, change_set(session, BREAKER) as changes:
        # What taking its creation back does.
        delete_codes(changes, load_service(changes.session, "alpha"), ["2"], takes_back=True)
    (refused,) = load(empty, source(ONE, ("2", "DOS", "two"))).refused
    assert refused.reason.startswith("2 once was TWO")
    assert numbers(empty) == ["1"]
    load(empty, source(ONE, TWO))
    assert [(view.code, view.key) for view in codes(empty)] == [("1", "ONE"), ("2", "TWO")]


def test_a_translation_with_other_placeholders_is_refused_with_its_line(empty: Database) -> None:
    load(empty, source(("1", "ONE", "one of {limit}")))
    (refused,) = load(empty, source(KOREAN_ONE, locale="ko")).refused
    assert (refused.line, "{limit}" in refused.reason) == (FIRST_ROW, True)
    assert set(codes(empty)[0].messages) == {"en"}


def test_the_fit_rows_are_loaded_where_refused_ones_may_be_skipped(empty: Database) -> None:
    load(empty, source(ONE, ("2", "TWO"), THREE), skip_refused=True)
    assert numbers(empty) == ["1", "3"]


def test_importing_again_changes_nothing(empty: Database) -> None:
    pages = source(ONE, TWO), source(KOREAN_ONE, locale="ko")
    load(empty, *pages)
    before = revision(empty)
    assert load(empty, *pages).is_empty
    assert revision(empty) == before


def test_a_new_row_between_two_others_lands_between_them(empty: Database) -> None:
    load(empty, source(ONE, THREE))
    load(empty, source(("0", "", "zero"), ONE, TWO, THREE, ("4", "", "four")))
    assert numbers(empty) == ["0", "1", "2", "3", "4"]


def test_a_page_of_new_codes_alone_lands_at_the_end(empty: Database) -> None:
    load(empty, source(ONE, TWO))
    load(empty, source(THREE))
    assert numbers(empty) == ["1", "2", "3"]


def test_a_new_chapter_between_two_rows_keeps_its_order(empty: Database) -> None:
    chapter = [(f"1.{number}", "", f"one and {number}") for number in range(1, 21)]
    load(empty, source(ONE, TWO))
    load(empty, source(ONE, *chapter, TWO))
    assert numbers(empty) == ["1", *(code for code, _, _ in chapter), "2"]


def test_rows_put_into_one_place_time_after_time_keep_their_order(empty: Database) -> None:
    rows = [ONE, TWO]
    for number in range(15):
        rows.insert(1, (f"1.{number}", "", f"one and {number}"))
        load(empty, source(*rows))
    assert numbers(empty) == [code for code, _, _ in rows]


def test_a_new_row_behind_a_refused_one_lands_behind_the_row_before(empty: Database) -> None:
    load(empty, source(ONE, THREE))
    load(empty, source(ONE, ("x",), TWO, THREE), skip_refused=True)
    assert numbers(empty) == ["1", "2", "3"]


def test_a_code_that_a_page_no_longer_tells_of_stays(empty: Database) -> None:
    load(empty, source(ONE, TWO))
    load(empty, source(ONE))
    assert numbers(empty) == ["1", "2"]


def test_remedies_are_kept_when_an_import_brings_other_texts(empty: Database) -> None:
    load(empty, source(ONE), source(KOREAN_ONE, locale="ko"))
    with empty.writing() as session, change_set(session, AUTHOR) as changes:
        service = session.scalars(sa.select(Service)).one()
        edits = [
            MessageEdit("1", "en", Texts("one", remedy="Ask for two.")),
            MessageEdit("1", "ko", Texts("하나", remedy="둘을 청하십시오.")),
        ]
        write_messages(changes, service, edits)
    load(empty, source(("1", "ONE", "uno")), source(("1", "ONE", "한 개"), locale="ko"))
    (view,) = codes(empty)
    assert {it.locale: (it.text, it.remedy) for it in view.messages.values()} == {
        "en": ("uno", "Ask for two."),
        "ko": ("한 개", "둘을 청하십시오."),
    }


def test_another_source_text_makes_its_translations_stale_until_they_follow(
    empty: Database,
) -> None:
    load(empty, source(ONE), source(KOREAN_ONE, locale="ko"))
    load(empty, source(("1", "ONE", "uno")))
    assert codes(empty)[0].messages["ko"].stale
    load(empty, source(("1", "ONE", "한 개"), locale="ko"))
    assert not codes(empty)[0].messages["ko"].stale


def test_translations_take_the_state_they_are_imported_in(empty: Database) -> None:
    pages = planner(source(ONE), source(KOREAN_ONE, locale="ko"))
    run_import(empty, pages, AUTHOR, translation_state="needs_review")
    (view,) = codes(empty)
    assert {it.locale: it.state for it in view.messages.values()} == {
        "en": "approved",
        "ko": "needs_review",
    }


def test_what_an_import_brings_is_found_by_search(empty: Database) -> None:
    load(empty, source(ONE, TWO), source(KOREAN_ONE, locale="ko"))
    with empty.reading() as session:
        for query in ("하나", "ONE", "1"):
            assert [it.code for it in queries.search_codes(session, query, 10)] == ["1"]


def test_two_pages_that_contradict_each_other_are_never_a_failure(empty: Database) -> None:
    load(empty, source(ONE))
    korean = [source(("1", "ONE", text), locale="ko", file=text) for text in ("하나", "한 개")]
    assert [it.file for it in load(empty, *korean).refused] == ["한 개"]


def test_a_plan_is_made_again_where_the_catalog_moved_since(empty: Database) -> None:
    plans: list[Plan] = []

    def plan(session: Session) -> Sequence[Plan]:
        plans.extend(planner(source(ONE, TWO))(session))
        if len(plans) == 1:
            load(empty, source(ONE))
        return plans[-1:]

    (carried_out,) = run_import(empty, plan, AUTHOR)
    assert [len(it.added) for it in plans] == [2, 1]
    assert carried_out is plans[1]
    assert [(view.code, view.version) for view in codes(empty)] == [("1", 1), ("2", 1)]


def test_an_import_that_another_has_made_needless_changes_nothing(empty: Database) -> None:
    calls = count()

    def plan(session: Session) -> Sequence[Plan]:
        plans = planner(source(ONE))(session)
        if next(calls) == 0:
            load(empty, source(ONE))
        return plans

    (carried_out,) = run_import(empty, plan, AUTHOR)
    assert carried_out.is_empty
    assert [it.action for it in log(empty)] == ["service.create", "code.create"]


def test_two_imports_at_once_both_end_up_in_the_catalog(empty: Database) -> None:
    both_have_planned = threading.Barrier(2, timeout=30)

    def load_at_once(page: Source) -> None:
        calls = count()

        def plan(session: Session) -> Sequence[Plan]:
            plans = planner(page)(session)
            if next(calls) == 0:
                both_have_planned.wait()
            return plans

        run_import(empty, plan, AUTHOR)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(load_at_once, [source(ONE), source(TWO)]))
    assert sorted(numbers(empty)) == ["1", "2"]
    assert [it.revision for it in log(empty)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("title", "slug"),
    [("Document Recognizer", "document-recognizer"), ("OCR > Document OCR", "ocr-document-ocr")],
)
def test_a_service_takes_its_slug_from_the_title(empty: Database, title: str, slug: str) -> None:
    with empty.reading() as session:
        target = find_target(session, None, title, "Cloud", "ko")
    assert (target.slug, target.title, target.exists) == (slug, title, False)
    assert target.default_locale == "ko"


def test_a_slug_that_is_given_beats_the_title(empty: Database) -> None:
    with empty.reading() as session:
        assert find_target(session, "beta", "Alpha", None, "en").slug == "beta"


def test_a_service_that_is_there_keeps_what_it_is(empty: Database) -> None:
    with empty.writing() as session, change_set(session, AUTHOR) as changes:
        create_service(changes, "alpha", "The first", None, "ko")
    with empty.reading() as session:
        target = find_target(session, None, "Alpha", "Cloud", "en")
    assert (target.title, target.section, target.default_locale) == ("The first", None, "ko")
    assert target.exists


@pytest.mark.parametrize("title", [None, "", "포즈 추정", "!!!"])
def test_a_page_whose_title_makes_no_slug_needs_one_given(
    empty: Database, title: str | None
) -> None:
    with empty.reading() as session, pytest.raises(Invalid, match="slug"):
        find_target(session, None, title, None, "en")


TEXTS = st.text(st.sampled_from("aZ09 .,'{}한か字é"), min_size=1, max_size=12)
ROWS = st.lists(
    st.tuples(st.sampled_from("123456789"), st.sampled_from(["", "KEY", "OTHER"]), TEXTS),
    unique_by=lambda row: row[0],
    max_size=9,
)
SERVICES = count()


@settings(
    deadline=None, max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(ROWS, min_size=1, max_size=3), ROWS)
def test_whatever_was_imported_plans_nothing_the_second_time(
    empty: Database, versions: list[list[tuple[str, str, str]]], translation: list[tuple[str, ...]]
) -> None:
    title = f"Service {next(SERVICES)}"
    korean = source(*((code, "", text) for code, _, text in translation), locale="ko", title=title)
    for rows in versions:
        pages = source(*rows, title=title), korean
        load(empty, *pages, authorship=BREAKER, skip_refused=True)
        again = load(empty, *pages, authorship=BREAKER, skip_refused=True)
        assert (again.added, again.changed) == ([], [])
