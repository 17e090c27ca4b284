"""Documents in by a plan that is looked at first, and out in every format."""

from __future__ import annotations

import gzip
import random
from io import BytesIO
from typing import Any

import pytest

from app.access.roles import Role
from app.catalog.edits.messages import MessageEdit
from app.catalog.edits.rows import Texts
from app.catalog.edits.services import change_service
from app.edge.limits import BODY_LIMIT
from app.exchange.formats import BY_NAME, FORMATS
from tests.api.accounts import OTHER_SERVICE, PEOPLE, SERVICE, Desk
from tests.api.making import CODES, KOREAN, editing, write
from tests.api.test_documents import HARMFUL
from tests.pages.visiting import BROWSER, Page, Visitor, visitor

IMPORT = f"/browse/services/{SERVICE}/import"
EXPORT = f"/browse/services/{SERVICE}/export"
TABLE = "| Code | Message |\n|---|---|\n"
# One text that is new and one that is another.
TWO = f"{TABLE}| 4990001 | New. |\n| 0 | Fine. |\n"
BREAKING = "| Code | Key | Message |\n|---|---|---|\n| 4000122 | OTHER | Other. |\n"


def file(content: str | bytes, name: str = "x.md") -> Any:
    """A file as a form sends it."""
    return (BytesIO(content.encode() if isinstance(content, str) else content), name)


def plan_of(somebody: Visitor, text: str = TWO, status: int = 200, **more: Any) -> Page:
    """The plan of what was pasted."""
    fields = {"text": text, "format": "markdown"} | more
    return somebody.send(somebody.open(IMPORT), fields, status=status)


def apply(somebody: Visitor, plan: Page, status: int = 200, **more: Any) -> Page:
    """What comes when a plan is carried out."""
    return somebody.send(plan, more, form="#apply", status=status)


def message(desk: Desk, code: str, locale: str = "en") -> Any:
    """What the API says of a code now."""
    return desk.nobody.get(f"{CODES}/{code}?locale={locale}").get_json()["message"]


def demand_four_eyes(desk: Desk) -> None:
    """Let nobody edit the service alone."""
    with editing(desk.database, SERVICE) as (changes, service):
        change_service(changes, service, {"four_eyes": True})


def test_a_document_is_shown_as_what_it_would_change_before_anything_changes(desk: Desk) -> None:
    before = desk.revision
    plan = plan_of(visitor(desk, "eda"))
    assert "Success" in plan.one("#changed del").get_text()
    assert "Fine." in plan.one("#changed ins").get_text()
    diff = plan.one("#changed .diff")
    assert (diff["lang"], diff["dir"]) == ("en", "ltr")
    assert plan.texts("#new li") == ["4990001 Line 3 New."]
    assert "43" in plan.one("#missing summary").get_text()
    assert desk.revision == before


def test_what_was_looked_at_is_loaded_as_one_change_set_with_its_reason(desk: Desk) -> None:
    before = desk.revision
    eda = visitor(desk, "eda")
    page = apply(eda, plan_of(eda), reason="The new page")
    assert page.address == f"/browse/services/{SERVICE}"
    assert f"Saved as change {before + 2}" in page.main
    changes = desk.changes(before)
    assert {(it["actor"], it["reason"], it["change_set"]) for it in changes} == {
        ("eda", "The new page", before + 1)
    }
    assert (message(desk, "0"), message(desk, "4990001")) == ("Fine.", "New.")


def test_a_file_says_its_format_by_its_name_and_its_locale_by_itself(desk: Desk) -> None:
    eda = visitor(desk, "eda")
    out = desk.nobody.get(f"/services/{SERVICE}/export?format=po&locale=ko").get_data(as_text=True)
    changed = out.replace(KOREAN, "새 문구")
    assert changed != out
    plan = eda.send(eda.open(IMPORT), {"file": file(changed, "svc.KO.PO")})
    assert "Locale of the texts ko" in plan.main
    assert plan.one("#changed .diff")["lang"] == "ko"
    apply(eda, plan)
    assert message(desk, "4000122", "ko") == "새 문구"


