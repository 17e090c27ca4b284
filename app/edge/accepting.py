"""What callers would rather have, by the Accept header (RFC 9110, section 12.5.1)."""

from __future__ import annotations

import flask

JSON = "application/json"
HTML = "text/html"
MARKDOWN = "text/markdown"


def prefers(media_type: str, *others: str) -> bool:
    """Whether the caller would rather have this than JSON, and no less than the others.

    Who has no preference gets JSON.
    """
    accepted = flask.request.accept_mimetypes
    if not accepted:
        return False
    quality = accepted.quality(media_type)
    return quality > accepted.quality(JSON) and all(
        quality >= accepted.quality(other) for other in others
    )
