"""What the page of a code's texts is made of: one section a locale, the source first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from app.catalog import history, queries
from app.catalog.errors import BreaksConsumers, CatalogError
from app.catalog.models import TEXTS
from app.catalog.services import find_service
from app.catalog.sources import MovedText, moved_texts
from app.catalog.suggestions import Suggestion, suggestions_for
from app.catalog.views import ChangeFilter, ChangeView, CodeView, MessageView
from app.edge.callers import asker_may
from app.editing.edits import WriteMessage
from app.pages.forms import SHOWN, Form, as_shown, brought_up
from app.pages.refusals import refused
from app.pages.saving import ChangedSince

FIELDS = (
    *TEXTS,
    *(f"{SHOWN}{name}" for name in TEXTS),
    "needs_review",
    "typo",
    "reason",
    "breaking",
    "state",
)
_MOST_SUGGESTIONS = 3
# Several may say the same, or what is there already.
_SUGGESTIONS_LOOKED_AT = 20


@dataclass(frozen=True)
class Collision:
    """What is there now, in place of what the editor was shown, and the change that made it so."""

    now: MessageView | None
    change: ChangeView | None


@dataclass(frozen=True)
class Section:
    """The texts of a code in one locale, as they are shown and, by whom they may be, edited.

    `form` is None for who may only read them. `is_typed` tells that it holds what is not saved.
    """

    locale: str
    view: MessageView | None
    is_source: bool
    form: Form | None
    moved: Sequence[MovedText] = ()
    suggestions: Sequence[Suggestion] = ()
    deletion: Form | None = None
    breaks: Sequence[str] = ()
    collision: Collision | None = None
    is_typed: bool = False

    @property
    def can_be_deleted(self) -> bool:
        """Whether whoever may edit it may delete it."""
        return self.form is not None and self.view is not None and not self.is_source


@dataclass(frozen=True)
class TextsPage:
    """A code with the sections of its texts."""

    code: CodeView
    sections: Sequence[Section]
    source: MessageView = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "source", self.code.messages[self.code.default_locale])


def all_sections(session: Session, service: str, code: str, added: str | None = None) -> TextsPage:
    """Every locale of a code, and those of its service that it has not, for who may add them.

    `added` is one more. Raises UnknownService or UnknownCode.
    """
    view = queries.find_code(session, service, code)
    wanted = _locales(session, view) | set(filter(None, [added]))
    locales = sorted(wanted, key=lambda locale: (locale != view.default_locale, locale))
    return TextsPage(view, _sections(session, view, locales))


def has_section(session: Session, service: str, code: str, locale: str) -> bool:
    """Whether the page of all sections has one of this locale; raises as it does."""
    return locale in _locales(session, queries.find_code(session, service, code))


def one_section(session: Session, service: str, code: str, locale: str) -> TextsPage:
    """One locale of a code, which it need not have; raises UnknownService or UnknownCode."""
    view = queries.find_code(session, service, code)
    return TextsPage(view, _sections(session, view, [locale]))


def refused_section(
    session: Session, page: TextsPage, refusal: CatalogError, given: Mapping[str, str]
) -> tuple[TextsPage, int]:
    """A page of one section as it is after a refusal, with what was typed and why, and its status.

    Where somebody else was first, what is saved then is held against what is there now, and the
    texts that were not touched are theirs.
    """
    (section,) = page.sections
    values = dict(given)
    collision = None
    if isinstance(refusal, ChangedSince):
        values["state"] = _tag(section.view)
        if section.view is not None:
            values = brought_up(values, _written(section.view), TEXTS)
        wanted = ChangeFilter(page.code.service, page.code.code, section.locale)
        collision = Collision(section.view, history.newest_change(session, wanted))
    form, status = refused(values, refusal)
    changed = replace(
        section,
        form=replace(form, place=_place(section.locale)),
        breaks=refusal.breaks if isinstance(refusal, BreaksConsumers) else (),
        collision=collision,
        is_typed=True,
    )
    return TextsPage(page.code, [changed]), status


def undeleted_section(
    page: TextsPage, refusal: CatalogError, given: Mapping[str, str]
) -> tuple[TextsPage, int]:
    """A page of one section whose deletion was refused, and its status."""
    (section,) = page.sections
    deletion, status = refused(dict(given) | {"state": _tag(section.view)}, refusal)
    place = _place(section.locale, "-deletion")
    return TextsPage(page.code, [replace(section, deletion=replace(deletion, place=place))]), status


def _locales(session: Session, view: CodeView) -> set[str]:
    missing = find_service(session, view.service).locales
    return {*view.messages, *(it for it in missing if _may_edit(view.service, it))}


def _sections(session: Session, view: CodeView, locales: Sequence[str]) -> list[Section]:
    editable = [locale for locale in locales if _may_edit(view.service, locale)]
    moved = moved_texts(session, view)
    suggested = suggestions_for(session, view, editable, _SUGGESTIONS_LOOKED_AT)
    return [
        _section(view, locale, locale in editable, moved.get(locale, ()), suggested.get(locale, ()))
        for locale in locales
    ]


def _section(
    view: CodeView,
    locale: str,
    is_editable: bool,
    moved: Sequence[MovedText],
    suggested: Sequence[Suggestion],
) -> Section:
    message = view.messages.get(locale)
    state = {"state": _tag(message)}
    texts = _written(message)
    shown = as_shown(texts, TEXTS)
    # Of those that say the same, the best is the first.
    others = {it.text: it for it in reversed(suggested) if it.text != texts["text"]}
    return Section(
        locale,
        message,
        locale == view.default_locale,
        Form(texts | shown | state, (), _place(locale)) if is_editable else None,
        moved,
        list(reversed(others.values()))[:_MOST_SUGGESTIONS],
        Form(state, (), _place(locale, "-deletion")),
    )


def _written(message: MessageView | None) -> dict[str, str]:
    return {name: (message and getattr(message, name)) or "" for name in TEXTS}


def _may_edit(service: str, locale: str) -> bool:
    return asker_may(WriteMessage.needs, service, locale)


def _tag(message: MessageView | None) -> str:
    return "" if message is None else message.tag


def _place(locale: str, more: str = "") -> str:
    return f"-{locale}{more}"
