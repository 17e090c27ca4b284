"""Documents over HTTP: out in every format, and in with the media type of each."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient

from app.catalog.edits.messages import MessageEdit
from app.catalog.edits.rows import Texts
from app.exchange.formats import BY_NAME
from tests.api.accounts import SERVICE, Desk
from tests.api.making import KOREAN, write

EXPORT = f"/services/{SERVICE}/export"
IMPORT = f"/services/{SERVICE}/import"
NAMES = {
    "markdown": ("text/markdown", "document-recognizer.ko.md"),
    "csv": ("text/csv", "document-recognizer.ko.csv"),
    "json": ("application/json", "document-recognizer.ko.json"),
    "po": ("text/x-gettext-translation", "document-recognizer.ko.po"),
    "xliff": ("application/xliff+xml", "document-recognizer.ko.xliff"),
}
# The same two texts in each of the formats: one is new, one another wording.
IN = {
    "text/markdown": "| Code | Message |\n|---|---|\n| 4990001 | New. |\n| 0 | Fine. |\n",
    "text/csv": "code,message\n4990001,New.\n0,Fine.\n",
    "application/json": json.dumps(
        {"codes": [{"code": "4990001", "message": "New."}, {"code": "0", "message": "Fine."}]}
    ),
    "text/x-gettext-translation": (
        'msgctxt "4990001"\nmsgid "New."\nmsgstr "New."\n\nmsgctxt "0"\nmsgid ""\nmsgstr "Fine."\n'
    ),
    "application/xliff+xml": (
        '<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">'
        '<file original="x" source-language="en" datatype="plaintext"><body>'
        '<trans-unit id="4990001"><source/><target>New.</target></trans-unit>'
        '<trans-unit id="0"><source/><target>Fine.</target></trans-unit>'
        "</body></file></xliff>"
    ),
}
UNIT = IN["application/xliff+xml"]
HARMFUL = {
    "an entity": f'<!DOCTYPE x [<!ENTITY a "boo">]>{UNIT.replace("New.", "&a;")}',
    "an entity of entities": f'<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]>{UNIT}',
    "a file of the server": f'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>{UNIT}',
    "a definition elsewhere": f'<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">{UNIT}',
    "an entity nobody declared": UNIT.replace("New.", "&a;"),
    "an instruction": f'<?xml-stylesheet href="x"?>{UNIT}',
    "half a file": UNIT[:-20],
    "another kind of XML": "<svg xmlns='http://www.w3.org/2000/svg'/>",
}


@pytest.mark.parametrize("name", BY_NAME)
def test_a_service_goes_out_in_every_format(reader: FlaskClient, name: str) -> None:
    form = BY_NAME[name]
    response = reader.get(f"{EXPORT}?format={name}&locale=ko")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == f"{form.media_type}; charset=utf-8"
    assert response.headers["Content-Language"] == "ko"
    assert response.headers["Content-Length"] == str(len(response.data))
    assert response.headers["Cache-Control"] == "no-cache"
    text = response.data.decode("utf-8")
    assert "4000122" in text
    # What is for Java is in ASCII, whatever encoding its reader believes in.
    assert KOREAN in text or (name in ("properties", "java") and text.isascii())


@pytest.mark.parametrize("name", NAMES)
def test_a_document_says_what_it_is_and_what_to_call_its_file(
    reader: FlaskClient, name: str
) -> None:
    response = reader.get(f"{EXPORT}?format={name}&locale=KO")
    media_type, file = NAMES[name]
    assert response.mimetype == media_type
    assert response.headers["Content-Disposition"] == f'attachment; filename="{file}"'


def test_without_a_locale_a_document_is_in_that_of_its_service(reader: FlaskClient) -> None:
    response = reader.get(f"{EXPORT}?format=json", headers={"Accept-Language": "ko"})
    assert response.headers["Content-Language"] == "en"
    told = response.get_json()
    assert (told["service"], told["locale"], len(told["codes"])) == (SERVICE, "en", 44)


def test_a_locale_that_nobody_translated_to_gives_a_document_to_fill_in(
    reader: FlaskClient,
) -> None:
    told = reader.get(f"{EXPORT}?format=json&locale=fr").get_json()
    assert (told["locale"], len(told["codes"])) == ("fr", 44)
    assert {code["message"] for code in told["codes"]} == {None}


@pytest.mark.parametrize("name", ["markdown", "android", "go"])
def test_what_has_not_changed_is_not_sent_again(reader: FlaskClient, name: str) -> None:
    address = f"{EXPORT}?format={name}&locale=ko"
    first = reader.get(address)
    tag = first.headers["ETag"]
    again = reader.get(address, headers={"If-None-Match": f'"x", W/{tag}'})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert reader.get(address).data == first.data
    head = reader.head(address)
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", tag)
    assert head.headers["Content-Disposition"] == first.headers["Content-Disposition"]
    other = reader.get(f"{EXPORT}?format={name}&locale=ja", headers={"If-None-Match": tag})
    assert other.status_code == 200


def test_an_edit_gives_the_document_of_its_locale_another_tag(desk: Desk) -> None:
    address = {locale: f"{EXPORT}?format=po&locale={locale}" for locale in ("en", "ko")}
    before = {locale: desk.nobody.get(it).headers["ETag"] for locale, it in address.items()}
    write(desk.database, SERVICE, MessageEdit("0", "ko", Texts("성공")))
    after = {locale: desk.nobody.get(it).headers["ETag"] for locale, it in address.items()}
    assert after["en"] == before["en"]
    assert after["ko"] != before["ko"]


def test_with_a_token_a_document_is_nobody_elses(desk: Desk) -> None:
    response = desk.by("rita").get(f"{EXPORT}?format=csv")
    assert response.headers["Cache-Control"] == "private, no-cache"


def test_what_does_not_go_into_a_format_is_told(desk: Desk) -> None:
    write(desk.database, SERVICE, MessageEdit("0", "ko", Texts("성공\ufffe")))
    response = desk.nobody.get(f"{EXPORT}?format=xliff&locale=ko")
    assert response.mimetype == "application/problem+json"
    assert 400 <= response.status_code < 500
    assert "U+FFFE" in response.get_data(as_text=True)
    assert desk.nobody.get(f"{EXPORT}?format=po&locale=ko").status_code == 200


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/services/nowhere/export?format=csv", 404),
        (EXPORT, 400),
        (f"{EXPORT}?format=", 400),
        (f"{EXPORT}?format=docx", 400),
        (f"{EXPORT}?format=CSV", 400),
        (f"{EXPORT}?format=csv&format=po", 400),
        (f"{EXPORT}?format=csv&locale=k_o", 400),
        (f"{EXPORT}?format=csv&local=ko", 400),
    ],
)
def test_what_cannot_go_out_is_a_problem(reader: FlaskClient, address: str, status: int) -> None:
    response = reader.get(address)
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")
    assert response.get_json()["status"] == status


def test_a_document_is_only_ever_read(reader: FlaskClient) -> None:
    response = reader.post(f"{EXPORT}?format=csv")
    assert (response.status_code, set(response.headers["Allow"].split(", "))) == (
        405,
        {"GET", "HEAD", "OPTIONS"},
    )


@pytest.mark.parametrize("media_type", IN)
def test_a_document_comes_in_with_the_media_type_of_its_format(desk: Desk, media_type: str) -> None:
    eda, text = desk.by("eda"), IN[media_type].encode()
    planned = eda.post(f"{IMPORT}?dry_run=true", data=text, content_type=media_type.upper())
    response = eda.post(IMPORT, data=text, content_type=f"{media_type}; charset=UTF-8")
    assert planned.get_json() == response.get_json()
    told = response.get_json()
    assert (response.status_code, told.get("refused")) == (200, [])
    assert [(it["code"], it["message"]) for it in told["added"]] == [("4990001", "New.")]
    assert [(it["code"], it["message"]) for it in told["changed"]] == [("0", "Fine.")]
    code = desk.nobody.get(f"/services/{SERVICE}/codes/4990001").get_json()
    assert (code["message"], code["status"]) == ("New.", "active")


@pytest.mark.parametrize(
    "media_type",
    [
        "application/xml",
        "text/xml",
        "text/html",
        "text/x-java-properties",
        "text/x-python",
        "application/octet-stream",
        "application/merge-patch+json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/*",
        "nonsense",
    ],
)
def test_a_document_of_another_media_type_is_turned_away(desk: Desk, media_type: str) -> None:
    before = desk.revision
    response = desk.by("eda").post(IMPORT, data=b"code,message\n1,one\n", content_type=media_type)
    assert (response.status_code, response.mimetype) == (415, "application/problem+json")
    assert desk.revision == before


@pytest.mark.parametrize("text", HARMFUL.values(), ids=HARMFUL)
@pytest.mark.security("XML entities and bombs")
def test_xml_that_could_do_harm_is_refused_and_told_of_by_its_line(desk: Desk, text: str) -> None:
    before = desk.revision
    response = desk.by("eda").post(IMPORT, data=text.encode(), content_type="application/xliff+xml")
    assert (response.status_code, response.mimetype) == (422, "application/problem+json")
    assert [error["field"] for error in response.get_json()["errors"]] == ["line 1"]
    assert "root:" not in response.get_data(as_text=True)
    assert desk.revision == before


@pytest.mark.parametrize("media_type", IN)
def test_an_empty_document_is_refused_in_every_format(desk: Desk, media_type: str) -> None:
    response = desk.by("eda").post(IMPORT, data=b"\n", content_type=media_type)
    assert response.status_code == 422
    assert "empty" in response.get_json()["errors"][0]["message"]


@pytest.mark.parametrize("name", NAMES)
def test_what_went_out_comes_in_and_changes_nothing(desk: Desk, name: str) -> None:
    out = desk.nobody.get(f"{EXPORT}?format={name}&locale=ko")
    before = desk.revision
    response = desk.by("eda").post(
        f"{IMPORT}?locale=ko", data=out.data, content_type=out.headers["Content-Type"]
    )
    told = response.get_json()
    assert (response.status_code, len(told["unchanged"])) == (200, 44)
    assert (told["added"], told["changed"], told["missing"]) == ([], [], [])
    assert desk.revision == before


@pytest.mark.parametrize("name", ["json", "po", "xliff"])
def test_a_document_that_names_its_locale_needs_no_other_word_for_it(desk: Desk, name: str) -> None:
    out = desk.nobody.get(f"{EXPORT}?format={name}&locale=ko")
    response = desk.by("eda").post(
        f"{IMPORT}?dry_run=true", data=out.data, content_type=out.headers["Content-Type"]
    )
    assert {it["locale"] for it in response.get_json()["unchanged"]} == {"ko"}


@pytest.mark.parametrize("name", ["json", "po", "xliff"])
def test_a_document_is_never_taken_for_one_of_another_locale(desk: Desk, name: str) -> None:
    out = desk.nobody.get(f"{EXPORT}?format={name}&locale=ko")
    before = desk.revision
    response = desk.by("eda").post(
        f"{IMPORT}?locale=ja", data=out.data, content_type=out.headers["Content-Type"]
    )
    assert 400 <= response.status_code < 500
    assert desk.revision == before
