"""The review queue: what waits, and deciding about it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.accounts import OTHER_SERVICE, SERVICE, Desk
from tests.api.making import CODES, KOREAN, LOOKUP
from tests.pages.visiting import Page, Visitor, visitor

REVIEW = "/browse/review"
KO = f"{LOOKUP}/messages/ko"
FR = f"{LOOKUP}/messages/fr"
APPROVE = f"form[action$='{KO}/approve']"
REJECT = f"form[action$='{KO}/reject']"
KOREAN_ONLY = f"{REVIEW}?service={SERVICE}&locale=ko"


def write(desk: Desk, text: str = "새 문구", address: str = KO, **more: Any) -> None:
    """Write a text that needs review."""
    body = {"text": text, "state": "needs_review", **more}
    response = desk.by("tara").put(address, body)
    if response.status_code == 428:
        response = desk.by("tara").put(address, body, tag="*")
    assert response.status_code in (200, 201), response.get_data(as_text=True)


def clear(desk: Desk, locale: str = "ko") -> None:
    """Approve every text of a service in a locale, so that nothing waits there."""
    codes = desk.nobody.get(f"{CODES}?limit=500&locale={locale}").get_json()["items"]
    for code in codes:
        address = f"{CODES}/{code['code']}/messages/{locale}"
        told = desk.nobody.get(address).get_json()
        if told["state"] == "needs_review":
            texts = {name: told[name] for name in ("text", "description", "remedy")}
            assert desk.by("eda").put(address, texts, tag="*").status_code == 200


def state(desk: Desk, address: str = KO) -> tuple[str, str]:
    """The text and the state of a message."""
    told = desk.nobody.get(address).get_json()
    return told["text"], told["state"]


def item(page: Page, selector: str = APPROVE) -> str:
    """What people read of the item that has a form."""
    found = page.one(selector).find_parent("li")
    assert found is not None
    return " ".join(found.get_text(" ").split())


def send_as(person: Visitor, page: Page, selector: str, status: int = 200, **fields: Any) -> Page:
    """Send one of a page's forms."""
    return person.send(page, fields, form=selector, status=status)


def demand_four_eyes(desk: Desk) -> None:
    """Let the service ask for another account's approval."""
    assert desk.by("ada").patch(f"/services/{SERVICE}", {"four_eyes": True}).status_code == 200


def test_who_is_not_signed_in_is_led_to_sign_in_and_back(desk: Desk) -> None:
    page = visitor(desk).open(KOREAN_ONLY)
    assert page.address.startswith("/browse/sign-in")
    assert page.value("next").startswith(REVIEW)


def test_a_text_to_review_stands_beside_its_source(desk: Desk) -> None:
    write(desk, "새 문구", description="설명")
    page = visitor(desk, "kojin").open(KOREAN_ONLY)
    told = item(page)
    assert "Request Key is invalid or expired" in told
    assert "새 문구" in told
    assert "설명" in told
    assert "4000122" in told
    translation = page.one(f"li:has({APPROVE}) [lang=ko][dir=ltr]")
    assert translation.get_text() == "새 문구"
    edit = page.one(f"li:has({APPROVE}) a[data-key=e]")
    assert edit["href"] == f"/browse{LOOKUP}/messages#locale-ko"


def test_approving_keeps_the_texts_and_leads_back_to_the_queue_as_it_was(desk: Desk) -> None:
    write(desk, "새 문구", remedy="다시")
    kojin = visitor(desk, "kojin")
    page = send_as(kojin, kojin.open(KOREAN_ONLY), APPROVE)
    assert page.address == KOREAN_ONLY
    assert f"Saved as change {desk.revision}." in page.main
    assert state(desk) == ("새 문구", "approved")
    assert desk.nobody.get(KO).get_json()["remedy"] == "다시"
    assert not page.all(APPROVE)


def test_rejecting_removes_the_translation_and_keeps_why(desk: Desk) -> None:
    write(desk)
    kojin = visitor(desk, "kojin")
    page = send_as(kojin, kojin.open(KOREAN_ONLY), REJECT, reason="Not polite")
    assert page.address == KOREAN_ONLY
    assert desk.nobody.get(KO).status_code == 404
    change = desk.changes(desk.revision - 1)[0]
    assert (change["action"], change["reason"], change["actor"]) == (
        "message.delete",
        "Not polite",
        "kojin",
    )
    assert desk.nobody.get(f"{LOOKUP}?locale=ko").get_json()["fallback"] is True


