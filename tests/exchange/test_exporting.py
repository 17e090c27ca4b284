"""Exports: what of a service goes out, in which order and in whose words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.catalog.edits.codes import CodeEdit, change_codes
from app.catalog.edits.creation import create_codes
from app.catalog.edits.messages import MessageEdit, write_messages
from app.catalog.edits.rows import Texts
from app.catalog.edits.services import load_service
from app.catalog.errors import Invalid, UnknownService
from app.catalog.ordering import FRONT
from app.db import Database
from app.exchange.document import Export
from app.exchange.exporting import export_of
from tests.catalog.making import edits, make_service, new_code

WHY = "Nobody uses it"


@pytest.fixture
def alpha(empty: Database) -> Database:
    """A catalog with a code of each status, translated here and there."""
    with empty.writing() as session:
        codes = [new_code("1", "one", "ONE"), new_code("2", "two"), new_code("3", "three")]
        service = make_service(session, "alpha", [*codes, new_code("9", "nine", status="draft")])
        with edits(session, breaking=WHY) as changes:
            write_messages(
                changes,
                service,
                [
                    MessageEdit("1", "ko", Texts("하나", None, "다시"), "needs_review"),
                    MessageEdit("2", "ko", Texts(None, "둘째")),
                    MessageEdit("1", "zh-Hant", Texts("一")),
                ],
            )
            change_codes(
                changes,
                service,
                [
                    CodeEdit("2", {"status": "deprecated", "replaced_by": "1"}),
                    CodeEdit("3", {"status": "retired"}),
                ],
            )
    return empty


def exported(database: Database, locale: str | None = None) -> Export:
    """The service alpha on its way out."""
    with database.reading() as session:
        return export_of(session, "alpha", locale)


def test_all_but_drafts_go_out_with_what_became_of_them(alpha: Database) -> None:
    told = exported(alpha)
    assert [(it.code, it.status, it.replaced_by) for it in told.items] == [
        ("1", "active", None),
        ("2", "deprecated", "1"),
        ("3", "retired", None),
    ]


def test_without_a_locale_a_service_goes_out_in_its_own(alpha: Database) -> None:
    told = exported(alpha)
    assert (told.service, told.title, told.section) == ("alpha", "Alpha", None)
    assert (told.default_locale, told.locale) == ("en", "en")
    assert [(it.message, it.source_message) for it in told.items] == [
        ("one", "one"),
        ("two", "two"),
        ("three", "three"),
    ]


def test_a_translation_goes_out_beside_its_source_and_stays_empty_where_it_is(
    alpha: Database,
) -> None:
    one, two, three = exported(alpha, "ko").items
    assert (one.message, one.remedy, one.state, one.source_message) == (
        "하나",
        "다시",
        "needs_review",
        "one",
    )
    assert (two.message, two.description, two.state) == (None, "둘째", "approved")
    assert (three.message, three.description, three.source_message) == (None, None, "three")


@pytest.mark.parametrize("locale", ["zh-Hant", "ZH-hant", "zh-hANT"])
def test_a_locale_is_known_however_it_is_written(alpha: Database, locale: str) -> None:
    told = exported(alpha, locale)
    assert (told.locale, told.items[0].message) == ("zh-Hant", "一")


def test_no_other_locale_stands_in_for_one_that_is_missing(alpha: Database) -> None:
    told = exported(alpha, "zh")
    assert {it.message for it in told.items} == {None}


def test_codes_go_out_in_the_order_of_their_document(alpha: Database) -> None:
    with alpha.writing() as session, edits(session) as changes:
        first = replace(new_code("0", "zero"), follows=FRONT)
        create_codes(changes, load_service(changes.session, "alpha"), [first])
    assert [it.code for it in exported(alpha).items] == ["0", "1", "2", "3"]


def test_what_is_not_there_cannot_go_out(alpha: Database) -> None:
    with alpha.reading() as session:
        with pytest.raises(UnknownService):
            export_of(session, "beta")
        with pytest.raises(Invalid):
            export_of(session, "alpha", "k_o")
