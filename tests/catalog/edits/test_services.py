"""New services."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.catalog import queries
from app.catalog.edits.services import create_service
from app.catalog.errors import Invalid, ServiceExists
from app.catalog.views import ServiceView
from tests.catalog.making import AT, edits, make_service


def test_a_new_service_has_no_codes_and_is_at_version_1(session: Session) -> None:
    with edits(session) as changes:
        create_service(changes, "svc", " My\tService ", "  ", "PT-br")
    assert queries.find_service(session, "svc") == ServiceView(
        "svc", "My\tService", None, "pt-BR", (), 0, 1, AT
    )


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
    assert queries.list_services(session, None, 10) == []