def test_the_source_can_be_approved_but_not_rejected(desk: Desk) -> None:
    address = f"{LOOKUP}/messages/en"
    desk.by("eda").put(address, {"text": "Key is wrong.", "state": "needs_review"}, tag="*")
    eda = visitor(desk, "eda")
    page = eda.open(f"{REVIEW}?locale=en")
    assert not page.all("main form[action$='/reject']")
    send_as(eda, page, f"form[action$='{address}/approve']")
    assert state(desk, address) == ("Key is wrong.", "approved")


def test_a_stale_text_says_what_its_approval_means(desk: Desk) -> None:
    write(desk, KOREAN)
    desk.by("eda").put(f"{LOOKUP}/messages/en", {"text": "The key is wrong."}, tag="*")
    kojin = visitor(desk, "kojin")
    page = kojin.open(KOREAN_ONLY)
    assert "Stale" in item(page)
    assert "right for the source as it is now" in item(page)
    send_as(kojin, page, APPROVE)
    assert desk.nobody.get(KO).get_json()["stale"] is False


@pytest.mark.parametrize(
    ("name", "may"),
    [("rita", False), ("jaime", False), ("posy", False), ("kojin", True), ("tara", True)],
)
def test_deciding_is_offered_to_who_may(desk: Desk, name: str, may: bool) -> None:
    write(desk)
    page = visitor(desk, name).open(KOREAN_ONLY)
    assert bool(page.all(APPROVE)) is may
    assert bool(page.all(REJECT)) is may
    assert "새 문구" in page.main


def test_who_may_not_is_refused_though_they_send_the_form(desk: Desk) -> None:
    write(desk)
    page = visitor(desk, "kojin").open(KOREAN_ONLY)
    form = {name: page.value(name, APPROVE) for name in ("state", "source_state")}
    jaime = visitor(desk, "jaime")
    theirs = jaime.open("/browse/preferences")
    for word in ("approve", "reject"):
        theirs.one("main form")["action"] = f"/browse{KO}/{word}"
        jaime.send(theirs, form, status=403)
    assert state(desk) == ("새 문구", "needs_review")


@pytest.mark.parametrize("selector", [APPROVE, REJECT])
def test_a_text_that_changed_since_is_told_with_the_queue_as_it_is(
    desk: Desk, selector: str
) -> None:
    write(desk, "하나")
    kojin = visitor(desk, "kojin")
    page = kojin.open(KOREAN_ONLY)
    write(desk, "둘")
    page = send_as(kojin, page, selector, 409, reason="Too short")
    notice = page.one("#errors[role=alert]").get_text()
    assert "changed it since" in notice
    assert f"{SERVICE} 4000122 (ko)" in notice
    assert "둘" in item(page)
    assert page.value("service", "form.filters") == SERVICE
    assert page.value("locale", "form.filters") == "ko"
    assert state(desk) == ("둘", "needs_review")
    if selector == REJECT:
        assert "Too short" in notice
    # From there it can be decided.
    assert send_as(kojin, page, APPROVE).address == KOREAN_ONLY


def test_a_source_that_changed_since_is_told_too(desk: Desk) -> None:
    write(desk)
    kojin = visitor(desk, "kojin")
    page = kojin.open(KOREAN_ONLY)
    desk.by("eda").put(f"{LOOKUP}/messages/en", {"text": "The key is wrong."}, tag="*")
    page = send_as(kojin, page, APPROVE, 409)
    assert "The key is wrong." in item(page)
    assert state(desk)[1] == "needs_review"


def test_a_text_that_is_decided_already_is_told(desk: Desk) -> None:
    write(desk)
    kojin, tara = visitor(desk, "kojin"), visitor(desk, "tara")
    page, theirs = kojin.open(KOREAN_ONLY), tara.open(KOREAN_ONLY)
    send_as(kojin, page, REJECT)
    send_as(tara, theirs, APPROVE, 409)
    assert desk.nobody.get(KO).status_code == 404


def test_what_the_catalog_refuses_is_told_in_its_words(desk: Desk) -> None:
    desk.by("eda").put(f"{LOOKUP}/messages/en", {"text": "Key."}, tag="*")
    write(desk, "키")
    desk.by("eda").put(
        f"{LOOKUP}/messages/en", {"text": "Key {name}.", "breaking": "It says which"}, tag="*"
    )
    kojin = visitor(desk, "kojin")
    page = send_as(kojin, kojin.open(KOREAN_ONLY), APPROVE, 422)
    assert "{name}" in page.one("#errors [lang=en]").get_text()


