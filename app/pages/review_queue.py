"""The queue of what waits for a reviewer: proposals first, then texts that need review."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import flask
from sqlalchemy.orm import Session

from app.access.roles import Principal, Role
from app.catalog.errors import Invalid
from app.catalog.locales import canonical_locale
from app.catalog.models import TEXTS
from app.catalog.reviewing import TextToReview, texts_to_review
from app.edge.paging import Page, Place, decode_cursor, first_page
from app.edge.problems import BadQuery, FieldError
from app.editing import proposals
from app.editing.imports import ImportDocument
from app.editing.previews import Preview, previews
from app.editing.proposals import ProposalView
from app.pages.told_changes import ToldChange, shortened, told

MOST_SHOWN = 50
KIND = "/browse/review"
FILTERS = ("service", "locale")
# Asks for everything, where somebody's scope is what they see first.
ALL = "*"
# Of a proposal of many changes, how many the queue shows.
_MOST_CHANGES = 3
# What the texts of one page may come to.
_MOST_LETTERS = 40_000
_PROPOSALS, _TEXTS = 0, 1


@dataclass(frozen=True)
class Wanted:
    """What the queue is asked for, as its form says it: both empty for what is somebody's own."""

    service: str = ""
    locale: str = ""
    cursor: str = ""

    def services(self, caller: Principal) -> Collection[str]:
        """The services asked for; none is all."""
        return _chosen(self.service, caller.services)

    def locales(self, caller: Principal) -> Collection[str]:
        """The locales asked for; none is all."""
        return _chosen(self.locale, caller.locales)

    @property
    def values(self) -> dict[str, str]:
        """The filters by name, those that are there."""
        given = {name: getattr(self, name) for name in FILTERS}
        return {name: value for name, value in given.items() if value}

    @property
    def address(self) -> str:
        """The path and query of this page of the queue, to come back to."""
        parameters: dict[str, Any] = {**self.values, "cursor": self.cursor or None}
        return flask.url_for("pages.get_review", **parameters)


@dataclass(frozen=True)
class ProposalItem:
    """A proposal that waits, with what it would change, and what may be done about it."""

    view: ProposalView
    preview: Preview
    changes: Sequence[ToldChange]
    is_own: bool
    may_approve: bool
    may_reject: bool

    @property
    def more(self) -> int:
        """How many of its changes are not shown."""
        return (self.preview.count or 0) - len(self.changes)

    @property
    def has_effect(self) -> bool:
        """Whether it would change anything, as the catalog is now."""
        return any(it.fields or it.affirms for it in self.changes)

    @property
    def is_document(self) -> bool:
        """Whether it is a document, whose changes are worked out on its own page."""
        return self.view.kind == ImportDocument.kind


@dataclass(frozen=True)
class TextItem:
    """Texts that wait, and what may be done about them; `waiting` are proposals about them."""

    text: TextToReview
    waiting: Sequence[ProposalView]
    may_edit: bool


def wanted_by(given: Mapping[str, str]) -> Wanted:
    """What the parameters of an address ask for; raises BadQuery."""
    service, locale = given.get("service", "").strip(), given.get("locale", "").strip()
    try:
        locale = locale if locale in ("", ALL) else canonical_locale(locale)
    except Invalid as invalid:
        raise BadQuery([FieldError("locale", invalid.detail)]) from invalid
    return Wanted(service, locale, given.get("cursor", "").strip())


