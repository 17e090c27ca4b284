"""What lint finds in all services."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import flask

from app.catalog.services import require_service
from app.edge.context import catalog, reading
from app.edge.paging import first_page
from app.lint import rules
from app.pages.asked import (
    asked,
    asked_of,
    asked_place,
    page_links,
    same_path_of_the_api,
)
from app.pages.blueprint import blueprint
from app.pages.forms import Form
from app.pages.rendering import page
from app.pages.words import gettext

FILTERS = ("service", "rule")
MOST_SHOWN = 200


@blueprint.get("/lint")
def get_findings() -> flask.Response:
    """What looks like a mistake, in all services or in one, by all rules or by one."""
    service, rule = asked("service"), asked_of("rule", tuple(rules.BY_NAME))
    kind = same_path_of_the_api()
    place = asked_place(kind, int)
    begin = place[0] if place else 0
    if service is not None:
        with reading() as session:
            require_service(session, service)
    recent = catalog().linter.recent(catalog().database)
    found = recent.findings or ()
    wanted = [it for it in found if service in (None, it.service) and rule in (None, it.rule)]
    numbered = list(enumerate(wanted[begin : begin + MOST_SHOWN + 1], start=begin + 1))
    shown = first_page(numbered, MOST_SHOWN, lambda item: (item[0],))
    of_services = Counter(it.service for it in found if it.service and rule in (None, it.rule))
    of_rules = Counter(it.rule for it in found if service in (None, it.service))
    return page(
        "findings.html",
        form=Form({"service": service or "", "rule": rule or ""}),
        is_known=recent.findings is not None,
        revision=recent.revision,
        findings=[finding for _, finding in shown.items],
        begin=begin,
        count=len(wanted),
        services=_counted(sorted({*of_services, *filter(None, [service])}), of_services),
        rules=_counted([it for it in rules.BY_NAME if it in of_rules or it == rule], of_rules),
        pages=page_links(kind, shown.next_place, FILTERS),
    )


def _counted(names: Iterable[str], counts: Mapping[str, int]) -> list[tuple[str, str]]:
    return [("", gettext("All")), *((name, f"{name} ({counts.get(name, 0)})") for name in names)]
