"""Every route of the API: those that answer GET, with an address where there is something, and
those that write. The pages for people keep promises of their own (tests/pages)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.edge.addresses import is_of_pages
from tests.api.reading import APP

# What stands in an address for each of the variables of the routes.
THERE = {
    "service": "document-recognizer",
    "code": "4000122",
    "locale": "ko",
    "name": "docs.css",
    "rule": "code-conflict",
    "proposal": "1",
    "revision": "1",
    "change_set": "1",
}
# What stands there where it does not exist: numbers are numbers all the same.
ABSENT = dict.fromkeys(THERE, "nothing-there") | dict.fromkeys(
    ("proposal", "revision", "change_set"), "999999"
)
# What a route needs in its query to answer.
NEEDED = {
    "/codes": "q=key",
    "/services/<service>/export": "format=markdown",
    "/bundle": "service=document-recognizer",
}

# What a path of these names need not be there.
NEED_NOT_BE_THERE = {"/services/<service>/codes/<code>/messages/<locale>/suggestions": "locale"}

# What tells about the application itself, and is no part of what the API promises.
PAGES = {
    "/docs",
    "/docs/problems",
    "/docs/lint",
    "/docs/lint/<rule>",
    "/docs/assets/<name>",
    "/openapi.json",
}

READING = {"GET", "HEAD", "OPTIONS"}
# What reads by POST, because what it is asked does not fit into an address.
READING_POST = {"/codes/match", "/check"}


@dataclass(frozen=True)
class Route:
    """One route that answers GET, by its rule; `there` is an address of it that answers, `absent`
    are those of it where one thing in the path does not exist, `methods` all that it takes."""

    rule: str
    there: str
    absent: tuple[str, ...]
    methods: frozenset[str]


@dataclass(frozen=True)
class Write:
    """One route that changes something, with an address of it."""

    method: str
    rule: str
    address: str

    @property
    def name(self) -> str:
        """What a test with it is called."""
        return f"{self.method} {self.rule}"


def address_of(rule: str, values: Mapping[str, str] = THERE) -> str:
    """The address of a rule with these values of its variables, and with the query it needs."""
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda variable: values[variable[1]], rule)
    return f"{path}?{NEEDED[rule]}" if rule in NEEDED else path


RULES = [it for it in APP.url_map.iter_rules() if it.rule != "/" and not is_of_pages(it.rule)]


def _methods_of(rule: str) -> frozenset[str]:
    return frozenset(
        method for other in RULES if other.rule == rule for method in other.methods or ()
    )


ROUTES = [
    Route(
        rule.rule,
        address_of(rule.rule),
        tuple(
            address_of(rule.rule, THERE | {name: ABSENT[name]})
            for name in sorted(rule.arguments - {NEED_NOT_BE_THERE.get(rule.rule)})
        ),
        _methods_of(rule.rule),
    )
    for rule in RULES
    if "GET" in (rule.methods or ())
]
WRITES = [
    Write(method, rule.rule, address_of(rule.rule).partition("?")[0])
    for rule in RULES
    if rule.rule not in READING_POST
    for method in sorted((rule.methods or set()) - READING)
]


def with_parameter(address: str, parameter: str) -> str:
    """An address with one more parameter."""
    return f"{address}{'&' if '?' in address else '?'}{parameter}"
