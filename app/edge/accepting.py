"""What callers would rather have, by what they accept (RFC 9110, section 12.5)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import flask
from werkzeug.datastructures import Accept, MIMEAccept
from werkzeug.http import parse_accept_header

JSON = "application/json"
HTML = "text/html"
MARKDOWN = "text/markdown"
GZIP = "gzip"

# Longer headers are understood anew each time, so that nobody fills the memory with them.
LONGEST_REMEMBERED = 200


def favourite(accepted: str | None) -> str:
    """What the caller would rather have, by an Accept header: HTML, Markdown or JSON.

    Who has no preference gets JSON; between the other two, people come before tools.
    """
    if accepted is None or len(accepted) <= LONGEST_REMEMBERED:
        return _remembered_favourite(accepted)
    return _favourite(accepted)


def _favourite(accepted: str | None) -> str:
    # Without parameters such as a charset, which are the same for all.
    bare = [(it.partition(";")[0].strip(), quality) for it, quality in _parsed(accepted)]
    # The first of those that are as welcome.
    return max((JSON, HTML, MARKDOWN), key=MIMEAccept(bare).quality) if bare else JSON


def _parsed(accepted: str | None) -> Iterable[tuple[str, float]]:
    return parse_accept_header(accepted, MIMEAccept)


_remembered_favourite = lru_cache(maxsize=4096)(_favourite)


def prefers(media_type: str) -> bool:
    """Whether the caller of this request would rather have this than anything else there is."""
    return favourite(flask.request.headers.get("Accept")) == media_type


def takes_gzip(accepted: str | None) -> bool:
    """Whether an Accept-Encoding takes gzip, and no less gladly than plain (section 12.5.3)."""
    found = parse_accept_header(accepted, Accept)
    quality = found.quality(GZIP)
    return quality > 0 and quality >= found.quality("identity")
