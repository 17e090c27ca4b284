"""From an empty database to the first answer, by what a person does."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.cli.running import run
from tests.conftest import AppFactory
from tests.databases import url_of

ADDRESS = "/services/document-recognizer/codes"
EXAMPLE = {
    "service": "document-recognizer",
    "code": "4000122",
    "key": "AUTHENTICITY_REQUEST_KEY_INVALID",
    "http_status": 400,
    "status": "active",
    "message": "Request Key is invalid or expired.",
    "locale": "en",
    "fallback": False,
    "description": None,
    "description_locale": None,
    "remedy": None,
    "remedy_locale": None,
    "locales": ["en", "ja", "ko"],
    "replaced_by": None,
    "type": "http://127.0.0.1:8000/services/document-recognizer/codes/4000122",
    "version": 1,
    "updated_at": "2026-11-22T00:00:00Z",
}


def revision(client: FlaskClient) -> int:
    """The catalog's revision, as the change feed tells it."""
    told: int = client.get("/changes?limit=1").get_json()["revision"]
    return told


def test_the_documented_lookup_is_answered_word_for_word(client: FlaskClient) -> None:
    response = client.get(f"{ADDRESS}/4000122")
    assert response.status_code == 200
    assert response.get_json() == EXAMPLE
    assert list(response.get_json()) == list(EXAMPLE)


def test_two_commands_lead_from_nothing_to_the_documented_answer(
    tmp_path: Path, make_app: AppFactory
) -> None:
    url = url_of(tmp_path / "instance" / "catalog.sqlite3")
    client = make_app(url).test_client()
    assert client.get("/readyz").status_code == 503

    assert run(url, "upgrade").exit_code == 0
    assert client.get("/readyz").status_code == 200
    assert client.get(f"{ADDRESS}/4000122").status_code == 404

    assert run(url, "seed").exit_code == 0
    told = client.get(f"{ADDRESS}/4000122").get_json()
    assert told | {"updated_at": EXAMPLE["updated_at"]} == EXAMPLE

    loaded_at = revision(client)
    assert loaded_at > 0
    for command in (["seed"], ["upgrade", "--seed"]):
        assert run(url, *command).exit_code == 0
        assert revision(client) == loaded_at
    assert client.get(f"{ADDRESS}/4000122").get_json() == told


def test_a_korean_reader_is_answered_in_korean(client: FlaskClient) -> None:
    response = client.get(f"{ADDRESS}/4000122", headers={"Accept-Language": "ko"})
    told = response.get_json()
    assert told["message"] == "요청 키가 유효하지 않거나 만료되었습니다."
    assert (told["locale"], told["fallback"]) == ("ko", False)
    assert response.headers["Content-Language"] == "ko"


def test_a_french_reader_gets_english_and_is_told_so(client: FlaskClient) -> None:
    response = client.get(f"{ADDRESS}/4000122", headers={"Accept-Language": "fr"})
    told = response.get_json()
    assert (response.status_code, told["message"]) == (200, EXAMPLE["message"])
    assert (told["locale"], told["fallback"]) == ("en", True)
    assert response.headers["Content-Language"] == "en"


@pytest.mark.parametrize(("code", "http_status"), [("-1", None), ("0", 200), ("415", 415)])
def test_the_http_status_is_read_off_the_code(
    client: FlaskClient, code: str, http_status: int | None
) -> None:
    told = client.get(f"{ADDRESS}/{code}").get_json()
    assert (told["code"], told["http_status"]) == (code, http_status)


def test_one_code_has_two_meanings_in_two_services(client: FlaskClient) -> None:
    told = client.get("/codes/5003001").get_json()
    assert [(it["service"], it["key"]) for it in told["items"]] == [
        ("document-recognizer", "OCR_DOCUMENT_BUSINESS_API_FAIL"),
        ("pose-estimation", "POSE_ESTIMATION_API_FAIL"),
    ]
    assert len({it["message"] for it in told["items"]}) == 2


def test_a_found_code_leads_to_its_own_address(client: FlaskClient) -> None:
    (found,) = client.get("/codes?q=request key").get_json()["items"]
    assert client.get(found["type"]).get_json() == found == EXAMPLE


def test_what_is_not_there_is_told_apart(client: FlaskClient) -> None:
    assert "no-such" in client.get("/services/no-such/codes/0").get_json()["detail"]
    assert "4999999" in client.get(f"{ADDRESS}/4999999").get_json()["detail"]


def test_a_team_adds_its_page_and_a_translation_of_it(
    seeded_url: str, make_app: AppFactory
) -> None:
    client = make_app(seeded_url).test_client()
    table = "| Code | Key | Message |\n|---|---|---|\n| E900 | LATE | {} |\n"
    english = f"# Cloud > Queue > Error Codes\n\n{table.format('Too late by {seconds} s.')}"
    korean = f"# Cloud > Queue > 오류 코드\n\n{table.format('{seconds}초 늦었습니다.')}"

    assert run(seeded_url, "import", "-", given=english.encode()).exit_code == 0
    korean_import = ["import", "-", "--locale", "ko"]
    assert run(seeded_url, *korean_import, given=korean.encode()).exit_code == 0

    told = client.get("/services/queue/codes/E900?locale=ko").get_json()
    assert (told["message"], told["version"]) == ("{seconds}초 늦었습니다.", 2)
    assert [it["code"] for it in client.get("/codes?q=늦었").get_json()["items"]] == ["E900"]
    newest = client.get("/changes?service=queue").get_json()["items"][-1]
    assert (newest["action"], newest["code"], newest["locale"]) == ("message.create", "E900", "ko")
    assert newest["after"]["text"] == "{seconds}초 늦었습니다."
