"""A code as a small Markdown page: what its address, a problem's `type`, tells tools."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.exchange.markdown.writer import escaped

_ROWS = {
    "message": "Message",
    "description": "Description",
    "remedy": "Remedy",
    "key": "Key",
    "http_status": "HTTP status",
    "status": "Status",
    "replaced_by": "Replaced by",
    "type": "Address",
}


def code_page(code: Mapping[str, Any]) -> str:
    """A page about a code as it is answered in JSON; what it does not say is left out."""
    rows = [
        f"| {title} | {escaped(str(code[name]))} |"
        for name, title in _ROWS.items()
        if code[name] is not None
    ]
    heading = f"# {escaped(code['service'])} {escaped(code['code'])}"
    return "\n".join([heading, "", "| | |", "|---|---|", *rows]) + "\n"
