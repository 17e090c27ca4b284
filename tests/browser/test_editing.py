"""Editing in a browser: texts, codes and numbers, by clicks and keys, with scripts and without."""

from __future__ import annotations

import pytest
from playwright.sync_api import Dialog, Page, expect

from app.catalog.edits.creation import NewCode
from app.catalog.edits.messages import MessageEdit
from app.catalog.edits.rows import Texts
from tests.api.accounts import SERVICE
from tests.api.making import CODES, KOREAN, LOOKUP, code, publish, write
from tests.browser.checking import assert_accessible
from tests.browser.running import Colours, Site, Visit

TEXTS = f"/browse{LOOKUP}/messages"
ADD = f"/browse/services/{SERVICE}/add-code"


def told(site: Site, locale: str = "ko", address: str = LOOKUP) -> str:
    """What a code says in a locale."""
    text: str = site.desk.nobody.get(f"{address}/messages/{locale}").get_json()["text"]
    return text


def limits(site: Site) -> str:
    """A code with placeholders, twice, one of them translated; gives the address of its texts."""
    texts = Texts("Up to {limit} of {name}.", "There is a limit.")
    publish(site.desk.database, "other", [NewCode("1", None, Texts(texts.text))])
    edit = MessageEdit("1", "ko", Texts("{name}은 {limit}까지입니다."))
    write(site.desk.database, "other", edit)
    publish(site.desk.database, "svc", [NewCode("1", None, texts), code("2")])
    write(site.desk.database, "svc", MessageEdit("2", "ko", Texts("무언가 잘못되었습니다.")))
    return "/browse/services/svc/codes/1/messages"


def fits_its_width(page: Page) -> bool:
    """Whether nothing of a page is only seen by scrolling sideways."""
    wide: bool = page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )
    return wide


def test_a_text_is_corrected_by_keys_alone(visit: Visit, site: Site) -> None:
    page = visit("tara")
    page.goto(f"{TEXTS}#locale-ko")
    field = page.locator("#field-text-ko")
    field.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("새 문구")
    page.keyboard.press("Control+Enter")
    expect(page.locator("main [role=status]").first).to_contain_text("Saved as change")
    # At its top, where it is told.
    expect(page).to_have_url(f"{site.address}{TEXTS}")
    assert told(site) == "새 문구"


def test_a_text_is_corrected_without_scripts(visit: Visit, site: Site) -> None:
    write(
        site.desk.database, SERVICE, MessageEdit("4000122", "en", Texts("Request Key is unknown."))
    )
    page = visit("tara", scripts=False)
    page.goto(TEXTS)
    stale = page.locator("#locale-ko .notice.warn")
    expect(stale.locator("del")).to_have_text("invalid or expired")
    page.locator("#field-text-ko").fill("새 문구")
    page.get_by_role("button", name="Save ko").click()
    expect(page.get_by_text("Saved as change")).to_be_visible()
    expect(stale).to_have_count(0)
    page.locator("#locale-ja").get_by_role("button", name="It still fits").click()
    expect(page.locator("main section .mark.stale")).to_have_count(0)
    page.get_by_label("Locale", exact=True).fill("fr")
    page.get_by_role("button", name="Add its texts").click()
    page.locator("#field-text-fr").fill("Clé inconnue.")
    page.get_by_role("button", name="Save fr").click()
    page.get_by_text("Delete the texts in ja").click()
    page.get_by_role("button", name="Delete ja").click()
    expect(page.locator("#title-ja")).to_contain_text("Missing")
    assert [told(site), told(site, "fr")] == ["새 문구", "Clé inconnue."]


def test_placeholders_are_checked_while_one_types(visit: Visit, site: Site) -> None:
    page = visit("tara")
    page.goto(limits(site))
    field, check = page.locator("#field-text-ko"), page.locator("[data-check='field-text-ko']")
    expect(page.locator("#hint-text-ko")).to_have_text("Keep these as they are: {limit}, {name}")
    expect(check).to_have_text("")
    field.press_sequentially("최대 {limit}")
    expect(check).to_have_text("Not here yet: {name}")
    field.press_sequentially(" {nam}")
    expect(check).to_have_text("Not here yet: {name} · Not in the source: {nam}")
    field.fill("{name}: {limit}, {not one}, {}")
    expect(check).to_have_text("")
    source = page.locator("[data-check='field-text-en']")
    page.locator("#field-text-en").fill("Up to {limit} of {more}.")
    expect(source).to_have_text("No longer filled in: {name} · To be filled in anew: {more}")


