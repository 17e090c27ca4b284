from __future__ import annotations

import time
from io import BytesIO

import pytest

from error_catalog_client import Status
from error_catalog_client._bundles import Bundle, read_lines
from error_catalog_client._holdings import Holding, Holdings, chosen
from tests.client.making import SERVICE, a_bundle, a_code


def bundle(*codes: str, locale: str = "en", default: str = "en", service: str = SERVICE) -> Bundle:
    told = [a_code(code, f"{code} in {locale}") for code in codes]
    content = a_bundle(*told, locale=locale, service=service, default_locale=default)
    return read_lines(BytesIO(content), lambda: None)[0]


def holding(*codes: str, locale: str = "en", age: float = 0.0, source: str = "disk") -> Holding:
    return Holding(bundle(*codes, locale=locale), source, time.time() - age)


def message(holdings: Holdings, code: str, locale: object) -> str | None:
    found = holdings.find(code, locale)
    return found[0] if found else None


@pytest.fixture
def holdings() -> Holdings:
    return Holdings({"en": holding("1", "2"), "ko": holding("1", locale="ko"), "ja": None})


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        (None, "1 in en"),
        ("ko", "1 in ko"),
        ("ko-KR", "1 in ko"),
        ("ja", "1 in en"),
        ("", "1 in en"),
        (7, "1 in en"),
        (["ko"], "1 in en"),
    ],
)
def test_a_code_is_given_in_the_best_locale(
    holdings: Holdings, locale: object, expected: str
) -> None:
    for _ in range(2):
        assert message(holdings, "1", locale) == expected


def test_a_code_that_the_best_locale_lacks_is_given_in_another(holdings: Holdings) -> None:
    assert message(holdings, "2", "ko") == "2 in en"
    assert message(holdings, "3", "ko") is None


def test_spellings_are_kept_and_not_without_bound(holdings: Holdings) -> None:
    holdings.find("1", "ko-KR")
    assert holdings.bundles["ko-KR"] is holdings.bundles["ko"]
    for number in range(10_000):
        holdings.find("1", f"ko-x-{number}")
    holdings.find("1", "ko-" + "x" * 1_000_000)
    assert len(holdings.bundles) < 300
    assert max(len(str(it)) for it in holdings.bundles) < 100


def test_without_the_first_locale_the_next_is_the_default() -> None:
    holdings = Holdings({"en": None, "ko": holding("1", locale="ko")})
    assert message(holdings, "1", None) == "1 in ko"


def test_what_is_there_is_no_more_trusted_than_its_least_part(holdings: Holdings) -> None:
    assert holdings.status(None) == Status("none", None, 207)
    several = Holdings({"en": holding(age=100), "ko": holding(locale="ko", source="bootstrap")})
    status = several.status("refused")
    assert (status.source, status.error) == ("bootstrap", "refused")
    assert status.age == pytest.approx(100, abs=10)
    assert Holdings({None: None}).status(None) == Status("none", None, None)


def test_a_clock_that_was_set_back_makes_nothing_younger_than_new() -> None:
    assert Holdings({"en": holding(age=-1_000)}).status(None).age == 0


def test_what_the_catalog_confirms_is_live() -> None:
    several = Holdings({"en": holding("1", age=100)})
    status = several.confirmed(time.time()).status(None)
    assert status.source == "live"
    assert status.age == pytest.approx(0, abs=10)


def test_only_what_is_wanted_is_chosen() -> None:
    bundles = [
        bundle("1"),
        bundle("1", locale="ko"),
        bundle("1", service="other", locale="ko", default="ko"),
    ]
    assert chosen(bundles, [(SERVICE, "ko"), (SERVICE, "ja")]) == {(SERVICE, "ko"): bundles[1]}
    assert chosen(bundles, [(SERVICE, None), ("other", None)]) == {
        (SERVICE, None): bundles[0],
        ("other", None): bundles[2],
    }