def test_a_chosen_format_and_locale_count(desk: Desk) -> None:
    eda = visitor(desk, "eda")
    fields = {"file": file("code,message\n0,성공!\n", "x.txt"), "format": "csv", "locale": "KO"}
    apply(eda, eda.send(eda.open(IMPORT), fields))
    assert message(desk, "0", "ko") == "성공!"
    assert message(desk, "0") == "Success"


def test_what_a_document_leaves_out_is_retired_where_that_was_asked_for(desk: Desk) -> None:
    eda = visitor(desk, "eda")
    plan = plan_of(eda, retire_missing="yes")
    assert "43" in plan.one("#retired h2").get_text()
    assert "it is retired without having been deprecated" in plan.main
    before = desk.revision
    page = apply(eda, plan, 409, reason="Cleaning")
    assert page.value("reason", "#apply") == "Cleaning"
    assert "Say why" in page.one("#errors").get_text()
    assert desk.revision == before
    apply(eda, page, breaking="Nobody uses them.")
    assert desk.nobody.get(f"{CODES}/4000122").get_json()["status"] == "retired"
    assert desk.changes(before)[-1]["breaking"] == "Nobody uses them."


def test_what_breaks_consumers_is_asked_for_in_words_before_it_is_loaded(desk: Desk) -> None:
    eda = visitor(desk, "eda")
    plan = plan_of(eda, BREAKING)
    assert "becomes OTHER" in plan.one("#apply fieldset").get_text()
    assert plan.one("#apply [name=breaking]").has_attr("required")
    apply(eda, plan, 409)
    apply(eda, plan, breaking="  ", status=409)
    assert desk.nobody.get(f"{CODES}/4000122").get_json()["key"] != "OTHER"
    apply(eda, plan, breaking="It was misspelt.")
    assert desk.nobody.get(f"{CODES}/4000122").get_json()["key"] == "OTHER"


def test_an_unfit_reason_is_told_at_its_field_and_kept(desk: Desk) -> None:
    eda = visitor(desk, "eda")
    page = apply(eda, plan_of(eda), 422, reason="x" * 4001)
    assert page.value("reason", "#apply") == "x" * 4001
    assert page.one("#field-reason")["aria-invalid"] == "true"


def test_nothing_is_loaded_while_rows_are_refused_unless_they_are_skipped(desk: Desk) -> None:
    eda, before = visitor(desk, "eda"), desk.revision
    plan = plan_of(eda, f"{TWO}| x x | What? |\n")
    assert plan.texts("#refused li") == ["Line 5 “x x” is not a code"]
    page = apply(eda, plan, 422, reason="Half")
    assert "1 row cannot be taken" in page.one("#wrong-skip_refused").get_text()
    assert page.value("reason", "#apply") == "Half"
    assert desk.revision == before
    apply(eda, page, skip_refused="yes")
    assert message(desk, "0") == "Fine."


def test_a_plan_that_has_become_another_is_shown_anew_and_not_carried_out(desk: Desk) -> None:
    eda = visitor(desk, "eda")
    plan = plan_of(eda)
    write(desk.database, SERVICE, MessageEdit("0", "en", Texts("All went well.")))
    before = desk.revision
    page = apply(eda, plan, 409, reason="As planned")
    assert "another than the one that you saw" in page.one("#errors").get_text()
    assert "All went well" in page.one("#changed del").get_text()
    assert page.value("reason", "#apply") == "As planned"
    assert desk.revision == before
    apply(eda, page)
    assert message(desk, "0") == "Fine."


def test_what_changes_elsewhere_leaves_a_plan_as_it_is(desk: Desk) -> None:
    eda = visitor(desk, "eda")
    plan = plan_of(eda)
    write(desk.database, OTHER_SERVICE, MessageEdit("0", "en", Texts("All went well.")))
    apply(eda, plan)
    assert message(desk, "0") == "Fine."


def test_a_document_that_says_what_is_said_has_nothing_to_load(desk: Desk) -> None:
    page = plan_of(visitor(desk, "eda"), f"{TABLE}| 0 | Success |\n")
    assert "nothing to load" in page.main
    assert page.all("#apply") == []


