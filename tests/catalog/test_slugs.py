"""The names that services have in addresses."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.catalog.errors import Invalid
from app.catalog.slugs import checked_slug, is_slug, slug_of_title


@pytest.mark.parametrize("slug", ["document-recognizer", "a", "0", "v2-api", "a" * 64])
def test_a_slug_is_taken_as_it_is(slug: str) -> None:
    assert checked_slug(slug) == slug


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "-a",
        "a-",
        "a--b",
        "A",
        "a_b",
        "a b",
        "a.b",
        "..",
        "a/b",
        "a%2fb",
        "a\n",
        "a\x00",
        "é",
        "서비스",
        "\uff11",
        "a" * 65,
    ],
)
def test_anything_else_is_refused_as_a_slug(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_slug(text)
    assert refused.value.field == "slug"


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Document Recognizer", "document-recognizer"),
        ("  Pose   Estimation ", "pose-estimation"),
        ("OCR / Document OCR", "ocr-document-ocr"),
        ("Café API", "cafe-api"),
        ("v2.0 (beta)", "v2-0-beta"),
    ],
)
def test_a_title_becomes_a_slug(title: str, slug: str) -> None:
    assert slug_of_title(title) == slug


@pytest.mark.parametrize("title", ["", "  ", "---", "문서 인식기", "Document 인식기", "word " * 20])
def test_a_title_without_one_right_spelling_becomes_none(title: str) -> None:
    assert slug_of_title(title) is None


@settings(deadline=None)
@given(st.text())
def test_what_a_title_becomes_is_always_a_slug_that_stays_itself(title: str) -> None:
    slug = slug_of_title(title)
    if slug is not None:
        assert is_slug(slug)
        assert slug_of_title(slug) == slug
