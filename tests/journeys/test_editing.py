"""What people who edit do with the catalog, from their first token to taking an import back."""

from __future__ import annotations

import pytest

from tests.api.accounts import Caller
from tests.cli.running import run
from tests.conftest import AppFactory

SERVICE = "/services/document-recognizer"
CODES = f"{SERVICE}/codes"
CODE = f"{CODES}/4000122"


class Town:
    """A catalog, its command line, and the callers that people become with a token."""

    def __init__(self, database_url: str, make_app: AppFactory) -> None:
        self.url = database_url
        self.app = make_app(database_url)
        self.anybody = Caller(self.app.test_client())

    def tell(self, *command: str) -> str:
        """What a command prints."""
        result = run(self.url, *command)
        assert result.exit_code == 0, result.output
        return result.stdout.strip()

    def hire(self, name: str, role: str, *options: str) -> Caller:
        """Somebody with an account and a token of it."""
        self.tell("account", "add", name, "--role", role, *options)
        return Caller(self.app.test_client(), self.tell("token", "add", name))


@pytest.fixture
def town(seeded_url: str, make_app: AppFactory) -> Town:
    """A seeded catalog in which nobody edits yet."""
    return Town(seeded_url, make_app)


def test_two_commands_lead_to_a_first_edit(town: Town) -> None:
    address = f"{CODE}/messages/ko"
    said = {"text": "요청 키가 만료되었거나 올바르지 않습니다.", "reason": "Clearer"}
    assert town.anybody.put(address, said).status_code == 401

    kim = town.hire("kim", "translator", "--locale", "ko")
    seen = kim.get(address)
    edited = kim.put(address, said, tag=seen.headers["ETag"])

    assert edited.status_code == 200
    told = town.anybody.get(f"{CODE}?locale=ko")
    assert (told.get_json()["message"], told.get_json()["version"]) == (said["text"], 2)
    since = int(edited.headers["Catalog-Revision"]) - 1
    (change,) = town.anybody.get(f"/changes?since={since}").get_json()["items"]
    assert (change["actor"], change["reason"], change["locale"]) == ("kim", "Clearer", "ko")
    assert change["before"]["text"] == seen.get_json()["text"]

    town.tell("account", "disable", "kim")
    assert kim.put(address, said, tag="*").status_code == 401


def test_two_editors_meet_and_neither_edit_is_lost(town: Town) -> None:
    ann, bob = town.hire("ann", "editor"), town.hire("bob", "editor")
    address = f"{CODE}/messages/en"
    seen_by_ann, seen_by_bob = ann.get(address).headers["ETag"], bob.get(address).headers["ETag"]
    said = {"text": "The request key is invalid or expired."}
    assert ann.put(address, said, tag=seen_by_ann).status_code == 200

    refused = bob.put(address, {"description": "Keys expire.", **said}, tag=seen_by_bob)
    assert refused.status_code == 412
    now = bob.get(address)
    assert now.get_json()["text"] == said["text"]
    merged = {"text": now.get_json()["text"], "description": "Keys last an hour."}
    assert bob.put(address, merged, tag=now.headers["ETag"]).status_code == 200

    changes = town.anybody.get("/changes?code=4000122&locale=en").get_json()["items"]
    assert [change["actor"] for change in changes][-2:] == ["ann", "bob"]


def test_a_translators_day(town: Town) -> None:
    writer = town.hire("writer", "editor")
    jun = town.hire("jun", "translator", "--locale", "ja")
    source, japanese = f"{CODE}/messages/en", f"{CODE}/messages/ja"
    writer.put(source, {"text": "Ask for a new request key."}, tag=writer.tag(source))

    messages = jun.get(f"{CODE}/messages").get_json()["items"]
    mine = next(it for it in messages if it["locale"] == "ja")
    assert (mine["stale"], mine["state"]) == (True, "needs_review")
    said = {"text": "新しいリクエストキーを取得してください。"}
    assert jun.put(japanese, said, tag=jun.tag(japanese)).status_code == 200
    now = jun.get(japanese).get_json()
    assert (now["stale"], now["state"]) == (False, "approved")

    assert jun.put(f"{CODE}/messages/ko", said, tag="*").status_code == 403
    assert jun.put(source, said, tag="*").status_code == 403
    assert jun.patch(CODE, {"key": "OTHER"}).status_code == 403

    wrong = jun.put(japanese, {"text": "間違い"}, tag=jun.tag(japanese))
    revision = wrong.headers["Catalog-Revision"]
    assert jun.post(f"/changes/{revision}/revert", {}).status_code == 200
    assert town.anybody.get(f"{CODE}?locale=ja").get_json()["message"] == said["text"]