def test_an_unfit_reason_is_told_and_shown_again(desk: Desk) -> None:
    write(desk)
    kojin = visitor(desk, "kojin")
    reason = "long " * 1_000
    page = send_as(kojin, kojin.open(KOREAN_ONLY), REJECT, 422, reason=reason)
    assert reason.strip() in page.one("#errors").get_text()
    assert state(desk)[1] == "needs_review"


@pytest.mark.parametrize(
    "following", ["//[", "http://[", "https://elsewhere.example/browse/review"]
)
def test_a_refusal_with_nowhere_to_go_back_to_shows_the_whole_queue(
    desk: Desk, following: str
) -> None:
    write(desk)
    kojin = visitor(desk, "kojin")
    page = send_as(
        kojin, kojin.open(KOREAN_ONLY), APPROVE, 409, next=following, state="of long ago"
    )
    assert "Somebody else changed it" in page.one("#errors").get_text()
    assert page.value("service", "form.filters") == ""


def test_a_code_that_is_not_there_is_told(desk: Desk) -> None:
    kojin = visitor(desk, "kojin")
    page = kojin.open("/browse/preferences")
    page.one("main form")["action"] = f"/browse{CODES}/nope/messages/ko/approve"
    kojin.send(page, status=404)


def test_first_somebody_sees_the_locales_and_services_of_their_scope(desk: Desk) -> None:
    write(desk)
    write(desk, "Clé", FR)
    french = f"form[action$='{FR}/approve']"
    kojin = visitor(desk, "kojin")
    page = kojin.open(REVIEW)
    assert {str(it["lang"]) for it in page.all("#queue .said[lang]")} == {"en", "ko"}
    assert "My locales" in page.one("select[name=locale]").get_text()
    page = kojin.open(f"{REVIEW}?locale=fr&service={SERVICE}")
    assert "Clé" in page.main
    assert not page.all(french)
    tara = visitor(desk, "tara").open(f"{REVIEW}?locale=fr")
    assert tara.all(french)
    posy = visitor(desk, "posy").open(REVIEW)
    assert {it.get_text() for it in posy.all("#queue .head > a[href^='/browse/services/']")} <= {
        OTHER_SERVICE
    }
    everything = visitor(desk, "kojin").open(f"{REVIEW}?locale=*&service=*")
    assert "ja" in {str(it["lang"]) for it in everything.all("#queue .said[lang]")}


def test_filters_that_name_nothing_show_nothing_and_a_locale_that_is_none_is_told(
    desk: Desk,
) -> None:
    page = visitor(desk, "tara").open(f"{REVIEW}?service=nope")
    assert "Nothing waits here." in page.main
    visitor(desk, "tara").open(f"{REVIEW}?locale=not%20one", 400)
    visitor(desk, "tara").open(f"{REVIEW}?cursor=nonsense", 400)


def test_an_empty_queue_says_so(desk: Desk) -> None:
    clear(desk)
    page = visitor(desk, "kojin").open(KOREAN_ONLY)
    assert "Nothing waits here." in page.main


def test_a_long_queue_has_pages_and_deciding_comes_back_to_the_same(desk: Desk) -> None:
    demand_four_eyes(desk)
    for number in range(53):
        desk.by("tara").put(KO, {"text": f"제안 {number}"}, tag="*")
    eda = visitor(desk, "eda")
    page = eda.open(REVIEW)
    ids = [str(it["id"]) for it in page.all("[data-item]")]
    assert ids == [f"proposal-{number}" for number in range(1, 51)]
    page = eda.open(str(page.one("a[rel=next]")["href"]))
    ids = [str(it["id"]) for it in page.all("[data-item]")]
    assert ids[:3] == [f"proposal-{number}" for number in (51, 52, 53)]
    assert len(ids) == 50
    assert all(it.startswith("text-") for it in ids[3:])
    seen = ids[3:]
    back = send_as(eda, page, "form[action$='/proposals/53/reject']")
    assert back.address == page.address
    while page.all("a[rel=next]"):
        page = eda.open(str(page.one("a[rel=next]")["href"]))
        seen += [str(it["id"]) for it in page.all("[data-item]")]
    assert len(seen) == len(set(seen))
    numbers = [int(it.removeprefix("text-")) for it in seen]
    assert numbers == sorted(numbers)


def test_a_page_that_is_full_of_proposals_leads_on_to_the_texts(desk: Desk) -> None:
    demand_four_eyes(desk)
    for number in range(50):
        desk.by("tara").put(KO, {"text": f"제안 {number}"}, tag="*")
    eda = visitor(desk, "eda")
    page = eda.open(REVIEW)
    assert len(page.all("[data-item]")) == 50
    page = eda.open(str(page.one("a[rel=next]")["href"]))
    assert str(page.all("[data-item]")[0]["id"]).startswith("text-")


