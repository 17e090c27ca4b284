"""The pages and the API refuse the same edits, for the same reasons, and make the same of others.

Each edit is sent to both, by the same person, on the same catalog.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.db import Database
from tests.api.accounts import Desk
from tests.api.making import EDITED_AT
from tests.databases import copied_in_use, url_of
from tests.pages.refusing import (
    ACTIVE,
    CODES,
    DEPRECATED,
    DRAFT,
    FOLLOWING,
    FREE,
    GONE,
    HELD,
    KOREAN,
    RETIRED,
    SERVICE,
    SOURCE,
    Attempt,
    adding,
    assert_same_refusal,
    by_api,
    by_form,
    changing,
    deleting,
    erasing,
    opened,
    prepare,
    releasing,
    reserving,
    status_of_page,
    tag_of,
    writing,
)

ELSEWHERE = "document-recognizer"


@pytest.fixture
def prepared(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A catalog with a service to edit, at a moment that stays."""
    monkeypatch.setattr("app.clock.now", lambda: EDITED_AT)
    prepare(desk)
    return desk


def somebody_writes(desk: Desk) -> object:
    """Somebody else writes the Korean text."""
    return desk.by("edo").put(f"{CODES}/{ACTIVE}/messages/ko", {"text": KOREAN + "!"}, tag="*")


def somebody_erases(desk: Desk) -> object:
    """Somebody else deletes the Korean text."""
    return desk.by("edo").delete(f"{CODES}/{ACTIVE}/messages/ko")


def somebody_changes(desk: Desk) -> object:
    """Somebody else changes the code and the draft."""
    for code in (ACTIVE, DRAFT):
        desk.by("edo").patch(f"{CODES}/{code}", {"sunset_at": "2030-01-01T00:00:00Z"})
    return None


# Texts that no field takes.
UNFIT = {
    "control": "a\x07b",
    "escape": "a\x1bb",
    "nothing": "a\x00b",
    "next-line": "a\x85b",
    "return-alone": "a\rb",
    "left-to-right-override": "a\u202db",
    "right-to-left-override": "a\u202eb",
    "embedding": "a\u202ab",
    "too-long": "x" * 4001,
    "too-long-in-korean": "한" * 4001,
}
SINCE = "Somebody else changed it"
SIGNED_OUT = "You are signed out"

