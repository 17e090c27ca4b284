"""What the address of a page asks for, read as strictly as the API reads it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import flask

from app.catalog.errors import Invalid
from app.catalog.locales import Negotiation, Wish, canonical_locale, wish_for
from app.catalog.search import QUERY_LENGTH
from app.catalog.text_states import TEXT_STATES
from app.edge.addresses import PAGES
from app.edge.paging import Place, decode_cursor, encode_cursor
from app.edge.problems import BadQuery, FieldError
from app.pages.blueprint import blueprint
from app.pages.links import link
from app.pages.words import reader_wish


def asked(name: str) -> str | None:
    """A parameter of the address, None where it is empty, as a form sends what nobody filled in."""
    return flask.request.args.get(name, "").strip() or None


def asked_of(name: str, choices: Sequence[str]) -> str | None:
    """A parameter that is one of some words, or None; raises BadQuery for any other."""
    value = asked(name)
    if value is not None and value not in choices:
        raise BadQuery([FieldError(name, f"This is one of {', '.join(choices)}.")])
    return value


def asked_locale() -> str | None:
    """The locale asked for, in its canonical case; raises BadQuery where it is none."""
    tag = asked("locale")
    try:
        return None if tag is None else canonical_locale(tag)
    except Invalid as invalid:
        raise BadQuery([FieldError("locale", invalid.detail)]) from invalid


def asked_query() -> str | None:
    """What is searched for, or None; raises BadQuery where it is too long."""
    query = asked("q")
    if query is not None and len(query) > QUERY_LENGTH:
        raise BadQuery([FieldError("q", f"Search for up to {QUERY_LENGTH} characters.")])
    return query


def asked_state(locale: str | None) -> str | None:
    """The state asked for of the texts in a locale, or None; raises BadQuery without a locale."""
    state = asked_of("state", TEXT_STATES)
    if state is not None and locale is None:
        raise BadQuery([FieldError("state", "It is that of the texts in a locale: name one.")])
    return state


def messages_wish() -> Wish:
    """In which locale messages are shown: that of the address, else that of the reader."""
    locale = asked_locale()
    return reader_wish() if locale is None else wish_for(locale)


def messages_negotiation() -> Negotiation:
    """The same, to hold against what there is."""
    return Negotiation(messages_wish())


def same_path_of_the_api() -> str:
    """The path in the API that this page stands for.

    Cursors are made of it, so that those of the API lead on here too.
    """
    return flask.request.path.removeprefix(PAGES)


def asked_place(kind: str, *form: type) -> tuple[Any, ...] | None:
    """Where the page of a list begins, None at its beginning; raises BadQuery."""
    text = asked("cursor")
    place = None if text is None else decode_cursor(text, kind, form)
    if text is not None and place is None:
        raise BadQuery([FieldError("cursor", "This is not a cursor of this list.")])
    return place


def page_links(kind: str, next_place: Place | None, kept: Sequence[str]) -> dict[str, str | None]:
    """Where the list begins and goes on, with these parameters of the address kept.

    As the macro `pager` takes it: `first` is None on the first page, `following` on the last.
    """
    cursor = None if next_place is None else encode_cursor(kind, next_place)
    return {
        "first": this_page(kept) if asked("cursor") else None,
        "following": this_page(kept, cursor=cursor) if cursor else None,
    }


def this_page(kept: Sequence[str], **more: str | None) -> str:
    """The address of this page with these of its parameters, and with others."""
    view = (flask.request.endpoint or "").removeprefix(f"{blueprint.name}.")
    parameters = {name: flask.request.args.getlist(name) for name in kept if asked(name)}
    return link(view, **(parameters | more | dict(flask.request.view_args or {})))
