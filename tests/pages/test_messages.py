"""The texts of a code on one page: read beside their source, written, found stale, never lost."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from app.catalog.edits.creation import NewCode
from app.catalog.edits.messages import MessageEdit
from app.catalog.edits.rows import Texts
from app.catalog.redaction import redact
from tests.api.accounts import SERVICE, Desk
from tests.api.making import KOREAN, LOOKUP, editing, publish, write
from tests.pages.visiting import Page, Visitor, visitor

TEXTS = f"/browse{LOOKUP}/messages"
KO = "#locale-ko form"
EN = "#locale-en form"
MARKUP = "<script>alert(1)</script> & <b>bold</b>"


def now(desk: Desk, locale: str = "ko", code: str = LOOKUP) -> dict[str, object]:
    """What the API tells of a code in a locale."""
    told: dict[str, object] = desk.nobody.get(f"{code}/messages/{locale}").get_json()
    return told


def summary(page: Page) -> str:
    """What is told to be wrong, at the top, where the focus goes."""
    assert page.one("#errors").has_attr("data-focus")
    return " ".join(page.one("#errors").get_text(" ").split())


def limits(desk: Desk, translated: str | None = "한도는 {limit}입니다.") -> str:
    """A code whose text leaves a placeholder open, and maybe a translation; gives its address."""
    translations = [MessageEdit("1", "ko", Texts(translated))] if translated else []
    publish(desk.database, "svc", [NewCode("1", None, Texts("Up to {limit}."))], translations)
    return "/services/svc/codes/1"


# To read


def test_anybody_reads_every_locale_beside_its_source_and_edits_nothing(desk: Desk) -> None:
    page = visitor(desk).open(TEXTS)
    assert page.texts("main section h2") == ["en, the source", "ja Needs review", "ko Needs review"]
    assert page.one("#locale-ko .said[lang=en]").get_text() == "Request Key is invalid or expired."
    assert page.one("#locale-ko .said[lang=ko]").get_text() == KOREAN
    assert not page.all("main form")
    assert "Sign in to edit" in page.main


def test_the_texts_of_a_locale_say_in_which_direction_they_are_written(desk: Desk) -> None:
    write(desk.database, SERVICE, MessageEdit("4000122", "ar", Texts("مفتاح غير صالح")))
    field = visitor(desk, "tara").open(TEXTS).one("#field-text-ar")
    assert (field["lang"], field["dir"]) == ("ar", "rtl")


def test_markup_in_a_text_is_shown_as_text(desk: Desk) -> None:
    edit = MessageEdit("4000122", "ko", Texts(MARKUP, MARKUP, MARKUP))
    write(desk.database, SERVICE, edit, MessageEdit("4000122", "en", Texts(MARKUP)))
    for name in (None, "tara"):
        page = visitor(desk, name).open(TEXTS)
        assert page.main.count(MARKUP) >= 4
        assert not page.all("main script, main b")


@pytest.mark.parametrize("address", ["/services/nope/codes/0/messages", f"{LOOKUP}0/messages"])
def test_what_is_not_there_is_not_found(desk: Desk, address: str) -> None:
    tara = visitor(desk, "tara")
    tara.open(f"/browse{address}", 404)
    tara.open(f"/browse{address}/ko", 404)


def test_the_address_of_one_locale_leads_to_its_place(desk: Desk) -> None:
    response = visitor(desk).client.get(f"{TEXTS}/KO", headers={"Accept": "text/html"})
    assert response.status_code == 303
    assert response.headers["Location"] == f"{TEXTS}#locale-ko"
    visitor(desk).open(f"{TEXTS}/ko")


def test_a_locale_that_is_not_there_is_offered_only_to_who_may_add_it(desk: Desk) -> None:
    for name in (None, "rita", "jaime", "posy"):
        visitor(desk, name).open(f"{TEXTS}/fr", 404)
    visitor(desk, "tara").open(f"{TEXTS}/not_a_tag", 404)
    page = visitor(desk, "tara").open(f"{TEXTS}/FR")
    assert page.address.endswith("?add=fr#locale-fr")
    assert "Missing" in page.one("#locale-fr").get_text()


# Who may write what


@pytest.mark.parametrize(
    ("name", "locales"),
    [
        ("rita", []),
        ("posy", []),
        ("kojin", ["ko"]),
        ("jaime", ["ja"]),
        ("tara", ["en", "ja", "ko"]),
        ("eda", ["en", "ja", "ko"]),
    ],
)
def test_there_is_a_form_only_where_somebody_may_write(
    desk: Desk, name: str, locales: list[str]
) -> None:
    page = visitor(desk, name).open(TEXTS)
    found = [str(it["lang"]) for it in page.all("main textarea[name=text]")]
    assert found == locales
    assert ("Another locale" in page.main) == (name != "rita")


def test_a_form_that_was_not_offered_is_refused(desk: Desk) -> None:
    before = desk.revision
    tara, kojin = visitor(desk, "tara"), visitor(desk, "kojin")
    token = {"csrf_token": kojin.open(TEXTS).value("csrf_token", KO)}
    page = tara.open(TEXTS)
    assert visitor(desk).client.post(f"{TEXTS}/ko", data={"text": "새"}).status_code == 400
    response = kojin.client.post(f"{TEXTS}/ja", data=token | {"text": "新しい"})
    assert response.status_code == 403
    assert desk.revision == before
    assert page.value("state", KO)


# Writing


def test_a_translator_corrects_a_text_and_comes_back_to_it(desk: Desk) -> None:
    tara, before = visitor(desk, "tara"), desk.revision
    typed = {
        "text": "  요청 키가\r\n맞지 않습니다. ",
        "remedy": "다시 발급받으십시오.",
        "reason": "Shorter",
    }
    page = tara.send(tara.open(TEXTS), typed, form=KO)
    assert page.address.endswith(TEXTS)
    assert f"Saved as change {before + 1}." in page.texts("main [role=status]")[0]
    told = now(desk)
    assert (told["text"], told["remedy"]) == ("요청 키가\n맞지 않습니다.", "다시 발급받으십시오.")
    assert told["state"] == "approved"
    assert page.value("text", KO) == told["text"]
    (change,) = desk.changes(before)
    assert (change["actor"], change["reason"]) == ("tara", "Shorter")


def test_what_is_saved_for_review_needs_review(desk: Desk) -> None:
    tara = visitor(desk, "tara")
    page = tara.send(tara.open(TEXTS), {"text": "새 문구", "needs_review": "yes"}, form=KO)
    assert now(desk)["state"] == "needs_review"
    tara.send(page, {}, form=KO)
    assert now(desk)["state"] == "approved"


def test_saving_what_is_there_already_says_so(desk: Desk) -> None:
    tara, before = visitor(desk, "tara"), desk.revision
    page = tara.send(tara.open(TEXTS), {"needs_review": "yes"}, form=KO)
    assert "Nothing was changed" in page.main
    assert desk.revision == before


def test_a_locale_is_added(desk: Desk) -> None:
    tara = visitor(desk, "tara")
    tara.open(TEXTS)
    page = tara.open(f"{TEXTS}?add=pt-br")
    assert page.value("state", "#locale-pt-BR form") == ""
    page = tara.send(page, {"text": "Chave inválida."}, form="#locale-pt-BR form")
    assert now(desk, "pt-BR")["text"] == "Chave inválida."
    assert page.one("#locale-pt-BR")


def test_a_locale_of_the_service_is_there_to_fill_in(desk: Desk) -> None:
    publish(
        desk.database,
        "svc",
        [NewCode("1", None, Texts("one")), NewCode("2", None, Texts("two"))],
        [MessageEdit("2", "ko", Texts("둘"))],
    )
    address = "/browse/services/svc/codes/1/messages"
    assert visitor(desk).open(address).texts("main section h2") == ["en, the source"]
    tara = visitor(desk, "tara")
    page = tara.open(address)
    assert page.texts("main section h2") == ["en, the source", "ko Missing"]
    tara.send(page, {"text": "하나"}, form=KO)
    assert now(desk, code="/services/svc/codes/1")["text"] == "하나"


@pytest.mark.parametrize("tag", ["ko_KR", "a tag", "<b>", "x" * 300])
def test_a_tag_that_is_none_is_told_at_its_field(desk: Desk, tag: str) -> None:
    page = visitor(desk, "tara").open(f"{TEXTS}?add={tag}", 422)
    assert "BCP 47" in page.one("#wrong-add").get_text()
    assert page.one("#field-add")["value"] == tag


def test_a_locale_out_of_scope_is_not_added(desk: Desk) -> None:
    page = visitor(desk, "kojin").open(f"{TEXTS}?add=fr", 422)
    assert page.one("#wrong-add").get_text() == "You may not write in this locale."
    assert not page.all("#locale-fr")


def test_a_translation_is_deleted_and_the_source_is_not(desk: Desk) -> None:
    tara, before = visitor(desk, "tara"), desk.revision
    page = tara.open(TEXTS)
    assert not page.all("#locale-en details")
    tara.send(page, {"reason": "Wrong"}, form="#locale-ko details form")
    assert desk.nobody.get(f"{LOOKUP}/messages/ko").status_code == 404
    (change,) = desk.changes(before)
    assert (change["action"], change["reason"]) == ("message.delete", "Wrong")


def test_a_deletion_of_what_changed_since_is_refused_with_what_is_there_now(desk: Desk) -> None:
    tara = visitor(desk, "tara")
    page = tara.open(TEXTS)
    write(desk.database, SERVICE, MessageEdit("4000122", "ko", Texts("남의 문구")))
    form = "#locale-ko details form"
    page = tara.send(page, {"reason": "Wrong"}, form=form, status=409)
    assert "Somebody else changed it" in summary(page)
    assert page.value("reason", form) == "Wrong"
    assert page.value("text", KO) == "남의 문구"
    tara.send(page, {}, form=form)
    assert desk.nobody.get(f"{LOOKUP}/messages/ko").status_code == 404


def test_under_four_eyes_a_text_becomes_a_proposal(desk: Desk) -> None:
    desk.by("ada").patch(f"/services/{SERVICE}", {"four_eyes": True})
    tara, before = visitor(desk, "tara"), desk.revision
    page = tara.send(tara.open(TEXTS), {"text": "새 문구"}, form=KO)
    assert "Proposed as number 1" in page.main
    assert (desk.revision, now(desk)["text"]) == (before, KOREAN)


# Refused


BAD_TEXTS = [
    ("text", "control\x07", "U+0007"),
    ("text", "turned\u202etxet", "U+202E"),
    ("description", "long" * 1001, "4,000"),
    ("remedy", "\x00", "U+0000"),
    ("reason", "why\x01", "U+0001"),
]


@pytest.mark.parametrize(("name", "text", "told"), BAD_TEXTS)
def test_a_text_that_is_unfit_is_told_at_its_field_and_nothing_typed_is_lost(
    desk: Desk, name: str, text: str, told: str
) -> None:
    tara, before = visitor(desk, "tara"), desk.revision
    typed = {
        "text": "새 문구",
        "description": "설명",
        "remedy": "해결",
        "reason": "Why not",
        "needs_review": "yes",
    } | {name: text}
    page = tara.send(tara.open(TEXTS), typed, form=KO, status=422)
    assert told in page.one(f"#wrong-{name}-ko").get_text()
    assert told in summary(page)
    assert page.one(f"#errors a[href='#field-{name}-ko']")
    field = page.one(f"#field-{name}-ko")
    assert field["aria-invalid"] == "true"
    assert f"wrong-{name}-ko" in str(field["aria-describedby"])
    assert {it: page.value(it, KO) for it in typed} == typed
    assert desk.revision == before
    tara.send(page, {name: "맞는 문구"}, form=KO)
    assert now(desk)["state"] == "needs_review"


def test_a_message_without_any_text_is_refused(desk: Desk) -> None:
    tara = visitor(desk, "tara")
    page = tara.send(tara.open(TEXTS), {"text": " \n "}, form=KO, status=422)
    assert page.one("#wrong-text-ko").get_text() == "A message needs at least one text."


def test_the_placeholders_of_the_source_are_shown_and_others_refused(desk: Desk) -> None:
    address = limits(desk)
    tara = visitor(desk, "tara")
    page = tara.open(f"/browse{address}/messages")
    assert page.one("#hint-text-ko").get_text() == "Keep these as they are: {limit}"
    told = page.one("[data-check='field-text-ko']")
    assert (told["role"], told["data-source"]) == ("status", "{limit}")
    page = tara.send(page, {"text": "한도는 {limt}입니다."}, form=KO, status=422)
    assert "the placeholders are {limt}, in the source {limit}" in summary(page)
    assert page.value("text", KO) == "한도는 {limt}입니다."


def test_a_tag_in_the_address_that_is_none_is_refused_with_what_was_typed(desk: Desk) -> None:
    tara = visitor(desk, "tara")
    token = tara.open(TEXTS).value("csrf_token", KO)
    data = {"csrf_token": token, "text": "my text"}
    response = tara.client.post(f"{TEXTS}/ko_KR", data=data, headers={"Accept": "text/html"})
    assert response.status_code == 422
    assert "my text" in response.get_data(as_text=True)


def test_what_is_typed_for_a_code_that_is_gone_is_not_lost(desk: Desk) -> None:
    draft = NewCode("1", None, Texts("one"), status="draft")
    publish(desk.database, "svc", [draft])
    tara = visitor(desk, "tara")
    page = tara.open("/browse/services/svc/codes/1/messages?add=ko")
    assert desk.by("eda").delete("/services/svc/codes/1").status_code == 204
    page = tara.send(page, {"text": "많이 썼습니다"}, form=KO, status=404)
    assert "많이 썼습니다" in page.main


# Somebody else was first


def collide(desk: Desk, typed: Mapping[str, str], locale: str = "ko") -> tuple[Visitor, Page]:
    """A translator, and the page that they get because somebody else was first."""
    tara = visitor(desk, "tara")
    page = tara.open(f"{TEXTS}?add={locale}")
    theirs = {"text": "남의 문구", "description": "남의 설명", "reason": "Mine is better"}
    api = desk.by("edo")
    address = f"{LOOKUP}/messages/{locale}"
    assert api.put(address, theirs, tag=api.tag(address)).status_code in (200, 201)
    return tara, tara.send(page, dict(typed), form=f"#locale-{locale} form", status=409)


TYPED = {
    "text": "나의 문구",
    "description": "나의 설명",
    "remedy": "나의 해결",
    "needs_review": "yes",
    "reason": "Mine",
}


@pytest.mark.parametrize("locale", ["ko", "fr"])
def test_a_conflict_shows_both_texts_and_keeps_what_was_typed(desk: Desk, locale: str) -> None:
    tara, page = collide(desk, TYPED, locale)
    assert "Somebody else changed it" in summary(page)
    shown = " ".join(page.one("[aria-labelledby=collision]").get_text(" ").split())
    assert "Changed by edo" in shown
    assert "Mine is better" in shown
    assert page.one(f"a[href='/browse/changes/{desk.revision}']")
    assert page.texts(".diff del") == ["남", "남"]
    assert page.texts(".diff ins")[:2] == ["나", "나"]
    form = f"#locale-{locale} form"
    assert {name: page.value(name, form) for name in TYPED} == TYPED
    assert now(desk, locale)["text"] == "남의 문구"
    # Once seen, it is put in place of the other.
    tara.send(page, {}, form=form)
    assert now(desk, locale)["text"] == "나의 문구"


def test_what_was_not_touched_is_left_as_somebody_else_made_it(desk: Desk) -> None:
    tara, page = collide(desk, {"text": "나의 문구"})
    assert page.value("description", KO) == "남의 설명"
    tara.send(page, {}, form=KO)
    assert (now(desk)["text"], now(desk)["description"]) == ("나의 문구", "남의 설명")


def test_theirs_is_a_link_away(desk: Desk) -> None:
    tara, page = collide(desk, TYPED)
    theirs = page.one("[aria-labelledby=collision] a.button")
    assert theirs["href"] == f"{TEXTS}#locale-ko"
    assert tara.open(str(theirs["href"])).value("text", KO) == "남의 문구"


def test_who_was_second_twice_is_told_twice(desk: Desk) -> None:
    tara, page = collide(desk, TYPED)
    write(desk.database, SERVICE, MessageEdit("4000122", "ko", Texts("또 남의 문구")))
    page = tara.send(page, {}, form=KO, status=409)
    assert "또 남의 문구" in page.main
    assert page.value("text", KO) == TYPED["text"]


def test_what_was_deleted_meanwhile_is_written_again_knowingly(desk: Desk) -> None:
    tara = visitor(desk, "tara")
    page = tara.open(TEXTS)
    assert desk.by("edo").delete(f"{LOOKUP}/messages/ko").status_code == 204
    page = tara.send(page, TYPED, form=KO, status=409)
    assert "Deleted by edo" in page.main
    assert page.value("state", KO) == ""
    assert {name: page.value(name, KO) for name in TYPED} == TYPED
    tara.send(page, {}, form=KO)
    assert now(desk)["text"] == TYPED["text"]


def test_an_edit_of_another_locale_is_no_conflict(desk: Desk) -> None:
    tara = visitor(desk, "tara")
    page = tara.open(TEXTS)
    write(desk.database, SERVICE, MessageEdit("4000122", "ja", Texts("新しい")))
    tara.send(page, {"text": "새 문구"}, form=KO)
    assert now(desk)["text"] == "새 문구"


# What breaks consumers


def test_dropping_a_placeholder_asks_why_in_words_and_keeps_what_was_typed(desk: Desk) -> None:
    address, before = limits(desk), desk.revision
    eda = visitor(desk, "eda")
    typed = {"text": "There is a limit.", "remedy": "Send less.", "reason": "Simpler"}
    page = eda.send(eda.open(f"/browse{address}/messages"), typed, form=EN, status=409)
    assert "This breaks services that use the code" in page.main
    assert page.one("fieldset ul[lang=en]").get_text() == "1: the text drops {limit}"
    assert {name: page.value(name, EN) for name in typed} == typed
    assert desk.revision == before
    eda.send(page, {"breaking": "Nobody fills it in"}, form=EN)
    change = desk.changes(before)[0]
    assert (change["breaking"], change["reason"]) == ("Nobody fills it in", "Simpler")
    assert now(desk, "en", address)["text"] == "There is a limit."


def test_an_answer_to_that_question_is_not_lost_with_another_refusal(desk: Desk) -> None:
    address = limits(desk)
    eda = visitor(desk, "eda")
    page = eda.open(f"/browse{address}/messages")
    page = eda.send(page, {"text": "There is a limit."}, form=EN, status=409)
    said = {"breaking": "Nobody fills it in", "description": "\x01"}
    page = eda.send(page, said, form=EN, status=422)
    assert page.value("breaking", EN) == "Nobody fills it in"
    eda.send(page, {"description": ""}, form=EN)
    assert now(desk, "en", address)["text"] == "There is a limit."


# Stale


def test_a_stale_text_shows_its_source_as_it_was_and_as_it_is(desk: Desk) -> None:
    write(desk.database, SERVICE, MessageEdit("4000122", "en", Texts("Request Key is unknown.")))
    page = visitor(desk).open(TEXTS)
    notice = "#locale-ko .notice.warn"
    assert "As it was translated" in page.one(notice).get_text()
    assert page.texts(f"{notice} .said[lang=en]") == ["Request Key is invalid or expired."]
    assert page.texts(f"{notice} .diff del") == ["invalid or expired"]
    assert page.texts(f"{notice} .diff ins") == ["unknown"]


def test_what_still_fits_is_affirmed_by_one_button(desk: Desk) -> None:
    write(desk.database, SERVICE, MessageEdit("4000122", "en", Texts("Request Key is unknown.")))
    tara = visitor(desk, "tara")
    page = tara.open(TEXTS)
    page = tara.send(page, {"needs_review": "yes"}, form=KO, button="yes")
    told = now(desk)
    assert (told["text"], told["stale"], told["state"]) == (KOREAN, False, "approved")
    assert not page.all("#locale-ko .notice.warn, #locale-ko button[name=fits]")


def test_a_typo_mended_in_a_stale_text_leaves_it_stale(desk: Desk) -> None:
    write(desk.database, SERVICE, MessageEdit("4000122", "en", Texts("Request Key is unknown.")))
    tara = visitor(desk, "tara")
    tara.send(tara.open(TEXTS), {"text": "요청 키!", "typo": "yes"}, form=KO)
    assert (now(desk)["text"], now(desk)["stale"]) == ("요청 키!", True)


def test_a_typo_mended_in_the_source_leaves_translations_fresh(desk: Desk) -> None:
    eda = visitor(desk, "eda")
    typed = {"text": "Request key is invalid or expired.", "typo": "yes"}
    page = eda.send(eda.open(TEXTS), typed, form=EN)
    assert not page.all(".mark.stale")
    page = eda.send(page, {"text": "Request key is unknown."}, form=EN)
    assert len(page.all("section .mark.stale")) == 2


def test_a_typo_that_is_more_is_told_at_its_box(desk: Desk) -> None:
    address = limits(desk)
    eda = visitor(desk, "eda")
    page = eda.open(f"/browse{address}/messages")
    page = eda.send(page, {"text": "Up to {limit} {unit}.", "typo": "yes"}, form=EN, status=422)
    assert "more than a typo" in page.one("#wrong-typo-en").get_text()
    assert page.value("typo", EN) == "yes"


def test_a_source_that_is_not_known_any_more_is_said_to_be_so(desk: Desk) -> None:
    eda = desk.by("eda")
    english = f"{LOOKUP}/messages/en"
    eda.put(english, {"text": "A secret."}, tag="*")
    secret = desk.revision
    eda.put(f"{LOOKUP}/messages/ko", {"text": "비밀"}, tag="*")
    eda.put(english, {"text": "Request Key is unknown."}, tag="*")
    with editing(desk.database, SERVICE) as (changes, _):
        redact(changes, secret)
    told = visitor(desk).open(TEXTS).one("#locale-ko .notice.warn").get_text(" ")
    assert "What it said then is not known" in told
    assert "Request Key is unknown." in told
    assert "[redacted]" not in told


# Suggestions


def test_translations_of_the_same_text_elsewhere_are_suggested(desk: Desk) -> None:
    source = "A text that stands in two services."
    for slug in ("one", "two"):
        publish(desk.database, slug, [NewCode("1", None, Texts(source))])
    write(desk.database, "one", MessageEdit("1", "ko", Texts("같은 <b>문구</b>입니다.")))
    address = "/browse/services/two/codes/1/messages?add=ko"
    page = visitor(desk, "tara").open(address)
    assert page.one("#locale-ko .list .said").get_text() == "같은 <b>문구</b>입니다."
    assert page.one("#locale-ko .list a[href='/browse/services/one/codes/1']")
    button = page.one("#locale-ko .list button[data-fill]")
    assert (button["data-fill"], button["data-text"]) == (
        "field-text-ko",
        "같은 <b>문구</b>입니다.",
    )
    # It does nothing without scripts, which show it.
    assert button.has_attr("hidden")


def test_of_a_text_that_is_only_alike_it_is_told_what_it_translates(desk: Desk) -> None:
    publish(desk.database, "one", [NewCode("1", None, Texts("The key is unknown to us."))])
    publish(desk.database, "two", [NewCode("1", None, Texts("The key is unknown to you."))])
    write(desk.database, "one", MessageEdit("1", "ko", Texts("모르는 키입니다.")))
    page = visitor(desk, "tara").open("/browse/services/two/codes/1/messages?add=ko")
    shown = page.texts("#locale-ko .list li")[0]
    assert shown.startswith("모르는 키입니다. from one/1 · 9")
    assert "% alike: The key is unknown to us." in shown
    assert page.one("#locale-ko .list .said[lang=en]")


def test_what_is_said_here_already_is_not_suggested(desk: Desk) -> None:
    source = "A text that stands in two services."
    for slug in ("one", "two"):
        publish(desk.database, slug, [NewCode("1", None, Texts(source))])
        write(desk.database, slug, MessageEdit("1", "ko", Texts("같은 문구")))
    page = visitor(desk, "tara").open("/browse/services/two/codes/1/messages")
    assert not page.all("#locale-ko .list")


def test_who_only_reads_is_suggested_nothing(desk: Desk) -> None:
    source = "A text that stands in two services."
    for slug in ("one", "two"):
        publish(desk.database, slug, [NewCode("1", None, Texts(source))])
    write(desk.database, "one", MessageEdit("1", "ko", Texts("같은 문구")))
    write(desk.database, "two", MessageEdit("1", "ko", Texts("다른 문구")))
    page = visitor(desk).open("/browse/services/two/codes/1/messages")
    assert "같은 문구" not in page.main
