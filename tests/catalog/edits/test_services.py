"""New services, other names for them, and their deletion."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.catalog import history, queries
from app.catalog.edits.services import (
    can_be_deleted,
    change_service,
    create_service,
    delete_service,
    load_service,
)
from app.catalog.errors import Conflict, Invalid, ServiceExists, UnknownService
from app.catalog.models import Service
from app.catalog.services import find_service, services_by_slug
from tests.catalog.making import (
    AT,
    LATER,
    create,
    edits,
    log,
    make_service,
    new_code,
    newest,
    take_back,
    write,
)


def test_a_new_service_has_no_codes_and_is_at_version_1(session: Session) -> None:
    with edits(session) as changes:
        create_service(changes, "svc", " My\tService ", "  ", "PT-br")
    service = find_service(session, "svc")
    assert (service.slug, service.title, service.section) == ("svc", "My\tService", None)
    assert (service.default_locale, service.locales, service.codes) == ("pt-BR", (), 0)
    assert (service.four_eyes, service.version, service.updated_at) == (False, 1, AT)


def change(session: Session, service: Service, **fields: Any) -> None:
    """Change fields of a service in a change set of its own."""
    with edits(session, LATER) as changes:
        change_service(changes, service, fields)


def delete(session: Session, service: Service) -> None:
    """Delete a service in a change set of its own."""
    with edits(session) as changes:
        delete_service(changes, service)


def test_a_taken_slug_is_a_conflict(session: Session) -> None:
    make_service(session, "svc")
    with pytest.raises(ServiceExists, match="“svc”"), edits(session) as changes:
        create_service(changes, "svc", "Another", None, "en")


@pytest.mark.parametrize(
    ("slug", "title", "section", "locale", "field"),
    [
        ("My Service", "Title", None, "en", "slug"),
        ("svc", "", None, "en", "title"),
        ("svc", " \n", None, "en", "title"),
        ("svc", "a\x00b", None, "en", "title"),
        ("svc", "Title", "a\u202eb", "en", "section"),
        ("svc", "Title", None, "english language", "locale"),
    ],
)
def test_what_does_not_have_its_form_is_refused_by_name(
    session: Session, slug: str, title: str, section: str | None, locale: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused, edits(session) as changes:
        create_service(changes, slug, title, section, locale)
    assert refused.value.field == field
    assert services_by_slug(session, None, 10) == []


def test_a_service_has_other_names_and_rules(session: Session) -> None:
    service = make_service(session)
    change(session, service, title=" New ", section="AI", four_eyes=True, default_locale="KO")
    view = find_service(session, "svc")
    assert (view.title, view.section, view.default_locale) == ("New", "AI", "ko")
    assert (view.four_eyes, view.version, view.updated_at) == (True, 2, LATER)
    entry = newest(session)
    assert (entry.action, entry.code, entry.locale) == ("service.update", None, None)
    assert entry.before is not None
    assert (entry.before["title"], entry.before["four_eyes"]) == ("Svc", False)


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", " "), ("title", "a\x00"), ("section", "\u202e"), ("default_locale", "not one")],
)
def test_what_a_service_cannot_be_called_is_refused_by_name(
    session: Session, field: str, value: str
) -> None:
    service = make_service(session)
    with pytest.raises(Invalid) as refused:
        change(session, service, **{field: value})
    assert field.endswith(refused.value.field)
    assert history.revision(session) == 1


def test_the_default_locale_stays_where_there_are_source_texts(session: Session) -> None:
    service = make_service(session, codes=[new_code("1", status="draft")])
    write(session, service, "1", "ko", "안녕")
    with pytest.raises(Conflict, match="source texts are in en"):
        change(session, service, default_locale="ko")
    change(session, service, default_locale="EN", title="New")
    assert find_service(session, "svc").default_locale == "en"


def test_a_service_is_deleted_with_its_drafts(session: Session) -> None:
    drafts = [new_code("1", status="draft"), new_code("2", status="draft")]
    service = make_service(session, codes=drafts)
    write(session, service, "2", "ko", "안녕")
    revision = history.revision(session)
    assert can_be_deleted(session, "svc")
    delete(session, service)
    with pytest.raises(UnknownService):
        find_service(session, "svc")
    assert queries.search_codes(session, "failed", 10) == []
    assert [(it.action, it.code) for it in log(session, after=revision)] == [
        ("message.delete", "2"),
        ("code.delete", "2"),
        ("code.delete", "1"),
        ("service.delete", None),
    ]


def test_a_service_without_codes_is_deleted(session: Session) -> None:
    delete(session, make_service(session))
    assert services_by_slug(session, None, 10) == []
    assert newest(session).action == "service.delete"


@pytest.mark.parametrize("status", ["active", "deprecated", "retired"])
def test_a_service_with_a_code_that_was_active_stays(session: Session, status: str) -> None:
    codes = [new_code("1", status=status), new_code("2", status="draft")]
    service = make_service(session, codes=codes)
    make_service(session, "other")
    assert not can_be_deleted(session, "svc")
    assert can_be_deleted(session, "other")
    with pytest.raises(Conflict, match="such as 1"):
        delete(session, service)
    assert find_service(session, "svc").codes == 2


def test_a_slug_is_free_again_and_numbers_once_active_in_it_are_not(session: Session) -> None:
    service = make_service(session)
    create(session, service, new_code("1", key="OLD"))
    first = find_service(session, "svc")
    take_back(session)
    delete(session, service)
    service = make_service(session)
    with pytest.raises(Conflict, match="never free again"):
        create(session, service, new_code("1", key="NEW"))
    assert find_service(session, "svc").tag != first.tag


def test_a_service_that_is_not_there_cannot_be_edited(session: Session) -> None:
    with pytest.raises(UnknownService, match="“nope”"), edits(session) as changes:
        load_service(changes.session, "nope")
