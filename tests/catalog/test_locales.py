"""Locales: well-formed tags, what callers ask for, and what they are given."""

from __future__ import annotations

import itertools
import string
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.catalog.errors import Invalid
from app.catalog.locales import (
    LOCALE_LENGTH,
    Choice,
    Negotiation,
    Wish,
    canonical_locale,
    is_locale,
    wish_for,
    wish_of_header,
)

ALPHANUMERIC = string.ascii_letters + string.digits


def letters(fewest: int, most: int) -> st.SearchStrategy[str]:
    """Subtags of letters alone."""
    return st.text(string.ascii_letters, min_size=fewest, max_size=most)


def marks(fewest: int, most: int) -> st.SearchStrategy[str]:
    """Subtags of letters and digits."""
    return st.text(ALPHANUMERIC, min_size=fewest, max_size=most)


def joined(*parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Subtags with hyphens between, those left out that are empty."""
    return st.tuples(*parts).map(lambda subtags: "-".join(filter(None, subtags)))


def some(part: st.SearchStrategy[str], fewest: int, most: int) -> st.SearchStrategy[str]:
    """A sequence of subtags."""
    return st.lists(part, min_size=fewest, max_size=most).map("-".join)


# RFC 5646, section 2.1, production by production.
LANGUAGE = letters(2, 3) | joined(letters(2, 3), some(letters(3, 3), 1, 3)) | letters(4, 8)
SCRIPT = letters(4, 4)
REGION = letters(2, 2) | st.text(string.digits, min_size=3, max_size=3)
VARIANT = marks(5, 8) | st.builds(str.__add__, st.sampled_from(string.digits), marks(3, 3))
SINGLETON = st.sampled_from([mark for mark in ALPHANUMERIC if mark not in "xX"])
EXTENSION = joined(SINGLETON, some(marks(2, 8), 1, 2))
PRIVATE_USE = joined(st.sampled_from("xX"), some(marks(1, 8), 1, 2))
NOTHING = st.just("")
LANGUAGE_TAG = joined(
    LANGUAGE,
    NOTHING | SCRIPT,
    NOTHING | REGION,
    NOTHING | some(VARIANT, 1, 2),
    NOTHING | some(EXTENSION, 1, 2),
    NOTHING | PRIVATE_USE,
)
WELL_FORMED = (LANGUAGE_TAG | PRIVATE_USE).filter(lambda tag: len(tag) <= LOCALE_LENGTH)
AVAILABLE = st.lists(WELL_FORMED.map(canonical_locale), min_size=1, max_size=4, unique=True)


@settings(deadline=None)
@given(WELL_FORMED)
def test_every_well_formed_tag_has_a_canonical_case_that_is_kept(tag: str) -> None:
    canonical = canonical_locale(tag)
    assert canonical.lower() == tag.lower()
    assert canonical_locale(canonical) == canonical
    assert canonical_locale(tag.swapcase()) == canonical


@pytest.mark.parametrize(
    ("tag", "canonical"),
    [
        ("KO", "ko"),
        ("zh-hant", "zh-Hant"),
        ("ZH-HANT-tw", "zh-Hant-TW"),
        ("PT-br", "pt-BR"),
        ("es-419", "es-419"),
        ("sl-ROZAJ-BISKE", "sl-rozaj-biske"),
        ("de-CH-1996", "de-CH-1996"),
        ("zh-CMN-hans-cn", "zh-cmn-Hans-CN"),
        ("EN-ca-X-CA", "en-CA-x-ca"),
        ("az-latn-X-LATN", "az-Latn-x-latn"),
        ("de-DE-U-CO-PHONEBK", "de-DE-u-co-phonebk"),
        ("X-Whatever", "x-whatever"),
        ("qaa-QAAA-qm-x-SOUTHERN", "qaa-Qaaa-QM-x-southern"),
    ],
)
def test_a_tag_is_kept_in_the_case_of_rfc_5646(tag: str, canonical: str) -> None:
    assert canonical_locale(tag) == canonical


@pytest.mark.parametrize(
    "tag",
    [
        "",
        "-",
        "e",
        "en-",
        "-en",
        "en--US",
        "en_US",
        "en-US-US",
        "en US",
        " en",
        "en\n",
        "en\x00",
        "en-Latn-Latn",
        "en-x",
        "x",
        "x-",
        "a-foo",
        "en-a",
        "en-a-b",
        "en-u-x-foo",
        "123",
        "en-12",
        "*",
        "en;q=1",
        "en,ko",
        "한국어",
        "\uff45\uff4e",
        "\u017fr",
        "\u212ao",
        "toolonglanguage",
        "e" * 5000,
    ],
)
def test_anything_else_is_refused_as_a_locale(tag: str) -> None:
    assert not is_locale(tag)
    with pytest.raises(Invalid) as refused:
        canonical_locale(tag)
    assert refused.value.field == "locale"


@pytest.mark.parametrize("tag", ["i-klingon", "i-default", "en-GB-oed", "sgn-BE-FR", "art-lojban"])
def test_the_grandfathered_tags_of_rfc_5646_are_well_formed(tag: str) -> None:
    assert canonical_locale(tag).lower() == tag.lower()
    assert Negotiation(wish_for(tag)).choose(("en",), "en").locale == "en"


@settings(deadline=None, max_examples=60)
@given(WELL_FORMED, AVAILABLE)
def test_any_well_formed_wish_is_given_some_locale_that_there_is(
    tag: str, available: list[str]
) -> None:
    choice = Negotiation(wish_for(tag)).choose(tuple(available), available[0])
    assert choice.locale in available
    if canonical_locale(tag) in available:
        assert choice == Choice(canonical_locale(tag), fallback=False)


@settings(deadline=None)
@given(st.text() | st.text("enkozhxEN-;=q.01,* \t", max_size=60))
def test_any_accept_language_header_is_given_some_locale_that_there_is(header: str) -> None:
    wish = wish_of_header(header)
    assert all(is_locale(tag) for tag in wish.tags)
    assert Negotiation(wish).choose(("en", "ko"), "en").locale in ("en", "ko")


@pytest.mark.parametrize(
    ("header", "tags"),
    [
        ("ko", ("ko",)),
        ("ko, en", ("ko", "en")),
        ("en;q=0.5, ko;q=0.8, ja", ("ja", "ko", "en")),
        ("ko;Q=1.000,en ; q=0.001", ("ko", "en")),
        ("ko;q=0, en", ("en",)),
        ("en-US,en;q=0.9,ko;q=0.8", ("en-us", "en", "ko")),
        ("ko;q=0.5, ja;q=0.5", ("ko", "ja")),
        ("ko, ja, ko;q=0.1", ("ko", "ja")),
        ("ko, *;q=0.1", ("ko",)),
    ],
)
def test_the_header_s_qualities_count(header: str, tags: tuple[str, ...]) -> None:
    assert wish_of_header(header).tags == tags


@pytest.mark.parametrize(
    "nonsense",
    [
        "",
        ",",
        ";",
        ";;;",
        "q=1",
        ";q=1",
        "@@@",
        "en_US",
        "ko;q=2",
        "ko;q=1.5",
        "ko;q=-1",
        "ko;q=nan",
        "ko;q=",
        "ko;q=0.1234",
        "ko;q=\u0660",
        "ko;x=1",
        "ko;q=1;q=1",
        "k\x00o",
        "\u2028",
        "ё",
        "ko ja",
    ],
)
def test_nonsense_in_the_header_is_passed_over(nonsense: str) -> None:
    assert wish_of_header(nonsense) == Wish()
    assert wish_of_header(f"{nonsense}, ja").tags == ("ja",)


def test_no_header_asks_for_nothing() -> None:
    assert wish_of_header(None) == Wish()


@pytest.mark.parametrize(
    ("header", "given_locale", "fallback"),
    [
        (None, "en", False),
        ("*", "en", False),
        ("ko", "ko", False),
        ("fr", "en", True),
        ("fr, ko;q=0.1", "ko", False),
        ("ko;q=0.1, ja;q=0.2", "ja", False),
        ("fr, *;q=0.1", "en", False),
        ("en;q=0", "ja", False),
        ("en;q=0, *", "ja", False),
        ("fr, en;q=0", "ja", True),
        ("en;q=0, ja;q=0, ko;q=0", "en", True),
        ("ko-KR", "ko", False),
        ("uk-UA", "en", True),
        ("ru-RU, en;q=0.5", "en", False),
    ],
)
def test_a_header_is_given_what_it_asks_for_and_told_where_it_is_not(
    header: str | None, given_locale: str, fallback: bool
) -> None:
    negotiation = Negotiation(wish_of_header(header))
    assert negotiation.choose(("en", "ja", "ko"), "en") == Choice(given_locale, fallback)


@pytest.mark.parametrize(
    ("wish", "available", "given_locale"),
    [
        ("zh-TW", ("en", "zh-Hans", "zh-Hant"), "zh-Hant"),
        ("zh-HK", ("en", "zh-Hans", "zh-Hant"), "zh-Hant"),
        ("zh-CN", ("en", "zh-Hans", "zh-Hant"), "zh-Hans"),
        ("no", ("en", "nb"), "nb"),
        ("nb", ("en", "no"), "no"),
        ("en-GB", ("en", "ko"), "en"),
        ("en", ("en-GB", "ko"), "en-GB"),
        ("pt", ("en", "pt-BR"), "pt-BR"),
        ("de-AT", ("de", "en"), "de"),
        ("iw", ("en", "he"), "he"),
        ("KO", ("en", "ko"), "ko"),
    ],
)
def test_a_wish_finds_what_its_readers_can_read(
    wish: str, available: tuple[str, ...], given_locale: str
) -> None:
    assert Negotiation(wish_for(wish)).choose(available, "xx") == Choice(given_locale, False)


@pytest.mark.parametrize(
    ("wish", "available"),
    [
        ("uk", ("en", "ru")),
        ("be", ("en", "ru")),
        ("fr", ("en", "ja", "ko")),
        ("zh-TW", ("en", "zh-Hans")),
        ("ko", ("en", "ja")),
        ("und", ("en", "ko")),
        ("x-klingon", ("en", "ko")),
        ("qaa-Qaaa-QM", ("en", "ko")),
    ],
)
def test_a_wish_that_nothing_meets_falls_back_and_says_so(
    wish: str, available: tuple[str, ...]
) -> None:
    assert Negotiation(wish_for(wish)).choose(available, "en") == Choice("en", fallback=True)


def test_without_a_text_in_the_default_locale_any_is_given() -> None:
    assert Negotiation(wish_for("fr")).choose(("ko", "ja"), "en") == Choice("ja", fallback=True)


def header_of_900_ranges() -> str:
    """As many well-formed tags as any caller may send, none of which is a language."""
    tags = itertools.product("q", "abcdefghij", "abcdefghij", "klmnopqrs")
    return ", ".join("".join(tag) for tag in tags)


def test_900_ranges_are_answered_within_a_second_and_the_last_one_counts() -> None:
    started = time.process_time()
    negotiation = Negotiation(wish_of_header(f"{header_of_900_ranges()}, ko;q=0.1"))
    assert negotiation.choose(("en", "ja"), "en") == Choice("en", fallback=True)
    assert negotiation.choose(("en", "ja", "ko"), "en") == Choice("ko", fallback=False)
    assert time.process_time() - started < 1


def test_a_page_of_codes_in_many_sets_of_locales_is_answered_within_a_second_too() -> None:
    others = ("de", "es", "fr", "it", "ja", "ko", "nl", "pl")
    sets = [("en", *some) for count in range(5) for some in itertools.combinations(others, count)]
    negotiation = Negotiation(wish_of_header(header_of_900_ranges()))
    started = time.process_time()
    for available in sets:
        assert negotiation.choose(available, "en") == Choice("en", fallback=True)
    assert time.process_time() - started < 1
