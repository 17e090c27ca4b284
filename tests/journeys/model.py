"""A catalog in plain dictionaries: what the product promises, told without any of its code.

A place is (service,), (service, code) or (service, code, locale); what stands there is a dict that
is replaced and never altered. An edit is tried on a copy, which is kept or thrown away.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

Place = tuple[str, ...]
State = dict[str, Any]

BEGINNING = datetime(2026, 12, 1, tzinfo=UTC)

TEXTS = ("text", "description", "remedy")
MESSAGE = (*TEXTS, "state", "meanings")
# `given` is the HTTP status that an editor gave; without it the digits tell.
CODE = ("key", "given", "http_status", "status", "replaced_by", "deprecated_at")
FOLLOWING = {
    "draft": ("active",),
    "active": ("deprecated", "retired"),
    "deprecated": ("retired",),
    "retired": (),
}


class Row(NamedTuple):
    """A row of a document."""

    code: str
    key: str | None
    text: str
    description: str | None


class Refused(Exception):
    """An edit that must be answered with this status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True)
class Change:
    """What one entry of the log must say; `change_set` is the first revision made together.

    A code comes and goes with its texts in the default `locale`.
    """

    action: str
    place: Place
    locale: str | None
    before: State | None
    after: State | None
    actor: str
    at: datetime
    change_set: int


@dataclass
class Catalog:
    """What there is, the order of each service's codes, and the log.

    `touched` has the change set that last changed what is at a place, for a code also one of its
    texts; `versions` how many did, for codes.
    """

    states: dict[Place, State] = field(default_factory=dict)
    order: dict[str, list[str]] = field(default_factory=dict)
    touched: dict[Place, int] = field(default_factory=dict)
    versions: dict[Place, int] = field(default_factory=dict)
    log: list[Change] = field(default_factory=list)

    def messages(self, code: Place) -> dict[str, State]:
        """The texts of a code by locale."""
        found = {it[2]: self.states[it] for it in self.states if len(it) == 3 and it[:2] == code}
        return dict(sorted(found.items()))

    def source(self, code: Place) -> Place:
        """The place of a code's texts in the default locale."""
        return (*code, self.states[code[:1]]["default_locale"])

    def is_stale(self, place: Place) -> bool:
        """Whether a text was made from what the source's does not mean any more."""
        message, source = self.states[place], self.states[self.source(place[:2])]
        return any(
            message[name] is not None and message["meanings"][name] != source["meanings"][name]
            for name in TEXTS
        )

    def changed_at(self, place: Place) -> datetime:
        """When what is at a place was last changed."""
        return self.log[self.touched[place] - 1].at

    def once_active(self, service: str) -> dict[str, str | None]:
        """The codes of a service that were deleted and no drafts, with their keys."""
        return {
            it.place[1]: it.before["key"]
            for it in self.log
            if it.action == "code.delete" and it.place[0] == service
            if it.before and it.before["status"] != "draft"
        }

    def together(self, change_set: int) -> list[int]:
        """The revisions of a change set; none where none begins with this revision."""
        return [
            number for number, it in enumerate(self.log, start=1) if it.change_set == change_set
        ]


def kept(text: str | None) -> str | None:
    """A text as it is kept."""
    return unicodedata.normalize("NFC", text or "").strip() or None


def placeholders(text: str | None) -> set[str]:
    """The names in braces in a text."""
    return set(re.findall(r"\{([A-Za-z0-9_.]{1,64})\}", text or ""))


def derived(code: str) -> int | None:
    """The HTTP status of the few codes that are made here."""
    return {"4000001": 400, "-500": 500}.get(code)


def only(names: Sequence[str], state: State) -> State:
    """A part of a state."""
    return {name: state[name] for name in names}


def asked(said: State) -> State:
    """The fields of a code that a caller names, as they are kept."""
    fields = {"given" if name == "http_status" else name: it for name, it in said.items()}
    return {name: it for name, it in fields.items() if name in CODE}


def code_of(code: str, fields: State) -> State:
    """A new code as it stands, where these of its fields are told."""
    state = dict.fromkeys(CODE) | {"status": "draft"} | fields
    return state | {"http_status": state["given"] or derived(code)}


