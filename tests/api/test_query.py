"""How a query states its wishes: the language of the texts, and the size of a page."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from app.catalog.edits.messages import MessageEdit
from app.catalog.edits.rows import Texts
from app.db import Database
from tests.api.making import CODES, KOREAN, LOOKUP, code, publish


@pytest.mark.parametrize(
    ("header", "locale", "fallback"),
    [
        ("", "en", False),
        ("ko", "ko", False),
        ("KO", "ko", False),
        ("ko-KR", "ko", False),
        ("fr", "en", True),
        ("fr, ko;q=0.1", "ko", False),
        ("ko;q=0.2, ja;q=0.9", "ja", False),
        ("ja;q=0.5,ko;q=0.5", "ja", False),
        ("*", "en", False),
        ("fr, *;q=0.1", "en", False),
        ("ko, *;q=0.1", "ko", False),
        ("ko;q=0", "en", False),
        ("fr, ko;q=0, en;q=0", "ja", True),
        ("ko;q=nonsense, ja;q=0.1", "ja", False),
    ],
)
def test_accept_language_is_heeded(
    reader: FlaskClient, header: str, locale: str, fallback: bool
) -> None:
    answer = reader.get(LOOKUP, headers={"Accept-Language": header}).get_json()
    assert (answer["locale"], answer["fallback"]) == (locale, fallback)


def test_korean_is_given_in_korean(reader: FlaskClient) -> None:
    response = reader.get(LOOKUP, headers={"Accept-Language": "ko"})
    assert response.get_json()["message"] == KOREAN
    assert response.headers["Content-Language"] == "ko"


def test_where_there_is_no_french_the_default_is_given(reader: FlaskClient) -> None:
    response = reader.get(LOOKUP, headers={"Accept-Language": "fr"})
    assert response.get_json()["message"] == "Request Key is invalid or expired."
    assert response.headers["Content-Language"] == "en"


@pytest.mark.parametrize(("asked", "given"), [("ja", "ja"), ("JA", "ja"), ("ja-JP", "ja")])
def test_the_parameter_beats_the_header(reader: FlaskClient, asked: str, given: str) -> None:
    response = reader.get(f"{LOOKUP}?locale={asked}", headers={"Accept-Language": "ko"})
    answer = response.get_json()
    assert (answer["locale"], answer["fallback"]) == (given, False)


def test_the_parameter_beats_the_header_even_where_there_is_nothing_for_it(
    reader: FlaskClient,
) -> None:
    response = reader.get(f"{LOOKUP}?locale=fr", headers={"Accept-Language": "ko"})
    assert response.get_json()["locale"] == "en"
    assert response.get_json()["fallback"] is True


@pytest.mark.parametrize("locale", ["fr", "zz", "tlh-Latn-XX", "x-ours", "de-1996-u-co-phonebk"])
def test_a_missing_translation_is_never_an_error(reader: FlaskClient, locale: str) -> None:
    response = reader.get(f"{LOOKUP}?locale={locale}")
    assert response.status_code == 200
    assert response.get_json()["fallback"] is True


@pytest.mark.parametrize(
    "locale",
    ["", "k", "ko_KR", "en-", "-en", "en--US", "한국어", "123", "ko;q=1", "*", "en US"],
)
def test_a_malformed_locale_is_refused(reader: FlaskClient, locale: str) -> None:
    response = reader.get(LOOKUP, query_string={"locale": locale})
    assert response.status_code == 400
    assert [error["field"] for error in response.get_json()["errors"]] == ["locale"]


@pytest.mark.parametrize(
    ("asked", "available", "given"),
    [
        ("zh-TW", ["zh-Hans", "zh-Hant"], "zh-Hant"),
        ("zh-CN", ["zh-Hans", "zh-Hant"], "zh-Hans"),
        ("no", ["nb", "sv"], "nb"),
        ("pt", ["pt-BR"], "pt-BR"),
        ("es-MX", ["es", "es-419"], "es-419"),
        ("en-GB", ["ru"], "en"),
    ],
)
def test_the_nearest_relative_of_a_locale_is_a_match(
    client: FlaskClient, seeded: Database, asked: str, available: list[str], given: str
) -> None:
    texts = [MessageEdit("1", locale, Texts(f"in {locale}")) for locale in available]
    publish(seeded, "svc", [code("1", "in en")], texts)
    by_parameter = client.get(f"/services/svc/codes/1?locale={asked}")
    by_header = client.get("/services/svc/codes/1", headers={"Accept-Language": asked})
    answer = by_parameter.get_json()
    assert (answer["locale"], answer["fallback"]) == (given, False)
    assert answer["message"] == f"in {given}"
    assert by_header.get_json() == answer


def test_ukrainian_never_finds_russian(client: FlaskClient, seeded: Database) -> None:
    publish(seeded, "svc", [code("1")], [MessageEdit("1", "ru", Texts("Ошибка"))])
    answer = client.get("/services/svc/codes/1?locale=uk").get_json()
    assert (answer["locale"], answer["fallback"]) == ("en", True)


def test_the_fallback_is_the_services_own_default(client: FlaskClient, seeded: Database) -> None:
    english = MessageEdit("1", "en", Texts("Failed"))
    publish(seeded, "svc", [code("1", "실패")], [english], default_locale="ko")
    answer = client.get("/services/svc/codes/1?locale=fr").get_json()
    assert (answer["locale"], answer["message"], answer["fallback"]) == ("ko", "실패", True)


def test_a_text_that_needs_review_is_served_like_any_other(reader: FlaskClient) -> None:
    assert reader.get(f"{LOOKUP}/messages/ko").get_json()["state"] == "needs_review"
    answer = reader.get(f"{LOOKUP}?locale=ko").get_json()
    assert (answer["message"], answer["fallback"]) == (KOREAN, False)


@pytest.mark.parametrize("limit", ["1", "44", "500"])
def test_a_page_may_have_from_1_to_500_items(reader: FlaskClient, limit: str) -> None:
    items = reader.get(f"{CODES}?limit={limit}").get_json()["items"]
    assert len(items) == min(int(limit), 44)


@pytest.mark.parametrize(
    "limit", ["0", "501", "-1", "", "ten", "1.0", "1e2", "1_0", "+5", " 5", "٣", "9" * 30]
)
def test_any_other_limit_is_refused(reader: FlaskClient, limit: str) -> None:
    response = reader.get(CODES, query_string={"limit": limit})
    assert response.status_code == 400
    assert [error["field"] for error in response.get_json()["errors"]] == ["limit"]


@pytest.mark.parametrize(
    "query", ["locale=ko&locale=ko", "q=a&q=b", "limit=1&limit=2", "cursor=a&cursor=b"]
)
def test_a_parameter_given_twice_is_refused(reader: FlaskClient, query: str) -> None:
    response = reader.get(f"{CODES}?{query}")
    assert response.status_code == 400
    name = query.partition("=")[0]
    assert [error["field"] for error in response.get_json()["errors"]] == [name]


def test_everything_that_does_not_fit_is_named_at_once(reader: FlaskClient) -> None:
    response = reader.get(f"{CODES}?limit=0&locale=ko_KR&loacle=ko&status=gone")
    errors = {error["field"]: error["message"] for error in response.get_json()["errors"]}
    assert set(errors) == {"limit", "locale", "loacle", "status"}
    assert errors["loacle"] == "There is no such parameter."
