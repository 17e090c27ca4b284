"""Where the pages are: the rules of all that are read, with addresses where there is something."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tests.api.accounts import OTHER_SERVICE
from tests.api.reading import APP

# What is no page, or leads on to one.
NO_PAGES = {"get_asset", "get_nothing", "get_home_with_slash"}
# Proposals are of the service that demands four eyes; two are open, and the third is rejected.
OF_THE_OTHER = {"service": OTHER_SERVICE, "proposal": "1", "rejected": "3"}
# Pages that look different with more said in their address.
MORE = {
    "/browse?q=key",
    "/browse?q=nothing-like-this",
    "/browse/codes?q=4000122",
    "/browse/services/<service>?locale=ko&state=stale",
    "/browse/services/<service>?status=deprecated",
    "/browse/services/<service>?q=nothing-like-this",
    "/browse/services/<service>/codes/4010003",
    "/browse/services/<service>/codes/4010003/edit",
    "/browse/services/<service>/codes/4010003?locale=ja",
    "/browse/services/<service>/proposals/<rejected>",
    "/browse/changes?limit=3",
    "/browse/changes?actor=tara",
    "/browse/review?locale=ko",
    "/browse/sign-in?next=/browse/review",
}


def is_page(endpoint: str) -> bool:
    """Whether an endpoint shows a page."""
    room, _, view = endpoint.partition(".")
    return room == "pages" and view not in NO_PAGES


RULES = sorted(
    MORE
    | {
        it.rule
        for it in APP.url_map.iter_rules()
        if is_page(it.endpoint) and "GET" in (it.methods or ())
    }
)


def address_of(rule: str, values: Mapping[str, str]) -> str:
    """The address of a rule in a catalog where `work` was done, which gave these values."""
    there = {**values, **(OF_THE_OTHER if "/proposals" in rule else {})}
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda variable: there[variable[1]], rule)
