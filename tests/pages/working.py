"""Some weeks of work in a seeded catalog, so that its pages have something to show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.db import Database
from tests.api.accounts import OTHER_SERVICE, SERVICE, Desk, Office
from tests.api.making import CODES, LOOKUP
from tests.databases import copied, url_of

OTHER_LOOKUP = f"/services/{OTHER_SERVICE}/codes/4000003"
# What an uploaded page says: one code is changed, one is new.
PAGE = """# Cloud > Document Recognizer > Error Code

| Code | Key | Message |
|---|---|---|
| 4000001 | INVALID_PARAMETER | A parameter has a value that is not allowed. |
| 4000007 | TOO_MANY_PAGES | A document has up to 50 pages. |
"""


def work(desk: Desk) -> Mapping[str, str]:
    """Do it by the API; gives what stands in the addresses of what was made, by its variable."""
    ada, eda, tara, posy = map(desk.by, ("ada", "eda", "tara", "posy"))
    done(
        tara.put(f"{LOOKUP}/messages/ja", _text("リクエストキーが無効か、期限切れです。"), tag="*")
    )
    done(
        eda.put(
            f"{LOOKUP}/messages/en",
            {
                "text": "The request key is not valid, or has expired after 10 minutes.",
                "description": "Each check of an ID card needs a key of its own.",
                "remedy": "Ask for a new request key, and send it within 10 minutes.",
                "reason": "Support was asked how long a key lasts",
            },
            tag="*",
        )
    )
    revision = desk.revision
    for number in ("400", "401", "403", "404"):
        address = f"{CODES}/{number}/messages/ko"
        text = desk.nobody.get(address).get_json()["text"]
        done(tara.put(address, _text(text, state="approved", reason="Read again"), tag="*"))
    successor = {"status": "deprecated", "replaced_by": "4010005", "reason": "Two names for one"}
    done(eda.patch(f"{CODES}/4010003", successor | {"breaking": "No consumer asks for it"}))
    done(
        eda.post(
            CODES, {"code": "4000008", "key": "PAGE_TOO_LARGE", "message": "A page is too large."}
        )
    )
    document = {"data": PAGE.encode(), "content_type": "text/markdown"}
    done(eda.post(f"/services/{SERVICE}/import", **document))
    imported = desk.changes(desk.revision - 1)[0]["change_set"]
    done(eda.put(f"{CODES}/0/messages/en", {"text": "It worked.", "reason": "Friendlier"}, tag="*"))
    done(eda.post(f"/changes/{desk.revision}/revert", {"reason": "Programs compare it"}))
    done(eda.post(f"/services/{SERVICE}/reservations", {"prefix": "40003", "count": 2}))
    done(ada.patch(f"/services/{OTHER_SERVICE}", {"four_eyes": True, "reason": "Agreed in May"}))
    for address, text in (
        (f"{OTHER_LOOKUP}/messages/ko", "지원하지 않는 파일 형식입니다."),
        (f"{OTHER_LOOKUP}/messages/ja", "対応していないファイル形式です。"),
    ):
        done(tara.put(address, _text(text, reason="Clearer"), tag="*"))
    done(posy.patch(OTHER_LOOKUP, {"http_status": 415, "breaking": "It always was"}))
    done(eda.post(f"/services/{OTHER_SERVICE}/proposals/3/reject", {"reason": "Not before June"}))
    return {
        "service": SERVICE,
        "code": "4000122",
        "locale": "ko",
        "name": "tara",
        "revision": str(revision),
        "change_set": str(imported),
    }


def done(response: TestResponse) -> None:
    """It was done, or is proposed."""
    assert response.status_code < 300, response.get_data(as_text=True)


def _text(text: str, **more: str) -> dict[str, str]:
    return {"text": text, **more}


@dataclass(frozen=True)
class Worked:
    """A catalog in which people have worked, and what stands in addresses of it."""

    desk: Desk
    values: Mapping[str, str]


@pytest.fixture(scope="session")
def worked_office(
    seeded_app: Flask, office: Office, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Office, Mapping[str, str]]:
    """The file of such a catalog, never written to; made once a run."""
    file = copied(office.file, tmp_path_factory.mktemp("worked") / "catalog.sqlite3")
    database = Database(url_of(file))
    seeded_app.extensions["catalog"].database = database
    values = work(Desk(seeded_app, database, office.tokens))
    database.dispose()
    return Office(file, office.tokens), values


@pytest.fixture
def worked(
    seeded_app: Flask, worked_office: tuple[Office, Mapping[str, str]], tmp_path: Path
) -> Iterator[Worked]:
    """A catalog of the test's own, in which people have worked."""
    office, values = worked_office
    database = Database(url_of(copied(office.file, tmp_path / "worked.sqlite3")))
    seeded_app.extensions["catalog"].database = database
    yield Worked(Desk(seeded_app, database, office.tokens), values)
    database.dispose()
