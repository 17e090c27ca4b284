"""The history as pages: what was changed, by whom and why, and taking it back."""

from __future__ import annotations

from typing import Any

import pytest

from app.catalog import history
from app.catalog.change_sets import change_set_sizes
from app.catalog.changes import change_set
from app.catalog.history import Authorship
from app.catalog.redaction import redact
from app.catalog.views import ChangeFilter
from app.edge.paging import encode_cursor
from tests.api.accounts import OTHER_SERVICE, SERVICE, Desk
from tests.api.making import CODES, EDITED_AT, KOREAN, LOOKUP
from tests.pages.visiting import Page, visitor

KO = f"{LOOKUP}/messages/ko"
CHANGES = "/browse/changes"
PAGE = "# Cloud > Document Recognizer > Error Code\n\n| Code | Key | Message |\n|---|---|---|\n"


def put(desk: Desk, text: str = "새 문구", name: str = "tara", **more: Any) -> int:
    """Write the Korean message of a code; gives the revision."""
    response = desk.by(name).put(KO, {"text": text, **more}, tag="*")
    assert response.status_code == 200, response.get_data(as_text=True)
    return desk.revision


def korean(desk: Desk) -> str:
    """The Korean message of the code."""
    return str(desk.nobody.get(KO).get_json()["text"])


def revisions(page: Page) -> list[int]:
    """Which changes a page lists, in its order."""
    return [int(it) for it in page.texts("#changes a.number[href*='/changes/']")]


def demand_four_eyes(desk: Desk) -> None:
    """Let the service ask for another account's approval."""
    assert desk.by("ada").patch(f"/services/{SERVICE}", {"four_eyes": True}).status_code == 200


def test_changes_come_newest_first_with_who_and_why_and_what_changed(desk: Desk) -> None:
    put(desk, "요청 키가 잘못되었습니다.", reason="Shorter & clearer")
    page = visitor(desk).open(CHANGES)
    assert revisions(page)[:2] == [desk.revision, desk.revision - 1]
    entry = page.one("#changes > li")
    told = " ".join(entry.get_text(" ").split())
    assert "tara" in told
    assert "Shorter & clearer" in told
    assert "Message changed" in told
    gone, new = entry.select_one(".diff del"), entry.select_one(".diff ins")
    assert gone is not None
    assert new is not None
    diff = entry.select_one(".diff[lang=ko][dir=ltr]")
    assert diff is not None
    assert diff.get_text().startswith("요청 키가 ")
    links = [str(it["href"]) for it in entry.select("a")]
    assert f"/browse{LOOKUP}" in links
    assert f"/browse{LOOKUP}/messages#locale-ko" in links


def test_fields_that_are_no_texts_are_told_as_old_and_new(desk: Desk) -> None:
    desk.by("eda").patch(LOOKUP, {"status": "deprecated"})
    page = visitor(desk).open(f"{CHANGES}/{desk.revision}")
    assert "Status Active → Deprecated" in page.main
    assert "http_status_given" not in page.main


def test_a_translation_that_was_affirmed_says_so(desk: Desk) -> None:
    desk.by("eda").put(f"{LOOKUP}/messages/en", {"text": "The request key is not valid."}, tag="*")
    put(desk, KOREAN, state="needs_review")
    desk.by("eda").put(f"{LOOKUP}/messages/en", {"text": "That request key is not valid."}, tag="*")
    put(desk, KOREAN, state="needs_review")
    page = visitor(desk).open(f"{CHANGES}/{desk.revision}")
    assert "right for the source as it is now" in page.main


def test_filters_live_in_the_address_and_can_be_combined(desk: Desk) -> None:
    revision = put(desk)
    desk.by("eda").patch(LOOKUP, {"status": "deprecated"})
    rita = visitor(desk, "rita")
    assert revisions(rita.open(f"{CHANGES}?actor=tara")) == [revision]
    assert revisions(rita.open(f"{CHANGES}?actor=eda")) == [revision + 1]
    page = rita.open(f"{CHANGES}?service={SERVICE}&code=4000122&locale=KO&actor=tara")
    assert revisions(page) == [revision]
    form = "main form.filters"
    assert [page.value(it, form) for it in ("service", "code", "locale", "actor")] == [
        SERVICE,
        "4000122",
        "ko",
        "tara",
    ]
    page = rita.open(f"{CHANGES}?actor=<b>nobody")
    assert revisions(page) == []
    assert "No change is like this." in page.main
    assert page.value("actor", form) == "<b>nobody"


def test_a_locale_that_is_none_is_told(desk: Desk) -> None:
    assert "locale" in visitor(desk).open(f"{CHANGES}?locale=not%20one", 400).main


