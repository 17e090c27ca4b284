"""One edit, sent to the API and through a form by the same person on the same catalog."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from bs4 import BeautifulSoup
from werkzeug.test import TestResponse

from app.catalog.edits.creation import NewCode
from app.catalog.edits.messages import MessageEdit
from app.catalog.edits.rows import Texts
from tests.api.accounts import Desk
from tests.api.making import publish
from tests.pages.visiting import Page, Visitor, visitor

SLUG = "svc"
SERVICE = f"/services/{SLUG}"
CODES = f"{SERVICE}/codes"
ACTIVE, DRAFT, DEPRECATED, RETIRED, FOLLOWING = (f"400000{last}" for last in range(1, 6))
# Was active once, is gone; held by edo; neither.
GONE, HELD, FREE = "4000009", "4000010", "4000020"
SOURCE = "Up to {limit} {unit}."
KOREAN = "최대 {limit} {unit}입니다."

# What the API calls a state that is no longer there.
_PRECONDITION_FAILED = 412


@dataclass(frozen=True)
class Attempt:
    """An edit that somebody tries.

    `method`, `path` and `body` are the API's. `opened` is the page with the form, which `form`
    finds in it, `sent_to` where that goes, and `fields` what is typed. `meanwhile` is done by
    somebody else before either is sent. `told` is what the page says where its words are others
    than the API's.
    """

    by: str | None
    method: str
    path: str
    body: Mapping[str, Any] | None
    opened: str
    form: str
    sent_to: str
    fields: Mapping[str, str | None] = field(default_factory=dict)
    meanwhile: Callable[[Desk], object] | None = None
    told: str | None = None


def writing(
    body: Mapping[str, Any],
    locale: str = "ko",
    code: str = ACTIVE,
    by: str | None = "tara",
    service: str = SLUG,
    **more: Any,
) -> Attempt:
    """Writing the texts of a code in one locale; `body` is the API's."""
    texts = f"/services/{service}/codes/{code}/messages"
    fields = {
        "text": body.get("text") or "",
        "description": body.get("description") or "",
        "remedy": body.get("remedy") or "",
        "needs_review": "yes" if body.get("state") == "needs_review" else None,
        "typo": "yes" if body.get("typo") else None,
        "reason": body.get("reason") or "",
        "breaking": body.get("breaking") or "",
    }
    opened = f"/browse{texts}?add={quote(locale)}"
    form = f"form[action$='/messages/{locale}']"
    path = f"{texts}/{quote(locale)}"
    return Attempt(by, "PUT", path, body, opened, form, f"/browse{path}", fields, **more)


def erasing(
    locale: str, by: str = "tara", reason: str = "", code: str = ACTIVE, **more: Any
) -> Attempt:
    """Deleting the texts of a code in one locale."""
    path = f"{CODES}/{code}/messages/{locale}"
    form = f"form[action='/browse{path}/delete']"
    return _deletion(path, f"/browse{CODES}/{code}/messages", form, by, reason, **more)


def changing(
    body: Mapping[str, Any], code: str = ACTIVE, by: str | None = "eda", **more: Any
) -> Attempt:
    """Changing fields of a code; `body` is the API's, but that days are written as days."""
    path = f"{CODES}/{code}"
    sent = dict(body)
    if sent.get("sunset_at"):
        sent["sunset_at"] += "T23:59:59Z"
    fields = {name: "" if value is None else str(value) for name, value in body.items()}
    edit = f"/browse{path}/edit"
    return Attempt(by, "PATCH", path, sent, edit, "form[action$='/edit']", edit, fields, **more)


def deleting(code: str, by: str = "eda", reason: str = "", **more: Any) -> Attempt:
    """Deleting a code."""
    path = f"{CODES}/{code}"
    form = "form[action$='/delete']"
    return _deletion(path, f"/browse{path}/edit", form, by, reason, **more)


def adding(body: Mapping[str, Any], by: str | None = "eda", **more: Any) -> Attempt:
    """Adding a code; `body` is the API's, whose number and message need not be said."""
    said = {"code": FREE, "message": "Something is new."} | dict(body)
    fields = {name: "" if value is None else str(value) for name, value in said.items()}
    add = f"/browse{SERVICE}/add-code"
    return Attempt(by, "POST", CODES, said, add, "#new-code", add, fields, **more)


def reserving(where: str, place: str, count: Any = 1, by: str = "eda", **more: Any) -> Attempt:
    """Holding numbers."""
    path = f"{SERVICE}/reservations"
    fields = {"where": where, "place": place, "count": str(count)}
    body = {where: place, "count": count}
    add = f"/browse{SERVICE}/add-code"
    return Attempt(by, "POST", path, body, add, "#reserving", f"/browse{path}", fields, **more)