def test_a_document_becomes_a_proposal_where_four_eyes_are_demanded(desk: Desk) -> None:
    demand_four_eyes(desk)
    eda, before = visitor(desk, "eda"), desk.revision
    plan = plan_of(eda)
    assert "becomes a proposal" in plan.one("#apply").get_text()
    assert "Proposed as number 1" in apply(eda, plan).main
    assert desk.revision == before
    desk.by("edo").post(f"/services/{SERVICE}/proposals/1/approve", {})
    assert message(desk, "0") == "Fine."
    assert "becomes a proposal" not in plan_of(visitor(desk, "ada")).main


@pytest.mark.parametrize("name", PEOPLE)
def test_only_editors_of_the_service_import(desk: Desk, name: str) -> None:
    person = PEOPLE[name]
    may = person.role >= Role.EDITOR and person.services in ((), (SERVICE,))
    somebody = visitor(desk, name)
    plan = plan_of(visitor(desk, "eda"))
    somebody.open(IMPORT, 200 if may else 403)
    token = somebody.open("/browse/preferences").value("csrf_token", "header form")
    sent = {"csrf_token": token, "text": TWO, "format": "markdown"}
    response = somebody.client.post(IMPORT, data=sent, headers=somebody._headers)
    assert response.status_code == (200 if may else 403)
    shown = {"csrf_token": token, "shown": plan.value("shown", "#apply")}
    response = somebody.client.post(IMPORT, data=sent | shown, headers=somebody._headers)
    assert response.status_code == (303 if may else 403)
    assert (message(desk, "0") == "Fine.") is may
    link = somebody.open(EXPORT).all(f"main a[href='{IMPORT}']")
    assert bool(link) is may


def test_who_is_not_signed_in_is_led_to_sign_in_and_changes_nothing(desk: Desk) -> None:
    nobody = visitor(desk)
    assert nobody.open(IMPORT).address == f"/browse/sign-in?next={IMPORT}"
    assert nobody.open(EXPORT).all(f"main a[href='{IMPORT}']") == []
    before = desk.revision
    response = nobody.client.post(IMPORT, data={"text": TWO, "format": "markdown"})
    assert response.status_code == 400
    assert desk.revision == before


def test_a_document_of_who_is_not_signed_in_is_not_even_read(desk: Desk) -> None:
    nobody = visitor(desk)
    token = nobody.open("/browse/preferences").value("csrf_token")
    fields = {"csrf_token": token, "text": "x" * BODY_LIMIT, "format": "markdown"}
    response = nobody.client.post(IMPORT, data=fields, headers=BROWSER)
    assert (response.status_code, response.mimetype) == (401, "text/html")
    assert len(response.get_data()) < 10_000


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({}, "file", "Choose a file"),
        ({"text": " \n ", "format": "markdown"}, "file", "Choose a file"),
        ({"text": TWO}, "format", "in which format"),
        ({"text": TWO, "format": "go"}, "format", "in which format"),
        ({"text": TWO, "format": "nonsense"}, "format", "in which format"),
        ({"file": (TWO, "x.txt")}, "format", "the name of the file does not tell"),
        ({"file": (TWO, "md")}, "format", "the name of the file does not tell"),
        ({"file": ("", "x.csv")}, "file", "empty"),
        ({"file": ("\ufeff\n", "x.csv")}, "file", "empty"),
        ({"file": (b"code,message\n0,d\xe9j\xe0\n", "x.csv")}, "file", "not UTF-8, from line 2 on"),
        ({"file": (TWO, "x.md"), "text": TWO}, "text", "not both"),
        ({"file": ("{", "x.json")}, "file", "Line 1"),
        ({"file": ("Only words.", "x.md")}, "file", "no"),
        ({"text": TWO, "format": "xliff"}, "text", "Line 1"),
        ({"text": TWO, "format": "markdown", "locale": "k_o"}, "locale", "BCP 47"),
    ],
)
def test_a_bad_document_is_told_in_words_at_its_field_and_nothing_typed_is_lost(
    desk: Desk, fields: dict[str, Any], field: str, words: str
) -> None:
    eda = visitor(desk, "eda")
    # Browsers send a file without a name where none was chosen.
    sent: dict[str, Any] = {"file": ("", ""), **fields, "retire_missing": "yes"}
    sent["file"] = file(*sent["file"])
    page = eda.send(eda.open(IMPORT), sent, status=422)
    assert words in page.one(f"#wrong-{field}").get_text()
    assert page.one(f"#errors a[href='#field-{field}']")
    assert page.value("text", "main form[method=post]") == fields.get("text", "")
    assert page.value("locale", "main form[method=post]") == fields.get("locale", "")
    assert page.one("[name=retire_missing]").has_attr("checked")


