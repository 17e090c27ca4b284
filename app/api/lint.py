"""What only the whole catalog shows: the findings of lint, and how far services are translated."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import flask

from app.api.blueprint import Blueprint
from app.api.paging import list_answer
from app.api.query import CoverageQuery, LintQuery
from app.api.responses import answer
from app.api.schemas import CoveragePageSchema, FindingsSchema
from app.catalog.coverage import coverage
from app.catalog.services import require_service
from app.edge.context import catalog, reading
from app.edge.paging import first_page

blueprint = Blueprint("lint", __name__, description="What only a central catalog can see.")


@blueprint.reads("/lint", FindingsSchema, query=LintQuery)
def get_findings(query: dict[str, Any]) -> flask.Response:
    """Tell what looks like a mistake, in all services or in one, by all rules or by one.

    All at once, by service and in document order. `/docs/lint` tells why each rule matters and how
    to mend what it finds. Where the catalog is large and has just changed, 503 asks for patience.
    """
    service, rule = query.get("service"), query.get("rule")
    if service is not None:
        with reading() as session:
            require_service(session, service)
    found = catalog().linter.findings(catalog().database)
    wanted = [it for it in found if service in (None, it.service) and rule in (None, it.rule)]
    return answer({"findings": [asdict(finding) for finding in wanted]})


@blueprint.reads("/services/<service>/coverage", CoveragePageSchema, query=CoverageQuery)
def get_coverage(query: dict[str, Any], service: str) -> flask.Response:
    """Tell how far a service is translated, locale by locale, counted in codes.

    What is `stale` or needs review is translated all the same. Retired codes do not count.
    """
    after = query.get("cursor", ("",))[0]
    with reading() as session:
        found = [it for it in coverage(session, service) if it.locale > after]
    page = first_page(found, query["limit"], lambda it: (it.locale,))
    return list_answer(page, [asdict(it) for it in page.items])
