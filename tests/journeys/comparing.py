"""What the product must say of what the model has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.json import timestamp
from tests.journeys.model import TEXTS, Catalog, Change, Place

KINDS = ("services", "codes", "messages")
# What the log tells of a service, a code and a message, and is promised.
LOGGED = (
    *("title", "default_locale", "four_eyes"),
    *("key", "http_status", "status", "replaced_by"),
    *(*TEXTS, "state"),
)


def address_of(place: Place) -> str:
    """Where something is."""
    return "".join(f"/{kind}/{it}" for kind, it in zip(KINDS, place, strict=False))


def service(catalog: Catalog, slug: str) -> dict[str, Any]:
    """A service as it is shown."""
    codes = catalog.order[slug]
    state = catalog.states[slug,]
    return {
        "slug": slug,
        "title": state["title"],
        "section": None,
        "default_locale": state["default_locale"],
        "locales": sorted({it[2] for it in catalog.states if len(it) == 3 and it[0] == slug}),
        "codes": len(codes),
        "four_eyes": state["four_eyes"],
        "updated_at": timestamp([it.at for it in catalog.log if it.place[0] == slug][-1]),
    }


def code(catalog: Catalog, place: Place) -> dict[str, Any]:
    """A code as it is shown in no language, each of its texts with the choice there is."""
    state, messages = catalog.states[place], catalog.messages(place)
    default = catalog.source(place)[2]
    chosen = {}
    for name in TEXTS:
        texts = {locale: it[name] for locale, it in messages.items() if it[name] is not None}
        chosen[name] = {default: texts[default]} if default in texts else texts
    return {
        **{name: state[name] for name in ("key", "http_status", "status", "replaced_by")},
        "service": place[0],
        "code": place[1],
        "locales": list(messages),
        "version": catalog.versions[place],
        "updated_at": timestamp(catalog.changed_at(place)),
        "chosen": chosen,
    }


def compare_codes(told: Sequence[dict[str, Any]], expected: Sequence[dict[str, Any]]) -> None:
    """Hold codes as they are shown against what `code` says of them."""
    assert [it["code"] for it in told] == [it["code"] for it in expected]
    for found, wanted in zip(told, expected, strict=True):
        assert {name: found[name] for name in wanted if name != "chosen"} == {
            name: value for name, value in wanted.items() if name != "chosen"
        }
        message, description, remedy = wanted["chosen"].values()
        assert message == {found["locale"]: found["message"]}
        for name, texts in (("description", description), ("remedy", remedy)):
            assert texts.get(found[f"{name}_locale"]) == found[name]
            assert bool(texts) == (found[name] is not None)


def messages(catalog: Catalog, code: Place) -> list[dict[str, Any]]:
    """The texts of a code as they are shown."""
    return [
        {
            "locale": locale,
            **{name: message[name] for name in (*TEXTS, "state")},
            "stale": catalog.is_stale((*code, locale)),
            "updated_at": timestamp(catalog.changed_at((*code, locale))),
        }
        for locale, message in catalog.messages(code).items()
    ]


def logged(revision: int, change: Change) -> dict[str, Any]:
    """An entry of the log as it must be."""
    service, code = (*change.place, None)[:2]
    return {
        "revision": revision,
        "change_set": change.change_set,
        "at": timestamp(change.at),
        "actor": change.actor,
        "action": change.action,
        "service": service,
        "code": code,
        "locale": change.locale,
        "before": _public(change.before),
        "after": _public(change.after),
    }


def shown(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry of the log as it is, as far as the model has an opinion."""
    rest = {name: it for name, it in entry.items() if name not in ("reason", "breaking")}
    return rest | {name: _public(rest[name]) for name in ("before", "after")}


def _public(state: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if state is None else {name: state[name] for name in LOGGED if name in state}
