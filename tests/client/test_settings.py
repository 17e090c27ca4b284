from __future__ import annotations

from enum import Enum
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


class Name(str, Enum):  # noqa: UP042 (for Pythons of before 3.11)
    OCR = "ocr"
    KOREAN = "ko"


def test_a_constant_of_the_application_is_its_text() -> None:
    settings = setting(services=Name.OCR, locales=[Name.KOREAN])
    assert settings.target == "/bundle?service=ocr&locale=ko"


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
        "http://host:0",
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
        {"services": "a" * 65},
        {"services": [f"a{number}" for number in range(101)]},
        {"services": [f"a{number}" for number in range(51)], "locales": ["en", "ko"]},
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


def test_as_much_as_the_catalog_answers_at_once_may_be_wanted() -> None:
    services = [f"a{number}" for number in range(50)]
    assert len(setting(services=services, locales=["en", "ko"]).pairs) == 100
    assert setting(services=["a" * 64]).services == ("a" * 64,)


def test_the_catalog_may_not_be_waited_for() -> None:
    assert setting(wait=0).wait == 0


@pytest.mark.parametrize("url", ["http://mina:hunter2@host", "ftp://mina:hunter2@host"])
def test_a_password_in_the_address_is_not_shown(url: str) -> None:
    with pytest.raises(ValueError, match="must not have a user") as raised:
        setting(url)
    assert "hunter2" not in str(raised.value)


def test_a_token_is_not_shown() -> None:
    assert "x" * 8 not in repr(setting(token="x" * 8))


def test_a_bootstrap_is_one_file_or_several() -> None:
    path = Path("a.json")
    assert sources_of(path) == [path]
    assert sources_of("a.json") == ["a.json"]
    assert sources_of([path, "b.json"]) == [path, "b.json"]
    assert sources_of(()) == []

    assert sources_of(None) == []


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (5, "int"),
        (b"x", "bytes"),
        ([5], "int"),
        ([None], "NoneType"),
        ([b"x"], "bytes"),
        ([BytesIO()], "BytesIO"),
    ],
)
def test_what_is_no_file_is_refused_and_what_is_one_is_told(given: Any, kind: str) -> None:
    with pytest.raises(TypeError, match=rf"paths, or have read_bytes\(\), and is {kind}$"):
        sources_of(given)
