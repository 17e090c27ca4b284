"""Every route of the application that answers GET, with an address where there is something."""

from __future__ import annotations

from dataclasses import dataclass

from tests.api.reading import APP

# What stands in an address for each of the variables of the routes.
THERE = {
    "service": "document-recognizer",
    "code": "4000122",
    "locale": "ko",
    "name": "docs.css",
}
# What a route needs in its query to answer.
NEEDED = {"/codes": "q=key"}


@dataclass(frozen=True)
class Route:
    """One route, by its rule; `there` is an address of it that answers, `absent` are those of it
    where one thing in the path does not exist."""

    rule: str
    there: str
    absent: tuple[str, ...]


def address_of(rule: str, values: dict[str, str]) -> str:
    """The address of a rule with these values of its variables, and with the query it needs."""
    path = rule
    for name, value in values.items():
        path = path.replace(f"<{name}>", value)
    return f"{path}?{NEEDED[rule]}" if rule in NEEDED else path


ROUTES = [
    Route(
        rule.rule,
        address_of(rule.rule, {name: THERE[name] for name in rule.arguments}),
        tuple(
            address_of(rule.rule, THERE | {name: "nothing-there"})
            for name in sorted(rule.arguments)
        ),
    )
    for rule in APP.url_map.iter_rules()
    if "GET" in (rule.methods or ())
]


def with_parameter(address: str, parameter: str) -> str:
    """An address with one more parameter."""
    return f"{address}{'&' if '?' in address else '?'}{parameter}"
