from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from error_catalog_client._settings import Settings, checked, sources_of

URL = "http://127.0.0.1:8000"


def setting(url: Any = URL, **given: Any) -> Settings:
    settings: dict[str, Any] = {
        "services": ["ocr"],
        "locales": [],
        "refresh": 60,
        "timeout": 10,
        "wait": 3,
        "token": None,
        **given,
    }
    return checked(url, settings.pop("services"), settings.pop("locales"), **settings)


def test_one_request_asks_for_all_that_is_wanted() -> None:
    settings = setting(
        "https://errors.example.com/catalog/", services=["b", "a"], locales=["KO", "en"]
    )
    assert settings.address == (
        "https://errors.example.com/catalog/bundle?service=b&service=a&locale=ko&locale=en"
    )
    assert settings.pairs == [("b", "ko"), ("b", "en"), ("a", "ko"), ("a", "en")]


def test_a_text_is_one_service_and_one_locale() -> None:
    settings = setting(services="ocr", locales="ko")
    assert settings.pairs == [("ocr", "ko")]


def test_without_locales_each_service_is_wanted_in_its_default_one() -> None:
    settings = setting(services=["a", "b", "a"])
    assert settings.pairs == [("a", None), ("b", None)]
    assert settings.target == "/bundle?service=a&service=b"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "127.0.0.1:8000",
        "ftp://127.0.0.1",
        "http://",
        "http://host:port",
        "http://host:99999",
        "http://host/?a=b",
        "http://host/#a",
        "http://ho st/",
        "http://host/오류",
        "http://host/\r\nX: y",
        "http://name:secret@host",
        "http://[::1",
    ],
)
def test_what_is_no_address_of_a_catalog_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        setting(url)


@pytest.mark.parametrize(
    "given",
    [
        {"services": []},
        {"services": "Document Recognizer"},
        {"services": ["a/b"]},
        {"locales": ["ko_KR"]},
        {"locales": ""},
        {"refresh": 0},
        {"refresh": -1.0},
        {"refresh": float("nan")},
        {"refresh": float("inf")},
        {"refresh": 1e300},
        {"timeout": 0},
        {"wait": -1},
        {"token": ""},
        {"token": "a\nb"},
        {"token": "é"},
    ],
)
def test_an_unfit_setting_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        setting(**given)


@pytest.mark.parametrize(
    "given",
    [
        {"url": None},
        {"services": None},
        {"services": [None]},
        {"locales": [1]},
        {"refresh": "60"},
        {"refresh": True},
        {"timeout": None},
        {"token": 5},
    ],
)
def test_a_setting_of_another_type_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        setting(**given)


def test_the_catalog_may_not_be_waited_for() -> None:
    assert setting(wait=0).wait == 0


def test_a_token_is_not_shown() -> None:
    assert "x" * 8 not in repr(setting(token="x" * 8))


def test_a_bootstrap_is_one_file_or_several() -> None:
    path = Path("a.json")
    assert sources_of(path) == [path]
    assert sources_of("a.json") == ["a.json"]
    assert sources_of([path, "b.json"]) == [path, "b.json"]
    assert sources_of(()) == []


@pytest.mark.parametrize("given", [5, None, [5], [BytesIO()]])
def test_what_is_no_file_is_refused(given: Any) -> None:
    with pytest.raises(TypeError):
        sources_of(given)
