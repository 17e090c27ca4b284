"""Handing in what was typed: by the same door as the API, against the state that was shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import flask
import pytest

from app.access.errors import Forbidden
from app.access.roles import Principal, Role
from app.catalog.errors import Invalid
from app.edge.callers import MissingToken, remember
from app.editing.edits import WriteMessage
from app.editing.submission import Outcome
from app.pages.saving import ChangedSince, announce, authorship, hand_in, tell
from tests.api.accounts import SERVICE, Desk
from tests.api.making import KOREAN, LOOKUP

KO = f"{LOOKUP}/messages/ko"
EDIT = WriteMessage("4000122", "ko", "새 문구")
TARA = Principal("tara", Role.TRANSLATOR, 1)


@contextmanager
def asking(desk: Desk, caller: Principal | None = TARA, **sent: str) -> Iterator[None]:
    """A request of somebody's who sends these fields."""
    with desk.app.test_request_context("/browse", method="POST", data=sent):
        if caller is not None:
            remember(caller)
        yield


def text(desk: Desk) -> object:
    """What the message says now."""
    return desk.nobody.get(KO).get_json()["text"]


def state_of(desk: Desk) -> str | None:
    """What a form holds of the state that it shows."""
    with desk.database.reading() as session:
        return EDIT.base(session, SERVICE)


def test_an_edit_is_made_with_who_and_why(desk: Desk) -> None:
    with asking(desk, reason="Shorter\r\n", breaking="  "):
        outcome = hand_in(SERVICE, EDIT, state_of(desk))
    assert outcome.revision == desk.revision
    change = desk.changes(desk.revision - 1)[0]
    assert (change["actor"], change["reason"], change["breaking"]) == ("tara", "Shorter", None)
    assert text(desk) == "새 문구"


@pytest.mark.parametrize("state", [None, "", "made-up"])
def test_an_edit_of_another_state_than_was_shown_is_not_made(desk: Desk, state: str | None) -> None:
    before = desk.revision
    with asking(desk), pytest.raises(ChangedSince):
        hand_in(SERVICE, EDIT, state)
    assert (desk.revision, text(desk)) == (before, KOREAN)


def test_nor_is_one_when_somebody_else_was_first(desk: Desk) -> None:
    shown = state_of(desk)
    assert desk.by("kojin").put(KO, {"text": "먼저"}, tag="*").status_code == 200
    with asking(desk), pytest.raises(ChangedSince):
        hand_in(SERVICE, EDIT, shown)
    assert text(desk) == "먼저"


def test_whoever_has_not_signed_in_hands_in_nothing(desk: Desk) -> None:
    with asking(desk, None), pytest.raises(MissingToken):
        hand_in(SERVICE, EDIT, state_of(desk))
    assert text(desk) == KOREAN


@pytest.mark.parametrize(
    "caller",
    [
        Principal("rita", Role.READER, 1),
        Principal("jaime", Role.TRANSLATOR, 1, locales=frozenset({"ja"})),
        Principal("posy", Role.EDITOR, 1, services=frozenset({"pose-estimation"})),
    ],
    ids=lambda it: it.name,
)
def test_nor_does_somebody_whose_role_does_not_reach_there(desk: Desk, caller: Principal) -> None:
    with asking(desk, caller), pytest.raises(Forbidden):
        hand_in(SERVICE, EDIT, state_of(desk))
    assert text(desk) == KOREAN


def test_who_may_not_is_told_that_before_anything_of_the_state(desk: Desk) -> None:
    rita = Principal("rita", Role.READER, 1)
    with asking(desk, rita), pytest.raises(Forbidden):
        hand_in(SERVICE, EDIT, "made-up")


def test_why_it_was_done_is_checked_as_other_texts_are(desk: Desk) -> None:
    with asking(desk, reason="x" * 100_000), pytest.raises(Invalid) as refused:
        authorship()
    assert refused.value.field == "reason"


def test_what_became_of_an_edit_is_told_on_the_next_page(desk: Desk) -> None:
    with asking(desk):
        tell(Outcome(revision=12))
        tell(Outcome())
        announce("Some words.", "/browse/lint")
        told: list[Any] = list(flask.get_flashed_messages())
    assert told == [
        {"words": "Saved as change 12.", "link": "/browse/changes/12"},
        {"words": "Nothing was changed: it says that already.", "link": ""},
        {"words": "Some words.", "link": "/browse/lint"},
    ]


def test_where_four_eyes_are_demanded_it_is_told_that_somebody_must_approve(desk: Desk) -> None:
    assert desk.by("ada").patch(f"/services/{SERVICE}", {"four_eyes": True}).status_code == 200
    with asking(desk):
        outcome = hand_in(SERVICE, EDIT, state_of(desk))
        tell(outcome)
        told: list[Any] = list(flask.get_flashed_messages())
    assert told == [
        {
            "words": "Proposed as number 1: another account must approve it.",
            "link": f"/browse/services/{SERVICE}/proposals/1",
        }
    ]
    assert text(desk) == KOREAN
