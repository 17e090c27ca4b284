"""One code as an application sees it.

In memory an entry is the line of JSON that it came as, and becomes an Entry where somebody asks for
one: the garbage collector need not look through texts, however many there are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from itertools import product
from operator import itemgetter
from typing import Any

STATUSES = frozenset({"active", "deprecated", "retired"})


@dataclass(frozen=True)
class Entry:
    """A code of a service in one locale.

    `http_status` is 100 to 599, or None where neither the code nor an editor says one. `status`
    is "active", "deprecated" or "retired"; `deprecated_at` and `sunset_at` are times of RFC 3339.
    `locale` is that of the message, and `fallback` tells that it is no match for the locale that
    was asked for; the description and the remedy fall back by themselves. `type` is the entry's
    own address, which serves as a problem type of RFC 9457.
    """

    service: str
    code: str
    key: str | None
    http_status: int | None
    status: str
    message: str
    locale: str
    fallback: bool
    description: str | None
    description_locale: str | None
    remedy: str | None
    remedy_locale: str | None
    replaced_by: str | None
    deprecated_at: str | None
    sunset_at: str | None
    type: str


# What a bundle says of a code; the service stands at its head.
_FIELDS = fields(Entry)[1:]
_KINDS: Mapping[object, tuple[type, ...]] = {
    "str": (str,),
    "str | None": (str, type(None)),
    "int | None": (int, type(None)),
    "bool": (bool,),
}
# All the types that its fields may have, so that one look tells whether they have them.
_SHAPES = frozenset(product(*(_KINDS[field.type] for field in _FIELDS)))
_values = itemgetter(*(field.name for field in _FIELDS))

decode = json.JSONDecoder().decode


def check(fields: Any) -> None:
    """Raise ValueError where a field of a code is missing or does not fit; it may have others."""
    try:
        is_fit = tuple(map(type, _values(fields))) in _SHAPES
    except (KeyError, TypeError) as error:
        raise ValueError(f"a code lacks {error}") from error
    status = fields["http_status"]
    is_fit = is_fit and fields["status"] in STATUSES
    if not is_fit or not (status is None or 100 <= status <= 599):
        raise ValueError(f"the code {fields['code']} has a field that does not fit")


def entry_of(service: str, line: str) -> Entry:
    """The entry that a line says, which has been checked."""
    return Entry(service, *_values(decode(line)))
