"""JSON as answers and bundles are written in."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import msgspec


def dumps(data: Any) -> bytes:
    """Compact, in the order given, with non-ASCII text as it is and a line end; UTF-8."""
    return msgspec.json.encode(data) + b"\n"


# Codes that came in together changed in the same second.
@lru_cache(maxsize=4096)
def timestamp(moment: datetime) -> str:
    """A moment as RFC 3339 in UTC, ending in Z."""
    in_utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return in_utc.isoformat()[:19] + "Z"