def releasing(code: str, by: str, **more: Any) -> Attempt:
    """Giving a number back."""
    path = f"{SERVICE}/reservations/{code}"
    sent_to = f"/browse{path}/release"
    opened = f"/browse{SERVICE}/add-code"
    return Attempt(by, "DELETE", path, None, opened, f"#release-{code}", sent_to, **more)


def prepare(desk: Desk) -> None:
    """Make the service that is edited: codes in every part of their life, and a number held."""
    codes = [
        NewCode(ACTIVE, "FIRST", Texts(SOURCE, "There is a limit.", "Send less.")),
        NewCode(DRAFT, "SECOND", Texts("Not in use yet."), status="draft"),
        NewCode(DEPRECATED, "THIRD", Texts("On its way out."), status="deprecated"),
        NewCode(RETIRED, "FOURTH", Texts("Gone."), status="retired"),
        NewCode(FOLLOWING, "FIFTH", Texts("The limit is {limit}."), 418),
        NewCode(GONE, None, Texts("Was here.")),
    ]
    translations = [MessageEdit(ACTIVE, "ko", Texts(KOREAN, "제한이 있습니다."))]
    publish(desk.database, SLUG, codes[:-1], translations)
    eda = desk.by("eda")
    following = eda.patch(f"{CODES}/{FOLLOWING}", {"replaced_by": ACTIVE})
    created = eda.post(CODES, {"code": GONE, "message": "Was here.", "status": "active"})
    taken_back = eda.post(f"/changes/{created.headers['Catalog-Revision']}/revert", {})
    held = desk.by("edo").post(f"{SERVICE}/reservations", {"after": GONE})
    assert held.get_json()["codes"] == [HELD]
    statuses = [it.status_code for it in (following, created, taken_back, held)]
    assert statuses == [200, 201, 200, 201]


def by_api(desk: Desk, attempt: Attempt, tag: str | None) -> TestResponse:
    """What the API answers."""
    caller = desk.nobody if attempt.by is None else desk.by(attempt.by)
    return caller.call(attempt.method, attempt.path, attempt.body, tag=tag)


def tag_of(desk: Desk, attempt: Attempt) -> str | None:
    """The state that an attempt is made on, None where that is nothing, or nothing is asked."""
    if attempt.method == "POST" or "/reservations/" in attempt.path:
        return None
    return desk.nobody.tag(attempt.path)


def opened(desk: Desk, attempt: Attempt) -> tuple[Visitor, Page]:
    """Who tries it, and the page from which they do."""
    somebody = visitor(desk, attempt.by)
    status = somebody.client.get(attempt.opened, headers={"Accept": "text/html"}).status_code
    if status == 303:
        status = 200
    return somebody, somebody.open(attempt.opened, status)


def by_form(somebody: Visitor, page: Page, attempt: Attempt, status: int) -> Page:
    """What comes of it by the page's form, or by one like it where they are not offered any."""
    if page.all(attempt.form):
        return somebody.send(page, attempt.fields, form=attempt.form, status=status)
    token = somebody.open("/browse/preferences").value("csrf_token")
    # Of what is not offered for deletion the form for writing knows the state.
    states = page.all(f"form[action='{attempt.sent_to.removesuffix('/delete')}'] [name=state]")
    states += page.all("form[action$='/edit'] [name=state]")
    state = str(states[0]["value"]) if states else ""
    form = f'<form method="post" action="{attempt.sent_to}"><input name="csrf_token"></form>'
    forged = Page(page.response, attempt.sent_to, BeautifulSoup(form, "html.parser"))
    fields = {"csrf_token": token, "state": state, **attempt.fields}
    return somebody.send(forged, fields, form="form", status=status)


def assert_same_refusal(page: Page, response: TestResponse, attempt: Attempt) -> None:
    """What a page shows of a refusal is what the API says of it, at the same fields."""
    problem = response.get_json()
    errors = problem.get("errors", [])
    reasons = problem.get("breaks") or [it["message"] for it in errors] or [problem["detail"]]
    for reason in [attempt.told] if attempt.told else reasons:
        assert " ".join(reason.split()) in page.main
    if page.all(".field"):
        for error in errors:
            name = "place" if error["field"] in ("prefix", "after", "block") else error["field"]
            assert page.all(f"[id^='wrong-{name}']"), name


def status_of_page(response: TestResponse) -> int:
    """The status of the page where the API answers so: of pages, a stale state is a conflict."""
    return 409 if response.status_code == _PRECONDITION_FAILED else response.status_code


def _deletion(path: str, opened: str, form: str, by: str, reason: str, **more: Any) -> Attempt:
    sent_to, fields = f"/browse{path}/delete", {"reason": reason}
    return Attempt(
        by, "DELETE", _because(path, reason), None, opened, form, sent_to, fields, **more
    )


def _because(path: str, reason: str) -> str:
    return f"{path}?{urlencode({'reason': reason})}" if reason else path