REFUSED: dict[str, Attempt] = {
    # Texts
    **{f"text-{name}": writing({"text": text}) for name, text in UNFIT.items()},
    **{
        f"{field}-{name}": writing({"text": KOREAN, field: UNFIT[name]})
        for field in ("description", "remedy", "reason")
        for name in ("control", "right-to-left-override", "too-long")
    },
    "breaking-unfit": writing({"text": "No limit.", "breaking": "\x01"}, "en"),
    "empty": writing({}),
    "white-space": writing({"text": " \n\t ", "description": " "}),
    "empty-new": writing({}, "fr"),
    # Locales
    **{
        f"locale-{tag}": writing({"text": KOREAN}, tag)
        for tag in ("ko_KR", "k", "한국어", "toolongtag", "ko--KR")
    },
    "locale-too-long": writing({"text": KOREAN}, "x-" + "-".join(["a"] * 200)),
    # Placeholders
    "placeholder-missing": writing({"text": "최대 {limit}입니다."}),
    "placeholder-more": writing({"text": KOREAN + " {name}"}),
    "placeholder-other": writing({"text": "최대 {limits} {unit}입니다."}),
    "placeholder-in-description": writing({"text": KOREAN, "description": "{what}"}),
    "placeholder-new": writing({"text": "Jusqu'à limit."}, "fr"),
    "typo-that-is-more": writing({"text": SOURCE + " {more}", "typo": True}, "en"),
    # The source
    "source-without-text": writing({"description": "Only this."}, "en"),
    "source-deleted": erasing("en"),
    "source-drops-placeholders": writing({"text": "There is a limit."}, "en"),
    "source-drops-one": writing({"text": "Up to {limit}.", "breaking": ""}, "en"),
    "source-answers-with-white-space": writing({"text": "No.", "breaking": " \n"}, "en"),
    # Codes: fields
    "key-with-spaces": changing({"key": "NOT A KEY"}, DRAFT),
    "key-with-controls": changing({"key": "A\x07B"}, DRAFT),
    "key-too-long": changing({"key": "K" * 201}, DRAFT),
    **{
        f"http-status-{status}": changing({"http_status": status}, DRAFT)
        for status in (0, 42, 99, 600, 99999)
    },
    "http-status-of-letters": changing(
        {"http_status": "four"}, DRAFT, told="An HTTP status is a number from 100 to 599."
    ),
    "http-status-of-a-fraction": changing(
        {"http_status": "400.5"}, DRAFT, told="An HTTP status is a number from 100 to 599."
    ),
    "reason-unfit": changing({"key": "OTHER", "reason": "\x01"}, DRAFT),
    # Codes: what breaks consumers
    "key-changed": changing({"key": "OTHER"}),
    "key-taken-away": changing({"key": None}),
    "key-changed-while-deprecated": changing({"key": "OTHER"}, DEPRECATED),
    "http-status-changed": changing({"http_status": 409}),
    "http-status-taken-away": changing({"http_status": None}, FOLLOWING),
    "retired-without-deprecation": changing({"status": "retired"}),
    "all-at-once": changing({"key": "OTHER", "http_status": 409, "status": "retired"}),
    "answered-with-white-space": changing({"key": "OTHER", "breaking": "  "}),
    # Codes: life
    "active-to-draft": changing({"status": "draft"}),
    "draft-to-deprecated": changing({"status": "deprecated"}, DRAFT),
    "draft-to-retired": changing({"status": "retired"}, DRAFT),
    "deprecated-to-active": changing({"status": "active"}, DEPRECATED),
    "deprecated-to-draft": changing({"status": "draft"}, DEPRECATED),
    "retired-to-active": changing({"status": "active"}, RETIRED),
    "retired-to-deprecated": changing({"status": "deprecated"}, RETIRED),
    "retired-to-draft": changing({"status": "draft"}, RETIRED),
    "no-status": changing({"status": "gone"}, told="A status is one of"),
    "gone-before-deprecated": changing({"status": "deprecated", "sunset_at": "2000-06-30"}),
    "no-day": changing({"sunset_at": "2027-02-31"}, told="A day is written as 2027-06-30."),
    # Codes: successors
    "successor-unknown": changing({"replaced_by": "999"}),
    "successor-itself": changing({"replaced_by": ACTIVE}),
    "successor-leads-back": changing({"replaced_by": FOLLOWING}),
    "successor-of-no-form": changing({"replaced_by": "no code!"}),
    "successor-of-another-service": changing({"replaced_by": "4000122"}),
    # Codes: deletion
    **{f"delete-{code}": deleting(code) for code in (ACTIVE, DEPRECATED, RETIRED)},
    # New codes
    "number-in-use": adding({"code": ACTIVE}),
    "number-in-use-by-a-draft": adding({"code": DRAFT}),
    "number-once-in-use": adding({"code": GONE}),
    "number-held-by-another": adding({"code": HELD}),
    **{
        f"number-{name}": adding({"code": number})
        for name, number in {
            "empty": "",
            "with-a-space": "4000 020",
            "with-a-slash": "4000/020",
            "of-two-minuses": "--1",
            "of-a-point": ".1",
            "of-other-digits": "٤٠٠",
            "too-long": "4" * 65,
            "with-a-control": "4000\x07",
        }.items()
    },
    "new-key": adding({"key": "NOT A KEY"}),
    "new-http-status": adding({"http_status": 600}),
    "new-http-status-of-letters": adding(
        {"http_status": "four"}, told="An HTTP status is a number from 100 to 599."
    ),
    "new-and-deprecated": adding({"status": "deprecated"}, told="A new code is a draft or active."),
    "new-without-message": adding({"message": ""}),
    "new-with-white-space": adding({"message": " \n "}),
    **{f"new-message-{name}": adding({"message": text}) for name, text in UNFIT.items()},
    "new-description": adding({"description": UNFIT["embedding"]}),
    "new-remedy": adding({"remedy": UNFIT["too-long"]}),
    "new-reason": adding({"reason": UNFIT["nothing"]}),
    # Numbers
    "no-place": reserving("prefix", "", told="Say where"),
    "no-digit": reserving("after", "abc"),
    "no-form": reserving("after", "a b1", told="Only a code that ends in a digit has a next one."),
    "none-so-long": reserving("prefix", "4000001"),
    "none-left": reserving("after", "9999998", 9),
    "too-many": reserving("prefix", "4", 101, told="A count is a number from 1 to 100."),
    "none-at-all": reserving("prefix", "4", 0, told="A count is a number from 1 to 100."),
    "more-than-a-block": reserving("block", "4000", 11),
    "give-back-anothers": releasing(HELD, "eda"),
    "give-back-what-is-free": releasing(FREE, "eda"),
    # Who may not
    "nobody-writes": writing({"text": KOREAN}, by=None, told=SIGNED_OUT),
    "nobody-changes": changing({"status": "deprecated"}, by=None, told=SIGNED_OUT),
    "nobody-adds": adding({}, by=None, told=SIGNED_OUT),
    "reader-writes": writing({"text": KOREAN}, by="rita"),
    "reader-erases": erasing("ko", by="rita"),
    "reader-changes": changing({"status": "deprecated"}, by="rita"),
    "translator-changes": changing({"status": "deprecated"}, by="tara"),
    "translator-adds": adding({}, by="tara"),
    "translator-deletes": deleting(DRAFT, by="tara"),
    "translator-reserves": reserving("prefix", "4", by="tara"),
    "translator-gives-back": releasing(HELD, "tara"),
    "other-service": writing({"text": KOREAN}, by="posy"),
    "other-service-changes": changing({"status": "deprecated"}, by="posy"),
    "other-service-adds": adding({}, by="adam"),
    "other-service-reserves": reserving("prefix", "4", by="posy"),
    "other-locale": writing({"text": "新しい {limit} {unit}"}, "ja", by="kojin"),
    "other-locale-source": writing({"text": SOURCE + "!"}, "en", by="kojin"),
    "other-locale-that-is-none": writing({"text": KOREAN}, "ko_KR", by="kojin"),
    "nobody-and-no-locale": writing({"text": KOREAN}, "ko_KR", by=None, told=SIGNED_OUT),
    "other-locale-erases": erasing("ko", by="jaime"),
    # What is not there
    "no-service": writing({"text": KOREAN}, service="nope", code="1"),
    "no-code": writing({"text": KOREAN}, code="999"),
    # Somebody else was first
    "written-since": writing({"text": KOREAN + "?"}, meanwhile=somebody_writes, told=SINCE),
    "erased-since": writing({"text": KOREAN + "?"}, meanwhile=somebody_erases, told=SINCE),
    "erased-what-was-written-since": erasing("ko", meanwhile=somebody_writes, told=SINCE),
    "changed-since": changing({"status": "deprecated"}, meanwhile=somebody_changes, told=SINCE),
    "texts-changed-since": changing({"key": "X"}, meanwhile=somebody_writes, told=SINCE),
    "deleted-what-was-changed-since": deleting(DRAFT, meanwhile=somebody_changes, told=SINCE),
}