def test_the_pages_of_the_history_follow_each_other_to_the_first_change(desk: Desk) -> None:
    rita = visitor(desk, "rita")
    page = rita.open(f"{CHANGES}?service={SERVICE}")
    assert not page.all("nav a:-soup-contains('First page')")
    found = revisions(page)
    while page.all("a[rel=next]"):
        page = rita.open(str(page.one("a[rel=next]")["href"]))
        found += revisions(page)
    with desk.database.reading() as session:
        wanted = ChangeFilter(service=SERVICE)
        theirs = history.latest_changes(session, wanted, None, 10_000)
    assert found == [it.revision for it in theirs]
    assert found[-1] == 1
    first = page.one("nav a:-soup-contains('First page')")
    assert revisions(rita.open(str(first["href"])))[0] == found[0]


def test_a_cursor_of_the_api_leads_to_the_first_page_and_any_other_is_refused(desk: Desk) -> None:
    cursor = encode_cursor("/changes", (5,))
    page = visitor(desk).open(f"{CHANGES}?cursor={cursor}&since=3")
    assert revisions(page)[0] == desk.revision
    assert visitor(desk).open(f"{CHANGES}?cursor=nonsense", 400)


def test_what_was_changed_together_is_one_entry_that_leads_to_all_of_it(desk: Desk) -> None:
    page = visitor(desk).open(f"{CHANGES}?service={SERVICE}")
    with desk.database.reading() as session:
        size = change_set_sizes(session, [1])[1]
    assert page.texts("#changes > li > p a")[-1] == f"All {size} changes made together"
    page = visitor(desk).open(str(page.all("#changes > li > p a")[-1]["href"]))
    assert f"{size} changes made together" in page.texts("h1")
    assert revisions(page)[0] == 1


def test_a_change_set_has_pages_oldest_first(desk: Desk) -> None:
    rita = visitor(desk, "rita")
    page = rita.open("/browse/change-sets/1")
    found = revisions(page)
    while page.all("a[rel=next]"):
        page = rita.open(str(page.one("a[rel=next]")["href"]))
        found += revisions(page)
    with desk.database.reading() as session:
        assert found == [it.revision for it in history.find_change_set(session, 1)]


def test_there_is_nothing_behind_the_last_change_of_a_set(desk: Desk) -> None:
    cursor = encode_cursor("/change-sets/1", (desk.revision,))
    page = visitor(desk).open(f"/browse/change-sets/1?cursor={cursor}", 400)
    assert "Nothing of these changes is behind it." in page.main


@pytest.mark.parametrize("address", [f"{CHANGES}/999999", "/browse/change-sets/999999"])
def test_what_is_not_there_is_told(desk: Desk, address: str) -> None:
    visitor(desk).open(address, 404)


def test_texts_are_never_html(desk: Desk) -> None:
    revision = put(desk, "<b onclick=x>굵게</b>", reason="<i>why</i>")
    for address in (CHANGES, f"{CHANGES}/{revision}", f"/browse/change-sets/{revision}"):
        page = visitor(desk).open(address)
        assert not page.all("main b, main i, [onclick]")
        assert "<i>why</i>" in page.main


def test_a_translator_takes_back_their_change_with_one_button_of_the_list(desk: Desk) -> None:
    revision = put(desk)
    tara = visitor(desk, "tara")
    page = tara.open(CHANGES)
    page = tara.send(page, form=f"form[action$='/changes/{revision}/revert']")
    assert page.address == f"/browse/change-sets/{revision + 1}"
    assert f"Saved as change {revision + 1}." in page.main
    assert korean(desk) == KOREAN
    assert desk.changes(revision)[0]["reason"] == f"Takes back change {revision}"


def test_a_reason_can_be_given_on_the_page_of_the_change(desk: Desk) -> None:
    revision = put(desk)
    tara = visitor(desk, "tara")
    page = tara.open(f"{CHANGES}/{revision}")
    tara.send(page, {"reason": "It was right before"})
    assert desk.changes(revision)[0]["reason"] == "It was right before"


@pytest.mark.parametrize(
    ("name", "may"),
    [(None, False), ("rita", False), ("jaime", False), ("kojin", True), ("tara", True)],
)
def test_taking_back_is_offered_to_who_may_edit_it(desk: Desk, name: str | None, may: bool) -> None:
    revision = put(desk)
    address = f"/changes/{revision}/revert"
    for page in (CHANGES, f"{CHANGES}/{revision}"):
        assert bool(visitor(desk, name).open(page).all(f"form[action$='{address}']")) is may


def test_who_may_not_take_it_back_is_refused_though_they_send_the_form(desk: Desk) -> None:
    revision = put(desk)
    jaime = visitor(desk, "jaime")
    page = jaime.open("/browse/preferences")
    page.one("main form")["action"] = f"{CHANGES}/{revision}/revert"
    jaime.send(page, status=403)
    page.one("main form")["action"] = "/browse/change-sets/1/revert"
    jaime.send(page, status=403)
    assert korean(desk) == "새 문구"


