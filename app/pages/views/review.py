"""The queue of what waits for a reviewer, and deciding about texts in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import flask
import werkzeug

from app.access.roles import Role
from app.catalog import queries, reviewing
from app.catalog.errors import CatalogError, NotFound
from app.catalog.locales import canonical_locale, is_locale
from app.catalog.services import service_slugs
from app.catalog.views import MessageView
from app.edge.callers import principal
from app.edge.context import catalog, reading
from app.edge.paging import encode_cursor
from app.edge.problems import problem_of
from app.editing.edits import DeleteMessage, Edit, WriteMessage
from app.editing.submission import Outcome, submit
from app.pages.blueprint import blueprint
from app.pages.forms import Form, typed
from app.pages.links import lead_back, link
from app.pages.rendering import page
from app.pages.review_queue import ALL, KIND, Wanted, queue, wanted_at, wanted_by
from app.pages.saving import ChangedSince, authorship, tell
from app.pages.words import gettext


@dataclass(frozen=True)
class Refusal:
    """Why a decision was not carried out, in our words or in the catalog's, in English.

    `about` says which decision, `reason` what was typed as its reason.
    """

    about: str
    words: str
    is_ours: bool
    status: int
    reason: str


def refusal_of(error: CatalogError, about: str) -> Refusal:
    """What is told of what the catalog refused."""
    words, is_ours = str(error), isinstance(error, ChangedSince)
    if is_ours:
        words = gettext("Somebody else changed it since it was shown. Here is how it is now.")
    return Refusal(about, words, is_ours, problem_of(error).status, typed("reason")["reason"])


@blueprint.get("/review")
def get_review() -> flask.Response:
    """What waits: of the filters, else of the scope of whoever looks."""
    principal()
    return show_queue(wanted_by(flask.request.args))


@blueprint.post("/services/<service>/codes/<code>/messages/<locale>/approve")
def post_text_approval(service: str, code: str, locale: str) -> werkzeug.Response:
    """Say that a text is right for its source as it is."""

    def approved(message: MessageView) -> Edit:
        texts = (message.text, message.description, message.remedy)
        return WriteMessage(code, message.locale, *texts, state="approved")

    return _decided(service, code, locale, approved)


@blueprint.post("/services/<service>/codes/<code>/messages/<locale>/reject")
def post_text_rejection(service: str, code: str, locale: str) -> werkzeug.Response:
    """Remove a translation, so that the source is shown until there is a better one."""
    return _decided(service, code, locale, lambda it: DeleteMessage(code, it.locale))


def show_queue(wanted: Wanted, refusal: Refusal | None = None) -> flask.Response:
    """A page of the queue, with why something was refused."""
    caller = principal()
    with reading() as session:
        items, texts, next_place = queue(session, wanted, caller)
        slugs = service_slugs(session)
        locales = {*reviewing.locales_to_review(session), *caller.locales}
    if wanted.locale not in ("", ALL):
        locales.add(wanted.locale)
    cursor = None if next_place is None else encode_cursor(KIND, next_place)
    first, following = link("get_review", **wanted.values), None
    if cursor is not None:
        following = link("get_review", **wanted.values, cursor=cursor)
    return page(
        "review.html",
        200 if refusal is None else refusal.status,
        form=Form(wanted.values),
        refusal=refusal,
        proposals=items,
        texts=texts,
        following=wanted.address,
        services=_options(slugs, caller.services, gettext("My services"), gettext("All services")),
        locales=_options(locales, caller.locales, gettext("My locales"), gettext("All locales")),
        is_filtered=bool(wanted.values),
        pages={"first": first if wanted.cursor else None, "following": following},
    )


def _options(
    values: set[str] | list[str], scope: frozenset[str], mine: str, everything: str
) -> list[tuple[str, str]]:
    first = [("", mine), (ALL, everything)] if scope else [("", everything)]
    return [*first, *((value, value) for value in sorted(values))]


def _decided(
    service: str, code: str, locale: str, decision: Callable[[MessageView], Edit]
) -> werkzeug.Response:
    """The way back to the queue, or the queue with why the decision is refused."""
    following = flask.request.form.get("next", "")
    tag = canonical_locale(locale) if is_locale(locale) else locale
    principal().require(Role.TRANSLATOR, service, tag)
    try:
        tell(_handed_in(service, code, tag, decision))
    except NotFound:
        raise
    except CatalogError as error:
        refusal = refusal_of(error, f"{service} {code} ({tag})")
        return show_queue(wanted_at(following) or Wanted(), refusal)
    return lead_back(following or flask.url_for("pages.get_review"))


def _handed_in(
    service: str, code: str, locale: str, decision: Callable[[MessageView], Edit]
) -> Outcome:
    """What became of it; raises ChangedSince where the text or its source is not as shown."""
    given = flask.request.form
    with catalog().database.writing() as session:
        view = queries.find_code(session, service, code)
        message, source = view.messages.get(locale), view.messages[view.default_locale]
        shown = (given.get("state"), given.get("source_state"))
        if message is None or (message.tag, source.tag) != shown:
            raise ChangedSince
        return submit(session, service, decision(message), principal(), authorship())
