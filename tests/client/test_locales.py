from __future__ import annotations

import pytest

from app.catalog.errors import Invalid
from app.catalog.locales import canonical_locale
from error_catalog_client._locales import best, canonical, wishes_of


@pytest.mark.parametrize(
    ("tag", "expected"),
    [("KO", "ko"), ("zh-hant-tw", "zh-Hant-TW"), ("pt-br", "pt-BR"), ("en-x-ab", "en-x-ab")],
)
def test_a_tag_has_a_canonical_case(tag: str, expected: str) -> None:
    assert canonical(tag) == expected


TAGS = """ko zh-Hant-TW en-12 en-123 en-abc en-abcd en-abcde en-a en-a-bc en-x x-foo X-Foo-de x i
i-klingon I-KLINGON i-nothing en-GB-oed sgn-BE-FR sgn-be-xx de-1996 de-CH-1996 sl-rozaj-biske-1994
de-DE-DE zh-yue-HK abcd abcdefgh abcdefghi a-b en--us en-u-ca-gregory ja-t-it-x-yz-ab 12 en_US"""


@pytest.mark.parametrize("tag", TAGS.split())
def test_it_takes_what_the_catalog_takes_and_writes_it_so(tag: str) -> None:
    try:
        expected = canonical_locale(tag)
    except Invalid:
        with pytest.raises(ValueError, match="no locale"):
            canonical(tag)
    else:
        assert canonical(tag) == expected


@pytest.mark.parametrize(
    "tag", ["", "k", "ko_KR", "ko-", "ko KR", "한국어", "*", "a" * 300, "ko\n"]
)
def test_what_is_no_tag_is_refused(tag: str) -> None:
    with pytest.raises(ValueError, match="no locale"):
        canonical(tag)


@pytest.mark.parametrize(
    ("wish", "available", "expected"),
    [
        ("ko", ["en", "ko"], "ko"),
        ("KO", ["en", "ko"], "ko"),
        ("ko-KR", ["en", "ko"], "ko"),
        ("ko_KR", ["en", "ko"], "ko"),
        ("de-CH-1996", ["de", "de-CH"], "de-CH"),
        # RFC 4647, section 3.4: a single letter goes with what follows it.
        ("zh-Hant-CN-x-private1-private2", ["zh-Hant"], "zh-Hant"),
        ("zh-Hant-x-y", ["zh-Hant-x", "zh-Hant"], "zh-Hant"),
        ("zh-TW", ["zh-Hans", "zh-Hant"], "zh-Hant"),
        ("zh-HK", ["zh-Hant"], "zh-Hant"),
        ("zh-MO", ["zh-Hant"], "zh-Hant"),
        ("zh-TW", ["zh-Hans"], None),
        ("zh-Hant", ["zh-Hans"], None),
        ("zh-CN", ["zh-Hant", "zh-Hans"], "zh-Hans"),
        ("zh", ["zh-Hant", "zh-Hans"], "zh-Hans"),
        ("zh-SG", ["zh-Hans"], "zh-Hans"),
        ("no", ["nb"], "nb"),
        ("nb-NO", ["no"], "no"),
        ("uk", ["ru"], None),
        ("", ["en"], None),
        ("-".join(["a"] * 500_000), ["en"], None),
    ],
)
def test_a_wish_is_cut_until_it_is_there(
    wish: str, available: list[str], expected: str | None
) -> None:
    assert best([wish], available) == expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("ko-KR,ko;q=0.9,en;q=0.5", ["ko-KR", "ko", "en"]),
        ("en;q=0.5, ko ; q=0.9", ["ko", "en"]),
        ("en;q=0, ko", ["ko"]),
        ("ko, *;q=0.5, en;q=0.1", ["ko"]),
        ("*", []),
        ("", []),
        (",;q=,ko;q=x,;;,en", ["en"]),
    ],
)
def test_a_header_is_a_list_of_wishes(header: str, expected: list[str]) -> None:
    assert wishes_of(header) == expected


def test_of_a_header_without_end_the_beginning_counts() -> None:
    assert len(wishes_of("ko," + "x-" * 1_000_000 + ",en" * 1_000_000)) <= 2
