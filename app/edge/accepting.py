"""What callers would rather have, by what they accept (RFC 9110, section 12.5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec, TypeVar

import flask
from werkzeug.datastructures import Accept, MIMEAccept
from werkzeug.http import parse_accept_header

JSON = "application/json"
HTML = "text/html"
MARKDOWN = "text/markdown"
GZIP = "gzip"

# Longer headers are understood anew each time, so that nobody fills the memory with them.
LONGEST_REMEMBERED = 200
MOST_REMEMBERED = 16_384

More = ParamSpec("More")
Meaning = TypeVar("Meaning")


def remembered(
    understand: Callable[Concatenate[str | None, More], Meaning],
) -> Callable[Concatenate[str | None, More], Meaning]:
    """A function of a header's value that remembers what the values met most come to."""
    known = lru_cache(maxsize=MOST_REMEMBERED)(understand)

    @wraps(understand)
    def understood(value: str | None, /, *more: More.args, **named: More.kwargs) -> Meaning:
        is_short = value is None or len(value) <= LONGEST_REMEMBERED
        if is_short:
            return known(value, *more, **named)  # type: ignore[arg-type]  # all can be hashed
        return understand(value, *more, **named)

    return understood


@remembered
def favourite(accepted: str | None) -> str:
    """What the caller would rather have, by an Accept header: HTML, Markdown or JSON.

    Who has no preference gets JSON; between the other two, people come before tools.
    """
    found: Iterable[tuple[str, float]] = parse_accept_header(accepted, MIMEAccept)
    # Without parameters such as a charset, which are the same for all.
    bare = [(it.partition(";")[0].strip(), quality) for it, quality in found]
    # The first of those that are as welcome.
    return max((JSON, HTML, MARKDOWN), key=MIMEAccept(bare).quality) if bare else JSON


def prefers(media_type: str) -> bool:
    """Whether the caller of this request would rather have this than anything else there is."""
    return favourite(flask.request.headers.get("Accept")) == media_type


@remembered
def takes_gzip(accepted: str | None) -> bool:
    """Whether an Accept-Encoding takes gzip, and no less gladly than plain (section 12.5.3)."""
    found = parse_accept_header(accepted, Accept)
    quality = found.quality(GZIP)
    return quality > 0 and quality >= found.quality("identity")
