"""What browsers are told of every answer, so that nobody turns it against who reads it.

A page has a policy of its own, and keeps what it has. Answers given again keep theirs.
"""

from __future__ import annotations

from collections.abc import Mapping

import flask

from app.config import Settings

# No answer is a page that may do anything, or be shown inside another, unless it says so.
FOR_ALL: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
# Of pages, other sites get neither a window nor the bytes.
FOR_PAGES: Mapping[str, str] = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# RFC 6797: a year. Of this host alone: what is below it is not ours to tell.
STRICT_TRANSPORT = "max-age=31536000"


def register(app: flask.Flask, settings: Settings) -> None:
    """Let an application send them with every answer."""
    for_all = list(FOR_ALL.items())
    if settings.public_url.startswith("https:"):
        for_all.append(("Strict-Transport-Security", STRICT_TRANSPORT))

    @app.after_request
    def harden(response: flask.Response) -> flask.Response:
        headers = response.headers
        if "Content-Security-Policy" not in headers:
            headers.extend(for_all)
            return response
        # It has a policy of its own: it is a page.
        for name, value in (*for_all, *FOR_PAGES.items()):
            headers.setdefault(name, value)
        return response
