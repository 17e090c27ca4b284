"""What lint finds, as a page."""

from __future__ import annotations

import pytest

from app.lint.rule import Finding
from tests.api.accounts import OTHER_SERVICE, SERVICE, Desk
from tests.catalog.making import make_service, new_code
from tests.pages.visiting import Page, visitor

HTML = "<b>Failed</b>  twice"


def looked_through(desk: Desk) -> list[Finding]:
    """The findings, worked out before anybody opens the page."""
    return list(desk.app.extensions["catalog"].linter.findings(desk.database))


def rows(page: Page) -> list[str]:
    """What each finding says."""
    return page.texts("main .list > li")


def test_findings_lead_to_their_codes_and_rules(desk: Desk) -> None:
    first = looked_through(desk)[0]
    page = visitor(desk).open("/lint")
    assert page.address == "/browse/lint"
    row = page.one("main .list > li")
    assert first.message in row.get_text()
    assert [it["href"] for it in row.select("a")] == [
        f"/browse/services/{first.service}/codes/{first.code}",
        f"http://127.0.0.1:8000/docs/lint/{first.rule}",
    ]
    assert row.select(f".mark.{first.severity.value}")


def test_findings_are_filtered_by_service_and_rule(desk: Desk) -> None:
    found = looked_through(desk)
    reader = visitor(desk)
    rule = found[-1].rule
    for service, wanted_rule in ((OTHER_SERVICE, None), (None, rule), (OTHER_SERVICE, rule)):
        query = f"service={service or ''}&rule={wanted_rule or ''}"
        page = reader.open(f"/browse/lint?{query}")
        left = [
            it for it in found if service in (None, it.service) and wanted_rule in (None, it.rule)
        ]
        assert f"of {len(left)}, as of change" in page.main
        assert len(rows(page)) == min(200, len(left))
        assert page.value("service", "form.filters") == (service or "")
        assert page.value("rule", "form.filters") == (wanted_rule or "")


def test_the_choices_tell_how_much_there_is_of_each(desk: Desk) -> None:
    found = looked_through(desk)
    count = sum(it.service == SERVICE for it in found)
    page = visitor(desk).open("/browse/lint")
    assert f"{SERVICE} ({count})" in page.texts("#field-service option")


def test_many_findings_come_in_pages_that_keep_the_filters(desk: Desk) -> None:
    with desk.database.writing() as session:
        make_service(session, "odd", [new_code(f"a{it}", f"Text {it}.") for it in range(450)])
    found = [
        it for it in looked_through(desk) if (it.service, it.rule) == ("odd", "no-description")
    ]
    assert len(found) == 450
    reader = visitor(desk)
    page = reader.open("/browse/lint?service=odd&rule=no-description")
    assert "1 to 200 of 450" in page.main
    seen = page.texts("main .list .number")
    while following := page.all("a[rel=next]"):
        page = reader.open(str(following[0]["href"]))
        seen += page.texts("main .list .number")
    assert "401 to 450 of 450" in page.main
    assert seen == [it.code for it in found]
    assert page.one("nav a.button[href$='no-description']")


def test_nothing_to_find_is_told(desk: Desk) -> None:
    with desk.database.writing() as session:
        make_service(session, "empty")
    looked_through(desk)
    page = visitor(desk).open("/browse/lint?service=empty")
    assert "Nothing looks like a mistake here." in page.main
    assert page.value("service", "form.filters") == "empty"


def test_who_comes_while_the_catalog_is_looked_through_is_told(desk: Desk) -> None:
    with desk.app.extensions["catalog"].linter._lock:
        page = visitor(desk).open(f"/browse/lint?service={SERVICE}")
        code = visitor(desk).open(f"/browse/services/{SERVICE}/codes/-1")
    assert "being looked through just now" in page.main
    assert page.one("main .notice a")["href"] == f"/browse/lint?service={SERVICE}"
    assert "being looked through just now" in code.main


def test_findings_are_never_html(desk: Desk) -> None:
    with desk.database.writing() as session:
        make_service(session, "odd", [new_code("a:b", HTML)])
    looked_through(desk)
    page = visitor(desk).open("/browse/lint?service=odd")
    assert "<b>" in page.one("main .list").get_text()
    assert not page.all("main .list b")


@pytest.mark.parametrize(
    ("query", "status"),
    [("service=nope", 404), ("rule=nope", 400), ("cursor=AAAA", 400), ("rule=stale&x=1", 200)],
)
def test_unknown_services_and_rules_are_refused(desk: Desk, query: str, status: int) -> None:
    looked_through(desk)
    visitor(desk).open(f"/browse/lint?{query}", status)