def test_too_long_a_text_is_told_at_its_field_and_kept(desk: Desk) -> None:
    eda = visitor(desk, "eda")
    token = eda.open(IMPORT).value("csrf_token", "main form[method=post]")
    fields = {"csrf_token": token, "format": "csv", "text": "x" * 1_000_001}
    parts = (
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    response = eda.client.post(
        IMPORT,
        data=("".join(parts) + "--x--\r\n").encode(),
        content_type="multipart/form-data; boundary=x",
    )
    assert response.status_code == 413
    text = response.get_data(as_text=True)
    assert 'id="wrong-text"' in text
    assert fields["text"] in text


def test_a_locale_other_than_the_documents_own_is_refused(desk: Desk) -> None:
    eda = visitor(desk, "eda")
    out = desk.nobody.get(f"/services/{SERVICE}/export?format=json&locale=ko").get_data()
    fields = {"file": file(out, "x.json"), "locale": "ja"}
    page = eda.send(eda.open(IMPORT), fields, status=422)
    assert "in ko" in page.one("#wrong-locale").get_text()


@pytest.mark.parametrize("text", HARMFUL.values(), ids=HARMFUL)
def test_xml_that_could_do_harm_is_told_by_its_line(desk: Desk, text: str) -> None:
    eda, before = visitor(desk, "eda"), desk.revision
    page = eda.send(eda.open(IMPORT), {"file": file(text, "x.xlf")}, status=422)
    assert "Line 1" in page.one("#wrong-file").get_text()
    assert "root:" not in page.text
    assert desk.revision == before


def test_texts_of_a_document_are_text_and_never_html(desk: Desk) -> None:
    harm = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    page = plan_of(
        visitor(desk, "eda"),
        f"code,message,description\n4990001,{harm},{harm}\n0,{harm},\n{harm},x\n",
        format="csv",
    )
    assert harm in page.one("#new").get_text()
    assert page.all("main img, main script") == []


def test_a_long_plan_is_cut_and_says_by_how_much(desk: Desk) -> None:
    rows = "".join(f"{4100000 + number},Text {number}.\n" for number in range(250))
    refused = "".join(f"x x {number},Text\n" for number in range(130))
    page = plan_of(visitor(desk, "eda"), f"code,message\n{rows}{refused}", format="csv")
    assert len(page.all("#new li")) == 100
    assert "150 more are not shown" in page.one("#new").get_text()
    assert "30 more are not shown" in page.one("#refused").get_text()
    assert "New 250" in page.main


def large(seed: int = 1) -> str:
    """A document of 5,000 rows, whose texts do not pack well."""
    made = random.Random(seed)
    words = ("".join(made.choices("abcdefghijklmnopqrstuvwxyz ", k=60)) for _ in range(5000))
    return "code,message\n" + "".join(
        f"{4100000 + number},{text.strip() or 'x'}.\n" for number, text in enumerate(words)
    )


def weight(page: Page) -> int:
    """How many bytes of a page go over the line."""
    return len(gzip.compress(page.response.get_data(), 6))


def test_a_large_file_is_chosen_once_more_so_that_its_plan_stays_light(desk: Desk) -> None:
    eda = visitor(desk, "eda")
    plan = eda.send(eda.open(IMPORT), {"file": file(large(), "x.csv")})
    assert plan.all("#apply [name=document]") == []
    assert plan.one("#apply [name=file]").has_attr("required")
    assert weight(plan) < 100_000
    page = apply(eda, plan, 409, file=file(large(2), "x.csv"))
    assert "it was another file" in page.one("#errors").get_text()
    page = apply(eda, plan, 422)
    assert "Choose a file" in page.one("#wrong-file").get_text()
    apply(eda, plan, file=file(large(), "y.csv"))
    assert desk.nobody.get(f"/services/{SERVICE}").get_json()["codes"] == 44 + 5000


def test_what_was_pasted_is_carried_however_long_it_is(desk: Desk) -> None:
    eda = visitor(desk, "eda")
    plan = plan_of(eda, large(), format="csv")
    apply(eda, plan)
    assert desk.nobody.get(f"/services/{SERVICE}").get_json()["codes"] == 44 + 5000


def test_a_file_of_usual_size_is_carried_and_its_page_stays_light(desk: Desk) -> None:
    eda = visitor(desk, "eda")
    text = "".join(large().splitlines(keepends=True)[:700])
    plan = eda.send(eda.open(IMPORT), {"file": file(text, "x.csv")})
    assert plan.value("document", "#apply")
    assert weight(plan) < 100_000


@pytest.mark.parametrize("carried", ["x", "SGFsbG8=", "H4sIAAAAAAAC", "한"])
def test_a_carried_document_that_was_meddled_with_is_asked_for_again(
    desk: Desk, carried: str
) -> None:
    eda = visitor(desk, "eda")
    page = apply(eda, plan_of(eda), 422, document=carried)
    assert "choose it again" in page.one("#wrong-file").get_text()


def test_a_service_that_is_not_there_takes_and_gives_no_documents(desk: Desk) -> None:
    ada = visitor(desk, "ada")
    ada.open("/browse/services/nowhere/import", 404)
    ada.open("/browse/services/nowhere/export", 404)
    ada.open("/browse/services/nowhere/export?format=csv", 404)


@pytest.mark.parametrize("name", BY_NAME)
def test_every_format_is_offered_with_what_it_is_for_and_is_what_the_api_gives(
    desk: Desk, name: str
) -> None:
    page = visitor(desk).open(f"{EXPORT}?locale=KO")
    (link,) = page.all(f"main a[href*='format={name}&']")
    item = link.find_parent("li")
    assert item is not None
    assert ("Can be imported" in item.get_text()) is (BY_NAME[name].parse is not None)
    assert item.select(".quiet")
    given = desk.app.test_client().get(str(link["href"]))
    api = desk.nobody.get(f"/services/{SERVICE}/export?format={name}&locale=ko")
    assert given.data == api.data
    for header in ("Content-Type", "Content-Language", "Content-Disposition"):
        assert given.headers[header] == api.headers[header]
    assert given.headers["Cache-Control"] == "private, no-cache"
    assert len(page.all("main .list li")) == len(FORMATS)


def test_a_document_goes_out_for_a_locale_that_nobody_translated_to(desk: Desk) -> None:
    nobody = visitor(desk)
    page = nobody.open(f"{EXPORT}?locale=fr")
    assert page.value("locale", "main form[method=get]") == "fr"
    link = page.one("main a[href*='format=json']")
    told = nobody.client.get(str(link["href"])).get_json()
    assert (told["locale"], len(told["codes"])) == ("fr", 44)


def test_without_a_locale_documents_are_in_that_of_the_service(desk: Desk) -> None:
    page = visitor(desk, **{"Accept-Language": "ko"}).open(EXPORT)
    assert "locale=en" in str(page.one("main a[href*='format=csv']")["href"])


def test_what_is_no_locale_is_told_at_its_field(desk: Desk) -> None:
    for address in (f"{EXPORT}?locale=k_o", f"{EXPORT}?locale=k_o&format=csv"):
        page = visitor(desk).open(address, 422)
        assert "BCP 47" in page.one("#wrong-locale").get_text()
        assert page.value("locale", "main form[method=get]") == "k_o"


@pytest.mark.parametrize("name", ["", "CSV", "docx"])
def test_a_format_that_is_none_is_a_problem(desk: Desk, name: str) -> None:
    page = visitor(desk).open(f"{EXPORT}?format={name}", 400)
    assert "There is no such format" in page.main


def test_a_document_that_has_not_changed_is_not_sent_again(desk: Desk) -> None:
    client = desk.app.test_client()
    address = f"{EXPORT}?format=csv&locale=ko"
    tag = client.get(address).headers["ETag"]
    again = client.get(address, headers={"If-None-Match": tag, "Accept-Encoding": "gzip"})
    assert (again.status_code, again.data) == (304, b"")