def test_a_suggestion_is_put_into_the_field(visit: Visit, site: Site) -> None:
    page = visit("tara")
    page.goto(limits(site))
    page.locator("#field-text-ko").press_sequentially("x")
    page.locator("#locale-ko").get_by_role("button", name="Put it in the field").click()
    expect(page.locator("#field-text-ko")).to_have_value("{name}은 {limit}까지입니다.")
    expect(page.locator("#field-text-ko")).to_be_focused()
    expect(page.locator("[data-check='field-text-ko']")).to_have_text("")


def test_without_scripts_a_suggestion_is_there_to_copy(visit: Visit, site: Site) -> None:
    page = visit("tara", scripts=False)
    page.goto(limits(site))
    expect(page.locator("#locale-ko .list")).to_contain_text("{name}은 {limit}까지입니다.")
    expect(page.get_by_role("button", name="Put it in the field")).to_have_count(0)


def test_what_is_not_saved_is_not_left_by_mistake(visit: Visit, site: Site) -> None:
    page = visit("tara")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.goto(TEXTS)
    page.locator("#field-text-ko").fill("새 문구")
    page.get_by_role("link", name="Services").first.click()
    page.wait_for_timeout(0)
    assert asked == ["beforeunload"]
    expect(page.locator("#field-text-ko")).to_have_value("새 문구")
    # Another form is sent: what is typed in this one would be lost.
    page.get_by_role("button", name="Save ja").click()
    page.wait_for_timeout(0)
    assert asked == ["beforeunload"] * 2
    # This one is sent, and nothing else was typed.
    page.get_by_role("button", name="Save ko").click()
    expect(page.get_by_text("Saved as change")).to_be_visible()
    page.get_by_role("link", name="Services").first.click()
    expect(page).not_to_have_url(f"{site.address}{TEXTS}#locale-ko")
    assert asked == ["beforeunload"] * 2


@pytest.mark.parametrize("scripts", [True, False])
def test_who_was_second_sees_both_texts_and_decides(
    visit: Visit, site: Site, *, scripts: bool
) -> None:
    page = visit("tara", scripts=scripts, allow=(409,))
    page.goto(TEXTS)
    theirs = {"text": "남의 문구", "reason": "Mine is better"}
    site.desk.by("edo").put(f"{LOOKUP}/messages/ko", theirs, tag="*")
    page.locator("#field-text-ko").fill("나의 문구")
    page.locator("#field-reason-ko").fill("Mine")
    page.get_by_role("button", name="Save ko").click()
    if scripts:
        expect(page.locator("#errors")).to_be_focused()
    collision = page.get_by_role("region", name="Both texts, side by side")
    expect(collision).to_contain_text("edo")
    expect(collision.locator("del")).to_have_text("남")
    expect(collision.locator("ins")).to_have_text("나")
    expect(page.locator("#field-text-ko")).to_have_value("나의 문구")
    expect(page.locator("#field-reason-ko")).to_have_value("Mine")
    page.get_by_role("button", name="Save ko").click()
    expect(page.get_by_text("Saved as change")).to_be_visible()
    assert told(site) == "나의 문구"


def test_theirs_is_taken_by_a_click(visit: Visit, site: Site) -> None:
    page = visit("tara", scripts=False, allow=(409,))
    page.goto(TEXTS)
    site.desk.by("edo").put(f"{LOOKUP}/messages/ko", {"text": "남의 문구"}, tag="*")
    page.locator("#field-text-ko").fill("나의 문구")
    page.get_by_role("button", name="Save ko").click()
    page.get_by_role("link", name="Take theirs").click()
    expect(page.locator("#field-text-ko")).to_have_value("남의 문구")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_code_is_deprecated_and_another_is_broken_knowingly(
    visit: Visit, site: Site, *, scripts: bool
) -> None:
    page = visit("eda", scripts=scripts, allow=(409,))
    page.goto(f"/browse{LOOKUP}/edit")
    page.get_by_label("Deprecate").check()
    page.get_by_label("Replaced by").fill("4000121")
    page.get_by_label("Gone after").fill("2030-06-30")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved as change")).to_be_visible()
    assert site.desk.nobody.get(LOOKUP).get_json()["replaced_by"] == "4000121"

    page.goto(f"/browse{CODES}/4000121/edit")
    page.get_by_label("Retire").check()
    page.get_by_role("button", name="Save").click()
    question = page.get_by_role("group", name="This breaks services that use the code")
    expect(question).to_contain_text("retired without having been deprecated")
    expect(page.get_by_label("Retire")).to_be_checked()
    page.get_by_label("Why is it right all the same?").fill("It never worked")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved as change")).to_be_visible()
    assert site.desk.nobody.get(f"{CODES}/4000121").get_json()["status"] == "retired"


