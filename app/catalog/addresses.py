"""Where a code is found: its address is its identity, and serves as a problem type (RFC 9457)."""

from __future__ import annotations

from urllib.parse import quote


def code_path(service: str, code: str) -> str:
    """The path of a code, which is its address behind the catalog's."""
    return f"/services/{service}/codes/{quote(code, safe=':')}"