def test_a_whole_set_is_taken_back_at_once(desk: Desk) -> None:
    document = f"{PAGE}| 4999001 | FIRST | One. |\n| 4999002 | SECOND | Two. |\n"
    response = desk.by("eda").call(
        "POST",
        f"/services/{SERVICE}/import",
        data=document.encode(),
        headers={"Content-Type": "text/markdown"},
    )
    assert response.status_code == 200, response.get_data(as_text=True)
    identifier = desk.changes(desk.revision - 1)[0]["change_set"]
    address = f"/browse/change-sets/{identifier}"
    assert not visitor(desk, "tara").open(address).all("form[action$='/revert']")
    eda = visitor(desk, "eda")
    page = eda.send(eda.open(address), {"reason": "Too early"})
    assert "source_version" not in page.main
    assert {it["reason"] for it in desk.changes(desk.revision - 2)} == {"Too early"}
    assert desk.nobody.get(f"{CODES}/4999001").status_code == 404
    assert desk.nobody.get(f"{CODES}/4999002").status_code == 404


def test_a_later_change_in_the_way_is_told_and_the_reason_kept(desk: Desk) -> None:
    revision = put(desk, "하나")
    later = put(desk, "둘")
    tara = visitor(desk, "tara")
    page = tara.send(tara.open(f"{CHANGES}/{revision}"), {"reason": "Mistake"}, status=409)
    assert f"has changed since, by change {later}" in page.one("#errors").get_text()
    assert page.value("reason", "main form[method=post]") == "Mistake"
    assert korean(desk) == "둘"


def test_what_is_taken_back_already_is_told(desk: Desk) -> None:
    revision = put(desk)
    tara = visitor(desk, "tara")
    page = tara.open(f"{CHANGES}/{revision}")
    tara.send(page)
    tara.send(page, status=409)


def test_a_breaking_change_back_asks_why_with_everything_kept(desk: Desk) -> None:
    eda = desk.by("eda")
    eda.patch(LOOKUP, {"key": "ANOTHER_KEY", "breaking": "Renamed"})
    revision = desk.revision
    visitor_ = visitor(desk, "eda")
    page = visitor_.send(
        visitor_.open(f"{CHANGES}/{revision}"), {"reason": "Too hasty"}, status=409
    )
    assert page.value("reason", "main form[method=post]") == "Too hasty"
    assert page.all("textarea[name=breaking]")
    page = visitor_.send(page, {"breaking": "Nobody uses it yet"})
    made = desk.changes(revision)[0]
    assert (made["reason"], made["breaking"]) == ("Too hasty", "Nobody uses it yet")


def test_a_reason_that_is_unfit_is_told_at_its_field_and_kept(desk: Desk) -> None:
    revision = put(desk)
    tara = visitor(desk, "tara")
    reason = "x" * 4001
    page = tara.send(tara.open(f"{CHANGES}/{revision}"), {"reason": reason}, status=422)
    assert page.value("reason", "main form[method=post]") == reason
    assert page.one("#wrong-reason")


def test_where_four_eyes_are_asked_for_it_becomes_a_proposal(desk: Desk) -> None:
    revision = put(desk)
    demand_four_eyes(desk)
    tara = visitor(desk, "tara")
    page = tara.send(tara.open(f"{CHANGES}/{revision}"))
    assert page.address == f"/browse/services/{SERVICE}/proposals/1"
    assert "Proposed as number 1" in page.main
    assert korean(desk) == "새 문구"


def test_a_blanked_text_shows_as_such_and_is_not_offered_to_be_taken_back(desk: Desk) -> None:
    secret = put(desk, "비밀번호 hunter2", reason="hunter2")
    put(desk, KOREAN)
    author = Authorship("ada", EDITED_AT)
    with desk.database.writing() as session, change_set(session, author) as changes:
        redact(changes, secret)
    page = visitor(desk, "tara").open(f"{CHANGES}/{secret}")
    assert "hunter2" not in page.text
    assert "Blanked" in page.main
    newest = visitor(desk, "ada").open(f"{CHANGES}/{desk.revision}")
    assert "Text blanked" in newest.main
    assert not newest.all("form[action$='/revert']")


def test_what_an_admin_of_another_service_did_is_not_theirs_to_take_back(desk: Desk) -> None:
    revision = put(desk)
    assert not visitor(desk, "adam").open(f"{CHANGES}/{revision}").all("form[action$='/revert']")
    desk.by("ada").patch(f"/services/{OTHER_SERVICE}", {"title": "Poses"})
    page = visitor(desk, "adam").open(f"{CHANGES}/{desk.revision}")
    assert page.all("form[action$='/revert']")


def test_a_list_stays_short_where_texts_are_long(desk: Desk) -> None:
    for number in range(3):
        put(desk, "긴 글 " * 900 + str(number))
    page = visitor(desk).open(CHANGES)
    assert len(page.texts("a:-soup-contains('Show what it changes')")) == 3
    page = visitor(desk).open(f"{CHANGES}/{desk.revision}")
    assert "긴 글" in page.main
