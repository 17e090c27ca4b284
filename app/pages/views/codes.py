"""One code, and all that is known of it."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

import flask

from app.access.roles import Role
from app.catalog import history, queries
from app.catalog.addresses import code_path
from app.catalog.fallbacks import best_text
from app.catalog.locales import Negotiation, canonical_locale
from app.catalog.models import TEXTS
from app.catalog.services import find_service
from app.catalog.views import ChangeFilter
from app.edge.callers import asker_may
from app.edge.context import catalog, public_url, reading
from app.lint.rule import Finding
from app.pages.asked import asked_locale, messages_wish
from app.pages.blueprint import blueprint
from app.pages.rendering import page
from app.pages.rows import rows_of
from app.pages.snippets import curl_line, python_lines
from app.pages.told_changes import shortened, told

MOST_CHANGES = 10
MOST_OTHERS = 20


@blueprint.get("/services/<service>/codes/<code>")
def get_code(service: str, code: str) -> flask.Response:
    """What a code says, in every locale; what became of it; and who else uses its number."""
    wish = messages_wish()
    negotiation = Negotiation(wish)
    with reading() as session:
        view = queries.find_code(session, service, code)
        owner = find_service(session, service)
        replaces = queries.replaced_codes(session, service, code)
        everywhere = queries.codes_everywhere(session, code, None, MOST_OTHERS + 2)
        changes = history.latest_changes(session, ChangeFilter(service, code), None, MOST_CHANGES)
    others = [it for it in everywhere if it.service != service]
    wanted = canonical_locale(wish.tags[0]) if wish.tags else None
    return page(
        "code.html",
        view=view,
        owner=owner,
        wanted=wanted,
        chosen=asked_locale(),
        texts={
            field: best_text(view.messages, view.default_locale, field, negotiation)
            for field in TEXTS
        },
        missing=sorted({view.default_locale, *owner.locales} - set(view.messages)),
        replaces=replaces,
        others=rows_of(others[:MOST_OTHERS], negotiation),
        more_others=len(others) > MOST_OTHERS,
        findings=_findings(service, code),
        changes=shortened(told(change) for change in changes),
        lines=_lines(service, code, wanted),
        may_translate=asker_may(Role.TRANSLATOR, service),
        may_edit=asker_may(Role.EDITOR, service),
    )


def _findings(service: str, code: str) -> Sequence[Finding] | None:
    """What lint finds on a code; None where the catalog was not looked through yet."""
    found = catalog().linter.recent(catalog().database).findings
    if found is None:
        return None
    return [it for it in found if (it.service, it.code) == (service, code)]


def _lines(service: str, code: str, locale: str | None) -> dict[str, str]:
    """What there is to copy: a line for a shell, some for Python, and the address itself."""
    address = public_url() + code_path(service, code)
    asking = address if locale is None else f"{address}?locale={quote(locale)}"
    with_token = catalog().settings.read_token_required
    return {
        "curl": curl_line(asking, with_token=with_token),
        "python": python_lines(asking, with_token=with_token),
        "address": address,
    }