def test_a_code_is_added_under_a_number_that_was_held(visit: Visit, site: Site) -> None:
    page = visit("eda")
    site.desk.by("eda").post(f"/services/{SERVICE}/reservations", {"after": "4990000", "count": 2})
    page.goto(ADD)
    page.get_by_label("Key", exact=True).fill("SOMETHING_NEW")
    page.get_by_role("link", name="Use 4990002").click()
    expect(page.get_by_label("Number", exact=True)).to_have_value("4990002")
    expect(page.get_by_label("Key", exact=True)).to_have_value("SOMETHING_NEW")
    page.get_by_label("Message").fill("Something is new.")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(f"{site.address}/browse{CODES}/4990002")
    added = site.desk.nobody.get(f"{CODES}/4990002").get_json()
    assert (added["key"], added["status"]) == ("SOMETHING_NEW", "draft")


def test_a_code_is_added_without_scripts(visit: Visit, site: Site) -> None:
    page = visit("eda", scripts=False, allow=(422,))
    page.goto(ADD)
    page.get_by_label("Where", exact=True).select_option("after")
    page.get_by_label("First digits or number").fill("4990000")
    page.get_by_label("How many").fill("2")
    page.get_by_role("button", name="Hold them").click()
    expect(page.get_by_label("Number", exact=True)).to_have_value("4990001")
    page.get_by_role("button", name="Give 4990001 back").click()
    page.get_by_role("link", name="Use 4990002").click()
    page.get_by_label("Key", exact=True).fill("NOT A KEY")
    page.get_by_label("Message").fill("Something is new.")
    page.get_by_label("Active").check()
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("link", name="Key").first.click()
    expect(page.get_by_label("Message")).to_have_value("Something is new.")
    page.get_by_label("Key", exact=True).fill("A_KEY")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("status").first).to_contain_text("Saved as change")
    added = site.desk.nobody.get(f"{CODES}/4990002").get_json()
    assert (added["key"], added["status"]) == ("A_KEY", "active")


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_the_pages_are_accessible_and_fit_a_narrow_screen(
    visit: Visit, site: Site, colours: Colours
) -> None:
    page = visit("eda", width=320, colours=colours, allow=(409, 422))
    page.on("dialog", lambda dialog: dialog.accept())

    def look() -> None:
        assert fits_its_width(page), page.url
        assert_accessible(page)

    texts = limits(site)
    write(site.desk.database, "svc", MessageEdit("1", "ko", Texts("{name}: {limit}")))
    write(site.desk.database, "svc", MessageEdit("1", "en", Texts("At most {limit} of {name}.")))
    page.goto(texts)
    page.get_by_text("Delete the texts in ko").click()
    page.locator("#field-text-ko").fill("{limit}")
    look()
    page.get_by_role("button", name="Save ko").click()
    expect(page.locator("#errors")).to_be_visible()
    look()
    write(site.desk.database, "svc", MessageEdit("1", "ko", Texts("{limit}/{name}")))
    page.get_by_role("button", name="Save ko").click()
    expect(page.get_by_text("Both texts, side by side")).to_be_visible()
    look()
    page.goto(texts)
    page.locator("#field-text-en").fill("A limit.")
    page.get_by_role("button", name="Save en").click()
    expect(page.get_by_text("This breaks services")).to_be_visible()
    look()
    page.goto("/browse/services/svc/codes/1/edit")
    look()
    page.get_by_label("Retire").check()
    site.desk.by("edo").patch("/services/svc/codes/1", {"replaced_by": "2"})
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Both, side by side")).to_be_visible()
    look()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("This breaks services")).to_be_visible()
    look()
    page.goto(ADD)
    page.get_by_label("First digits or number").fill("4000")
    page.get_by_role("button", name="Hold them").click()
    expect(page.get_by_text("Held for you until")).to_be_visible()
    look()


def test_who_only_reads_sees_the_same_page_without_forms(visit: Visit) -> None:
    page = visit(width=320)
    page.goto(TEXTS)
    expect(page.get_by_text(KOREAN)).to_be_visible()
    expect(page.locator("main form")).to_have_count(0)
    assert fits_its_width(page)
    assert_accessible(page)