@pytest.mark.parametrize("attempt", REFUSED.values(), ids=REFUSED)
def test_both_refuse_the_same_for_the_same_reason_and_change_nothing(
    prepared: Desk, attempt: Attempt
) -> None:
    tag = tag_of(prepared, attempt)
    somebody, page = opened(prepared, attempt)
    if attempt.meanwhile is not None:
        attempt.meanwhile(prepared)
    before = state_of(prepared)
    response = by_api(prepared, attempt, tag)
    assert 400 <= response.status_code < 500, response.get_data(as_text=True)
    shown = by_form(somebody, page, attempt, status_of_page(response))
    assert_same_refusal(shown, response, attempt)
    assert state_of(prepared) == before


ACCEPTED: dict[str, Attempt] = {
    "text": writing({"text": KOREAN + "!", "description": "설명", "remedy": "해결"}),
    "text-for-review": writing({"text": KOREAN, "state": "needs_review", "reason": "Not sure"}),
    "text-taken-away": writing({"description": "설명뿐"}),
    "text-that-is-there": writing({"text": KOREAN, "description": "제한이 있습니다."}),
    "text-new": writing({"text": "Jusqu'à {limit} {unit}."}, "fr"),
    "text-new-by-another-case": writing({"text": "Até {limit} {unit}."}, "PT-br"),
    "text-by-its-translator": writing({"text": KOREAN + "?"}, by="kojin"),
    "text-trimmed-and-normalised": writing(
        {"text": "  {limit} {unit} e\u0301\n ", "reason": " R "}
    ),
    "text-of-markup": writing({"text": "<b>{limit}</b> & {unit}", "reason": "<i>why</i>"}),
    "text-of-lines": writing({"text": "{limit}\n{unit}", "description": "\n\na\tb\n\nc"}),
    "text-as-long-as-can-be": writing({"text": KOREAN, "remedy": "한" * 4000}),
    "source": writing({"text": SOURCE + "!"}, "en", by="eda"),
    "source-typo": writing({"text": SOURCE + "!", "typo": True}, "en"),
    "source-breaks": writing({"text": "A limit.", "breaking": " It was never filled in "}, "en"),
    "source-breaks-nobody": writing({"text": SOURCE + "!", "breaking": "Not at all"}, "en"),
    "erased": erasing("ko", reason="Wrong"),
    "key": changing({"key": " OTHER "}, DRAFT),
    "key-taken-away": changing({"key": None}, DRAFT),
    "http-status": changing({"http_status": 418}, DRAFT),
    "http-status-taken-away": changing({"http_status": None, "breaking": "Why not"}, FOLLOWING),
    "published": changing({"status": "active", "reason": "Ready"}, DRAFT),
    "deprecated": changing(
        {"status": "deprecated", "replaced_by": DRAFT, "sunset_at": "2027-06-30"}
    ),
    "retired": changing({"status": "retired"}, DEPRECATED),
    "retired-at-once": changing({"status": "retired", "breaking": "It never worked"}),
    "broken": changing({"key": "OTHER", "http_status": 409, "breaking": "It was wrong"}),
    "successor-taken-away": changing({"replaced_by": None}, FOLLOWING),
    "nothing": changing({}),
    "deleted": deleting(DRAFT, reason="A mistake"),
    "new": adding({"key": "NEW", "http_status": 418, "description": "D", "remedy": "R"}),
    "new-and-active": adding({"status": "active", "reason": "The new upload"}),
    "new-of-letters": adding({"code": "E-1:a_b.c", "message": "<b>{what}</b>"}),
    "new-under-a-held-number": adding({"code": HELD}, by="edo"),
    "numbers": reserving("after", HELD, 3),
    "numbers-of-a-block": reserving("block", "4000", 2),
    "number-given-back": releasing(HELD, "edo"),
    "number-given-back-by-an-admin": releasing(HELD, "ada"),
}