class Draft:
    """An edit under way on a copy of a catalog, by somebody, for whom `breaking` says why."""

    def __init__(self, catalog: Catalog, actor: str, at: datetime, breaking: bool) -> None:
        self.catalog = Catalog(
            dict(catalog.states),
            {slug: list(codes) for slug, codes in catalog.order.items()},
            dict(catalog.touched),
            dict(catalog.versions),
            list(catalog.log),
        )
        self.states = self.catalog.states
        self.actor, self.at, self.breaking = actor, at, breaking
        self.change_set = len(catalog.log) + 1

    @property
    def changes(self) -> list[Change]:
        """What was changed so far."""
        return self.catalog.log[self.change_set - 1 :]

    @property
    def next_revision(self) -> int:
        """Of the change that comes next, which no earlier one had."""
        return len(self.catalog.log) + 1

    def create_service(self, slug: str, fields: State) -> None:
        """Put a service where there is none."""
        if (slug,) in self.states:
            raise Refused(409)
        self._put("service.create", (slug,), fields)
        self.catalog.order[slug] = []

    def change_service(self, slug: str, fields: State) -> None:
        """Give a service other values."""
        if (slug,) not in self.states:
            raise Refused(409)
        after = self.states[slug,] | fields
        if after != self.states[slug,]:
            self._put("service.update", (slug,), after)

    def delete_service(self, place: Place) -> None:
        """Delete a service with its drafts, the last first."""
        (slug,) = place
        codes = [(slug, code) for code in reversed(self.catalog.order.get(slug, []))]
        if any(self.states[it]["status"] != "draft" for it in codes):
            raise Refused(409)
        for code in codes:
            self.delete_code(code, leaving=codes)
        self._put("service.delete", (slug,), None)
        del self.catalog.order[slug]

    def create_code(
        self, place: Place, fields: State, texts: State, follows: str | None = None
    ) -> None:
        """Put a code, with its default texts, behind another or ("" for the front) before all."""
        slug, code = place
        if place[:1] not in self.states or place in self.states:
            raise Refused(409)
        order = self.catalog.order[slug]
        at = order.index(follows) + 1 if follows in order else len(order)
        order.insert(0 if follows == "" else at, code)
        meanings = dict.fromkeys(TEXTS, self.next_revision)
        message = {"state": "approved", "meanings": meanings} | texts
        self._log("code.create", place, None, fields | message | {"follows": follows})
        self._set(place, fields)
        self._set(self.catalog.source(place), message)

    def new_code(self, place: Place, said: State) -> None:
        """Create a code, as a caller says it, whose number was never in use."""
        if place[1] in self.catalog.once_active(place[0]):
            raise Refused(409)
        texts = {name: kept(said["message" if name == "text" else name]) for name in TEXTS}
        self.create_code(place, code_of(place[1], asked(said)), texts)

    def patch_code(self, place: Place, said: State) -> None:
        """Change what a caller names of a code."""
        self.change_code(place, asked(said))

    def change_code(self, place: Place, fields: State, *, takes_back: bool = False) -> None:
        """Give a code other values; what takes back may lead to any status but draft."""
        if place not in self.states:
            raise Refused(409)
        before = self.states[place]
        after = before | fields
        after["http_status"] = after["given"] or derived(place[1])
        if after == before:
            return
        was, becomes = before["status"], after["status"]
        if was != becomes:
            free = takes_back and was != "draft" and becomes != "draft"
            if becomes not in FOLLOWING[was] and not free:
                raise Refused(409)
            if becomes == "deprecated" and not takes_back:
                after["deprecated_at"] = self.at
        lost = [it for it in ("key", "http_status") if before[it] not in (None, after[it])]
        if was != "draft" and (lost or (was, becomes) == ("active", "retired")):
            self._require_why()
        if fields.get("replaced_by") and (place[0], fields["replaced_by"]) not in self.states:
            raise Refused(409 if takes_back else 422)
        self._put("code.update", place, after)

    def delete_code(
        self, place: Place, *, leaving: Sequence[Place] = (), takes_back: bool = False
    ) -> None:
        """Delete a code, its translations first; no other one may name it as its successor."""
        if place not in self.states or (self.states[place]["status"] != "draft" and not takes_back):
            raise Refused(409)
        stay = [
            it for it in self.states if len(it) == 2 and it[0] == place[0] and it not in leaving
        ]
        if any(self.states[it]["replaced_by"] == place[1] for it in stay):
            raise Refused(409)
        source = self.catalog.source(place)
        for locale in self.catalog.messages(place):
            if (*place, locale) != source:
                self._put("message.delete", (*place, locale), None)
        order = self.catalog.order[place[0]]
        index = order.index(place[1])
        follows = {"follows": order[index - 1] if index else ""}
        self._log("code.delete", place, self.states[place] | self.states[source] | follows, None)
        self._set(source, None)
        self._set(place, None)
        order.remove(place[1])

    def write_message(
        self, place: Place, texts: State, typo: bool = False, meanings: State | None = None
    ) -> None:
        """Write a code's texts in one locale, in place of any there are."""
        if place[:2] not in self.states:
            raise Refused(409)
        before, source = self.states.get(place), self.states[self.catalog.source(place[:2])]
        if before is source:
            if texts["text"] is None:
                raise Refused(422)
            lost = placeholders(source["text"]) - placeholders(texts["text"])
            if lost and self.states[place[:2]]["status"] != "draft":
                self._require_why()
        elif any(
            source[name] and texts[name] and placeholders(source[name]) != placeholders(texts[name])
            for name in TEXTS
        ):
            raise Refused(422)
        if meanings is None:
            meanings = source["meanings"]
            if before is source and not typo:
                moved = [name for name in TEXTS if source[name] != texts[name]]
                meanings = meanings | dict.fromkeys(moved, self.next_revision)
            elif before is not None and typo:
                meanings = before["meanings"]
        after = texts | {"meanings": meanings}
        if after != before:
            self._put("message.update" if before else "message.create", place, after)

    def put_message(self, place: Place, said: State) -> None:
        """Write what a caller says."""
        texts = {name: kept(said[name]) for name in TEXTS}
        self.write_message(place, texts | {"state": said["state"]}, said["typo"])

    def delete_message(self, place: Place) -> None:
        """Delete a code's texts in one locale, which is not the default one."""
        if place not in self.states or place == self.catalog.source(place[:2]):
            raise Refused(409)
        self._put("message.delete", place, None)

    def bring_in(self, slug: str, rows: Sequence[Row], locale: str | None) -> None:
        """Import a document."""
        rows = [row._replace(text=kept(row.text) or "") for row in rows]
        default = self.states[slug,]["default_locale"]
        if locale in (None, default):
            self._bring_in_sources(slug, rows)
        else:
            self._bring_in_translations(slug, rows, str(locale))

    def _bring_in_sources(self, slug: str, rows: Sequence[Row]) -> None:
        order, gone = list(self.catalog.order[slug]), self.catalog.once_active(slug)
        there = [row for row in rows if row.code in order]
        new = [row for row in rows if row.code not in order]
        lost = [row for row in new if row.key not in (None, gone.get(row.code, row.key))]
        # At its head a page says what stands before the first code that is known.
        follows = ["", *order][order.index(there[0].code)] if there else None
        for row in rows:
            if row in new and row not in lost:
                # A number comes back with the key that it had.
                fields = {"key": row.key or gone.get(row.code), "status": "active"}
                fields = code_of(row.code, fields)
                texts = {"text": row.text, "description": row.description, "remedy": None}
                self.create_code((slug, row.code), fields, texts, follows)
            follows = row.code
        for row in there:
            if row.key is not None:
                self.change_code((slug, row.code), {"key": row.key})
        for row in there:
            place = self.catalog.source((slug, row.code))
            self._say(place, {"text": row.text, "description": row.description})
        # A number that was lost is refused last: that others break what they change comes first.
        if lost:
            raise Refused(422)

    def _bring_in_translations(self, slug: str, rows: Sequence[Row], locale: str) -> None:
        told = []
        for row in rows:
            code = (slug, row.code)
            if code not in self.states or row.key not in (None, self.states[code]["key"]):
                raise Refused(422)
            source = self.states[self.catalog.source(code)]
            said = {"text": row.text, "description": row.description}
            for name, text in said.items():
                both = text is not None and source[name] is not None
                if both and placeholders(text) != placeholders(source[name]):
                    raise Refused(422)
            # What is word for word the source's translates nothing.
            told.append(
                ((*code, locale), {it: text for it, text in said.items() if text != source[it]})
            )
        for is_new in (False, True):
            for place, said in told:
                if any(said.values()) and (place not in self.states) is is_new:
                    self._say(place, said)

    def _say(self, place: Place, said: State) -> None:
        """Write what a document says over the texts there are; its silence changes nothing."""
        before = self.states.get(place, dict.fromkeys(TEXTS))
        texts = {name: said.get(name) or before[name] for name in TEXTS}
        if any(texts[name] != before[name] for name in TEXTS):
            self.write_message(place, texts | {"state": "approved"})

    def take_back(self, revisions: Sequence[int]) -> None:
        """Undo changes, the newest first; whatever is in the way is a conflict."""
        entries = [self.catalog.log[number - 1] for number in sorted(revisions, reverse=True)]
        leaving = [it.place for it in entries if it.action == "code.create"]
        try:
            for entry in entries:
                self._undo(entry, leaving)
        except Refused:
            raise Refused(409) from None
        returned = [it.place for it in entries if it.action == "code.delete"]
        for place in returned:
            successor = self.states.get(place, {}).get("replaced_by")
            if successor and (place[0], successor) not in self.states:
                raise Refused(409)

    def _undo(self, entry: Change, leaving: Sequence[Place]) -> None:
        place, before, after = entry.place, entry.before, entry.after
        subject, act = entry.action.split(".")
        if act == "update" and subject != "message":
            self._undo_update(entry)
        elif subject == "message":
            self._require_words(place, after)
            if before is None:
                self.delete_message(place)
            else:
                texts = {name: before[name] for name in (*TEXTS, "state")}
                self.write_message(place, texts, meanings=before["meanings"])
        elif subject == "service" and before is None:
            self._require_words(place, after)
            if self.catalog.order[place[0]]:
                raise Refused(409)
            self.delete_service(place)
        elif subject == "service":
            self.create_service(place[0], before or {})
        elif before is None and after is not None:
            self._require_words(place, only(CODE, after))
            if len(self.catalog.messages(place)) > 1:
                raise Refused(409)
            self._require_words(self.catalog.source(place), only(MESSAGE, after))
            self.delete_code(place, leaving=leaving, takes_back=True)
        elif before is not None:
            if before["status"] == "draft" and place[1] in self.catalog.once_active(place[0]):
                raise Refused(409)
            fields, texts = only(CODE, before), only(MESSAGE, before)
            self.create_code(place, fields, texts, before["follows"])

    def _undo_update(self, entry: Change) -> None:
        now, before, after = self.states.get(entry.place), entry.before or {}, entry.after or {}
        changed = [name for name in after if before[name] != after[name]]
        if now is None or any(now[name] != after[name] for name in changed):
            raise Refused(409)
        fields = {name: before[name] for name in changed}
        if len(entry.place) == 1:
            self.change_service(entry.place[0], fields)
        else:
            self.change_code(entry.place, fields, takes_back=True)

    def _require_words(self, place: Place, words: Mapping[str, Any] | None) -> None:
        """Raise where what is at a place is not what a change left, but for what it means."""
        now = self.states.get(place)
        if now is None or words is None:
            if now is not words:
                raise Refused(409)
        elif any(now[name] != words[name] for name in words if name != "meanings"):
            raise Refused(409)

    def _require_why(self) -> None:
        if not self.breaking:
            raise Refused(409)

    def _put(self, action: str, place: Place, after: State | None) -> None:
        """Let one change happen and log it."""
        self._log(action, place, self.states.get(place), after)
        self._set(place, after)

    def _log(self, action: str, place: Place, before: State | None, after: State | None) -> None:
        whole = action in ("code.create", "code.delete")
        locale = self.catalog.source(place)[2] if whole else place[2] if len(place) == 3 else None
        self.catalog.log.append(
            Change(action, place, locale, before, after, self.actor, self.at, self.change_set)
        )

    def _set(self, place: Place, state: State | None) -> None:
        """Let this stand at a place; a code has a new version, once a change set."""
        catalog, code = self.catalog, place[:2]
        if len(place) > 1 and catalog.touched.get(code) != self.change_set:
            catalog.versions[code] = catalog.versions.get(code, 0) + 1
            catalog.touched[code] = self.change_set
        if state is not None:
            self.states[place] = state
            catalog.touched[place] = self.change_set
            return
        for kept_of in (self.states, catalog.touched, catalog.versions):
            kept_of.pop(place, None)