def test_long_texts_make_a_page_end_earlier_and_none_is_left_out(desk: Desk) -> None:
    codes = desk.nobody.get(f"{CODES}?limit=20").get_json()["items"]
    for code in codes:
        write(desk, "길다 " * 1_300, f"{CODES}/{code['code']}/messages/fr")
    tara = visitor(desk, "tara")
    page = tara.open(f"{REVIEW}?locale=fr")
    counts = [len(page.all("[data-item]"))]
    while page.all("a[rel=next]"):
        page = tara.open(str(page.one("a[rel=next]")["href"]))
        counts.append(len(page.all("[data-item]")))
    assert sum(counts) == len(codes)
    assert max(counts) < len(codes)


def test_where_four_eyes_are_asked_for_approving_becomes_a_proposal_that_is_shown(
    desk: Desk,
) -> None:
    write(desk)
    demand_four_eyes(desk)
    kojin = visitor(desk, "kojin")
    page = send_as(kojin, kojin.open(KOREAN_ONLY), APPROVE)
    assert "Proposed as number 1" in page.main
    assert "Something is proposed already: Proposal 1 kojin" in item(page)
    assert "This is yours: another account must approve it." in page.main
    assert not page.all("form[action$='/proposals/1/approve']")
    eda = visitor(desk, "eda")
    send_as(eda, eda.open(REVIEW), "form[action$='/proposals/1/approve']")
    assert state(desk) == ("새 문구", "approved")


def test_a_proposal_shows_what_it_would_change_by_whom_and_why(desk: Desk) -> None:
    write(desk, "요청 키가 틀립니다.")
    demand_four_eyes(desk)
    desk.by("tara").put(KO, {"text": "요청 키가 만료되었습니다.", "reason": "Clearer"}, tag="*")
    page = visitor(desk, "eda").open(REVIEW)
    told = page.one("#proposal-1")
    words = " ".join(told.get_text(" ").split())
    assert "Write a message" in words
    assert "tara" in words
    assert "Clearer" in words
    diff = told.select_one(".diff[lang=ko]")
    assert diff is not None
    assert diff.select("del")
    assert diff.get_text().startswith("요청 키가 ")


def test_proposals_are_shown_to_who_may_approve_them_and_to_their_author(desk: Desk) -> None:
    demand_four_eyes(desk)
    desk.by("tara").put(KO, {"text": "새 문구"}, tag="*")
    for name, shown in (("eda", True), ("tara", True), ("posy", False), ("kojin", False)):
        page = visitor(desk, name).open(f"{REVIEW}?service={SERVICE}&locale=*")
        assert bool(page.all("#proposal-1")) is shown, name
    own = visitor(desk, "tara").open(REVIEW).one("#proposal-1")
    assert "Withdraw" in own.get_text()
    assert not own.select("form[action$='/approve']")


def test_filters_are_of_proposals_too(desk: Desk) -> None:
    demand_four_eyes(desk)
    desk.by("tara").put(KO, {"text": "새 문구"}, tag="*")
    desk.by("edo").patch(LOOKUP, {"status": "deprecated"})
    eda = visitor(desk, "eda")
    assert len(eda.open(f"{REVIEW}?locale=ko").all("[id^=proposal-]")) == 2
    assert [it["id"] for it in eda.open(f"{REVIEW}?locale=ja").all("[id^=proposal-]")] == [
        "proposal-2"
    ]
    assert not eda.open(f"{REVIEW}?service={OTHER_SERVICE}").all("[id^=proposal-]")


def test_texts_are_never_html(desk: Desk) -> None:
    write(desk, "<b onclick=x>굵게</b>", description="<script>x</script>")
    page = visitor(desk, "tara").open(KOREAN_ONLY)
    assert not page.all("#queue b, #queue script, [onclick]")
    assert "<b onclick=x>굵게</b>" in item(page)


def test_buttons_tell_their_keys_unless_single_keys_are_off(desk: Desk) -> None:
    write(desk)
    tara = visitor(desk, "tara")
    page = tara.open(KOREAN_ONLY)
    keys = [
        str(it["aria-keyshortcuts"]) for it in page.all(f"li:has({APPROVE}) [aria-keyshortcuts]")
    ]
    assert keys == ["a", "e", "r"]
    tara.send(tara.open("/browse/preferences"), {"keys": "off"})
    assert not tara.open(KOREAN_ONLY).all("#queue [aria-keyshortcuts], #queue kbd")
