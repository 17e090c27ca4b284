"""Where a code is found: its address is its identity, and serves as a problem type (RFC 9457)."""

from __future__ import annotations


def code_path(service: str, code: str) -> str:
    """The path of a code, which is its address behind the catalog's.

    Slugs and codes are made of characters that a path may have as they are (RFC 3986, section 3.3).
    """
    return f"/services/{service}/codes/{code}"
