"""What browsers are told of every answer, so that nobody turns it against who reads it.

An answer that has one of these headers already keeps it. Answers given again keep theirs.
"""

from __future__ import annotations

from collections.abc import Mapping

import flask

from app.config import Settings
from app.edge.addresses import is_of_pages

# No answer is a page that may do anything, or be shown inside another, unless it says so.
FOR_ALL: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
# Of pages, and of what they load, other sites get neither a window nor the bytes.
FOR_PAGES: Mapping[str, str] = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# RFC 6797: a year. Of this host alone: what is below it is not ours to tell.
STRICT_TRANSPORT = "max-age=31536000"


def register(app: flask.Flask, settings: Settings) -> None:
    """Let an application send them with every answer."""
    for_all = dict(FOR_ALL)
    if settings.public_url.startswith("https:"):
        for_all["Strict-Transport-Security"] = STRICT_TRANSPORT

    @app.after_request
    def harden(response: flask.Response) -> flask.Response:
        headers = response.headers
        for name, value in for_all.items():
            if name not in headers:
                headers.add(name, value)
        if is_of_pages(flask.request.path) or response.mimetype == "text/html":
            headers.extend(FOR_PAGES)
        return response
