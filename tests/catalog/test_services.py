"""Reads of services."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.catalog.errors import UnknownService
from app.catalog.services import (
    default_locales,
    demands_four_eyes,
    find_heading,
    find_service,
    require_service,
    service_slugs,
    services_by_slug,
)
from app.db import Database
from tests.catalog.making import make_service


def test_a_service_tells_its_locales_and_counts_its_codes(seeded: Database) -> None:
    with seeded.reading() as session:
        view = find_service(session, "document-recognizer")
        assert services_by_slug(session, None, 1) == [view]
    assert (view.title, view.section) == ("Document Recognizer", "AI Service")
    assert (view.default_locale, view.locales, view.codes) == ("en", ("en", "ja", "ko"), 44)


def test_services_are_listed_by_slug_after_a_slug(session: Session) -> None:
    for slug in ("b", "c", "a", "a-b"):
        make_service(session, slug)
    assert [it.slug for it in services_by_slug(session, None, 10)] == ["a", "a-b", "b", "c"]
    assert [it.slug for it in services_by_slug(session, "a", 2)] == ["a-b", "b"]
    assert services_by_slug(session, "c", 2) == []


def test_a_heading_is_what_a_service_is_without_what_is_counted(seeded: Database) -> None:
    with seeded.reading() as session:
        heading = find_heading(session, "document-recognizer")
        view = find_service(session, "document-recognizer")
        assert require_service(session, "document-recognizer") == view.id
    for name in ("slug", "title", "section", "default_locale", "updated_at"):
        assert getattr(heading, name) == getattr(view, name)


@pytest.mark.parametrize("read", [find_service, find_heading, require_service])
def test_an_unknown_service_is_told(session: Session, read: object) -> None:
    assert callable(read)
    with pytest.raises(UnknownService, match="“nope”"):
        read(session, "nope")


def test_no_service_demands_four_eyes_by_itself(session: Session) -> None:
    make_service(session, "svc")
    assert not demands_four_eyes(session, ["svc"])


def test_services_are_named_with_their_default_locales(session: Session) -> None:
    make_service(session, "b", default_locale="ko")
    make_service(session, "a")
    assert service_slugs(session) == ["a", "b"]
    assert default_locales(session, ["b", "gone"]) == {"b": "ko"}