def wanted_at(address: str) -> Wanted | None:
    """What the queue at an address was asked for; None where that is no address of the queue."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.path != flask.url_for("pages.get_review"):
        return None
    return wanted_by(dict(parse_qsl(parts.query)))


def queue(
    session: Session, wanted: Wanted, caller: Principal
) -> tuple[list[ProposalItem], list[TextItem], Place | None]:
    """A page of the queue, and the place of the next one; raises BadQuery."""
    kind, after = _place(wanted.cursor)
    waiting: Page[ProposalView] = Page((), None)
    if kind == _PROPOSALS:
        waiting = first_page(
            _proposals(session, wanted, caller, after), MOST_SHOWN, lambda it: (_PROPOSALS, it.id)
        )
        after = 0
    items = proposal_items(session, waiting.items, caller, _MOST_CHANGES)
    if waiting.next_place is not None:
        return items, [], waiting.next_place
    room = MOST_SHOWN - len(items)
    found = texts_to_review(
        session, wanted.locales(caller), wanted.services(caller), after, room + 1
    )
    if room == 0:
        return items, [], (_TEXTS, 0) if found else None
    texts = first_page(found, min(room, _fitting(found)), lambda it: (_TEXTS, it.message.id))
    return items, _text_items(session, texts.items, caller), texts.next_place


def proposal_items(
    session: Session, views: Sequence[ProposalView], caller: Principal | None, most: int
) -> list[ProposalItem]:
    """Proposals with what each would change, up to so many changes each."""
    held = previews(session, views, most)
    told_of = {view.id: [told(it) for it in held[view.id].differences] for view in views}
    short = iter(shortened(it for changes in told_of.values() for it in changes))
    cut = {number: [next(short) for _ in changes] for number, changes in told_of.items()}
    return [proposal_item(view, held[view.id], cut[view.id], caller) for view in views]


def proposal_item(
    view: ProposalView,
    preview: Preview,
    changes: Sequence[ToldChange],
    caller: Principal | None,
) -> ProposalItem:
    """One proposal, and what somebody may do about it."""
    is_own = caller is not None and caller.name == view.author
    is_open = view.state == "open"
    decides = caller is not None and caller.may(Role.EDITOR, view.service)
    withdraws = caller is not None and is_own and caller.may(Role.TRANSLATOR, view.service)
    return ProposalItem(
        view,
        preview,
        changes,
        is_own,
        may_approve=is_open and decides and not is_own,
        may_reject=is_open and (withdraws or (decides and not is_own)),
    )


def _proposals(
    session: Session, wanted: Wanted, caller: Principal, after: int
) -> list[ProposalView]:
    """Those that somebody may decide about, and their own."""
    decides = caller.may(Role.EDITOR)
    everywhere = decides and not caller.services
    services = None if everywhere else caller.services if decides else frozenset()
    return proposals.list_open(
        session,
        services,
        caller.name,
        wanted.services(caller) if wanted.service else (),
        wanted.locales(caller),
        after,
        MOST_SHOWN + 1,
    )


def _text_items(
    session: Session, texts: Sequence[TextToReview], caller: Principal
) -> list[TextItem]:
    waiting: dict[tuple[str, str | None, str | None], list[ProposalView]] = {}
    for view in proposals.list_about(session, [(it.service, it.code) for it in texts]):
        waiting.setdefault((view.service, view.code, view.locale), []).append(view)
    return [
        TextItem(
            it,
            waiting.get((it.service, it.code, it.message.locale), ()),
            caller.may(Role.TRANSLATOR, it.service, it.message.locale),
        )
        for it in texts
    ]


def _fitting(texts: Sequence[TextToReview]) -> int:
    """How many of some texts a page holds, at least one: all of each is shown, however long."""
    letters = 0
    for count, it in enumerate(texts):
        for message in (it.source, it.message):
            letters += sum(len(getattr(message, name) or "") for name in TEXTS)
        if count and letters > _MOST_LETTERS:
            return count
    return len(texts)


def _chosen(value: str, scope: Collection[str]) -> Collection[str]:
    if value == ALL:
        return ()
    return (value,) if value else sorted(scope)


def _place(cursor: str) -> tuple[int, int]:
    if not cursor:
        return _PROPOSALS, 0
    place = decode_cursor(cursor, KIND, (int, int))
    if place is None or place[0] not in (_PROPOSALS, _TEXTS):
        raise BadQuery([FieldError("cursor", "This is not a cursor of this list.")])
    return place[0], place[1]