def test_a_codes_whole_life(town: Town) -> None:
    eve = town.hire("eve", "editor")
    born = eve.post(CODES, {"code": "4220001", "key": "TOO_SMALL", "message": "Too small."})
    address = born.headers["Content-Location"]
    assert (born.status_code, born.get_json()["status"]) == (201, "draft")
    assert eve.patch(address, {"key": "IMAGE_TOO_SMALL"}).status_code == 200

    assert eve.patch(address, {"status": "active"}).status_code == 200
    assert eve.patch(address, {"key": "SMALL"}).status_code == 409
    assert eve.delete(address).status_code == 409

    eve.post(CODES, {"code": "4220002", "message": "Image is too small.", "status": "active"})
    going = {"status": "deprecated", "replaced_by": "4220002", "sunset_at": "2027-06-30T00:00:00Z"}
    assert eve.patch(address, going).status_code == 200
    seen = town.anybody.get(address)
    assert {"Deprecation", "Sunset", "Link"} <= set(seen.headers.keys())

    assert eve.patch(address, {"status": "retired"}).status_code == 200
    assert eve.patch(address, {"status": "active"}).status_code == 409
    seen = town.anybody.get(address)
    assert (seen.status_code, seen.get_json()["status"]) == (200, "retired")
    history = town.anybody.get("/changes?code=4220001").get_json()["items"]
    assert [(it["after"]["status"], it["breaking"]) for it in history] == [
        ("draft", None),
        ("draft", None),
        ("active", None),
        ("deprecated", None),
        ("retired", None),
    ]
    assert town.tell("history", "verify")


def test_an_import_and_its_revert(town: Town) -> None:
    eve = town.hire("eve", "editor")
    address = f"{SERVICE}/import"
    page = (
        b"# AI Service > Document Recognizer > Error Code\n\n"
        b"| Code | Key | Message |\n|---|---|---|\n"
        b"| 4220001 | IMAGE_TOO_SMALL | Image is too small. |\n"
        b"| 4000122 | AUTHENTICITY_REQUEST_KEY_INVALID | Ask for a new request key. |\n"
    )
    before = town.anybody.get(CODE).get_json()
    planned = eve.post(f"{address}?dry_run=true", data=page, content_type="text/markdown")
    done = eve.post(f"{address}?reason=Spring", data=page, content_type="text/markdown")
    assert planned.get_json() == done.get_json()
    assert town.anybody.get(f"{CODES}/4220001").status_code == 200

    newest = town.anybody.get(f"/changes/{done.headers['Catalog-Revision']}").get_json()
    assert newest["reason"] == "Spring"
    undone = eve.post(f"/change-sets/{newest['change_set']}/revert", {"reason": "Too early"})
    assert undone.status_code == 200
    assert town.anybody.get(f"{CODES}/4220001").status_code == 404
    now = town.anybody.get(CODE).get_json()
    unlike = {"version": None, "updated_at": None}
    assert now | unlike == before | unlike


def test_four_eyes(town: Town) -> None:
    boss = town.hire("boss", "admin")
    ann, bob = town.hire("ann", "editor"), town.hire("bob", "editor")
    assert boss.patch(SERVICE, {"four_eyes": True}).status_code == 200

    proposed = ann.patch(CODE, {"status": "deprecated", "reason": "Nobody gets it"})
    assert (proposed.status_code, "Catalog-Revision" in proposed.headers) == (202, False)
    assert town.anybody.get(CODE).get_json()["status"] == "active"
    (waiting,) = bob.get(f"{SERVICE}/proposals?state=open").get_json()["items"]
    assert (waiting["author"], waiting["reason"]) == ("ann", "Nobody gets it")

    address = proposed.headers["Location"]
    assert ann.post(f"{address}/approve", {}).status_code == 403
    assert bob.post(f"{address}/approve", {}).status_code == 200
    assert town.anybody.get(CODE).get_json()["status"] == "deprecated"
    assert bob.get(f"{SERVICE}/proposals?state=open").get_json()["items"] == []


def test_two_teams_reserve_numbers_before_they_write(town: Town) -> None:
    red, blue = town.hire("red", "editor"), town.hire("blue", "editor")
    address = f"{SERVICE}/reservations"
    (first,) = red.post(address, {"prefix": "40001", "note": "Uploads"}).get_json()["codes"]
    (second,) = blue.post(address, {"prefix": "40001"}).get_json()["codes"]
    assert first != second
    held = town.anybody.get(address).get_json()["items"]
    assert [(it["code"], it["holder"]) for it in held] == [(first, "red"), (second, "blue")]

    assert blue.post(CODES, {"code": first, "message": "Mine."}).status_code == 409
    assert red.post(CODES, {"code": first, "message": "Ours."}).status_code == 201
    assert blue.call("DELETE", f"{address}/{second}").status_code == 204
    assert town.anybody.get(address).get_json()["items"] == []
