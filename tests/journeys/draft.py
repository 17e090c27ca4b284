"""Edits of the model: each is tried on a copy of it, which is kept or thrown away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tests.journeys.model import (
    CODE,
    FOLLOWING,
    MESSAGE,
    TEXTS,
    Catalog,
    Change,
    Place,
    Refused,
    Row,
    State,
    asked,
    code_of,
    derived,
    kept,
    only,
    placeholders,
)


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
        self.versions_before = catalog.versions
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
        self,
        place: Place,
        fields: State,
        texts: State,
        follows: str | None = None,
        version: int = 0,
    ) -> None:
        """Put a code, with its default texts, behind another or ("" for the front) before all.

        One that comes back goes on from the version that it had.
        """
        slug, code = place
        if place[:1] not in self.states or place in self.states:
            raise Refused(409)
        order = self.catalog.order[slug]
        at = order.index(follows) + 1 if follows in order else len(order)
        order.insert(0 if follows == "" else at, code)
        meanings = dict.fromkeys(TEXTS, self.next_revision)
        message = {"state": "approved", "meanings": meanings} | texts
        self._log("code.create", place, None, fields | message | {"follows": follows})
        self.catalog.versions[place] = version
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
        if after["replaced_by"] != before["replaced_by"]:
            self._require_successor(place, after["replaced_by"])
        self._put("code.update", place, after)

    def _require_successor(self, place: Place, successor: str | None) -> None:
        """Raise where a code's successor is not there, or leads back to it by its own ones."""
        while successor is not None:
            following = (place[0], successor)
            if following == place or following not in self.states:
                raise Refused(422)
            successor = self.states[following]["replaced_by"]

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
        where = {
            "follows": order[index - 1] if index else "",
            "version": self.versions_before[place],
        }
        self._log("code.delete", place, self.states[place] | self.states[source] | where, None)
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
            if typo and _other_placeholders(source, texts):
                raise Refused(422)
        elif _other_placeholders(source, texts):
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

    def put_message(self, place: Place, said: State, seen: State | None) -> None:
        """Write what a caller says who, where it is a translation, has `seen` its source so."""
        texts = {name: kept(said[name]) for name in TEXTS}
        meanings = None if seen is None or said["typo"] else seen["meanings"]
        self.write_message(place, texts | {"state": said["state"]}, said["typo"], meanings)

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
            self.create_code(place, fields, texts, before["follows"], before["version"])

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


def _other_placeholders(source: State, texts: State) -> bool:
    return any(
        source[name] and texts[name] and placeholders(source[name]) != placeholders(texts[name])
        for name in TEXTS
    )