def state_of(desk: Desk) -> tuple[int, Any, Any]:
    """What an edit may change: the revision, the numbers held and the proposals."""
    held = desk.nobody.get(f"{SERVICE}/reservations").get_json()["items"]
    return desk.revision, held, desk.nobody.get(f"{SERVICE}/proposals").get_json()["items"]


def effect(desk: Desk, since: int) -> tuple[Any, Any, Any]:
    """What an edit changed: the entries of the log, the numbers held and the proposals."""
    _, held, proposals = state_of(desk)
    return desk.changes(since), held, proposals


@pytest.mark.parametrize("four_eyes", [False, True], ids=["at-once", "proposed"])
@pytest.mark.parametrize("attempt", ACCEPTED.values(), ids=ACCEPTED)
def test_what_both_accept_has_the_same_effect(
    prepared: Desk, tmp_path: Path, attempt: Attempt, *, four_eyes: bool
) -> None:
    if four_eyes:
        assert prepared.by("ada").patch(SERVICE, {"four_eyes": True}).status_code == 200
    before = prepared.revision
    twin = copied(prepared, tmp_path / "twin.sqlite3")
    response = by_api(prepared, attempt, tag_of(prepared, attempt))
    assert response.status_code in (200, 201, 202, 204), response.get_data(as_text=True)
    made = effect(prepared, before)

    prepared.app.extensions["catalog"].database = twin.database
    somebody, page = opened(twin, attempt)
    by_form(somebody, page, attempt, 200)
    assert effect(twin, before) == made
    twin.database.dispose()


def copied(desk: Desk, file: Path) -> Desk:
    """The same catalog once more, in a database of its own."""
    url = desk.database.engine.url.render_as_string(hide_password=False)
    return Desk(desk.app, Database(url_of(copied_in_use(url, file))), desk.tokens)
