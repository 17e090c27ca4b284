"""JSON as answers and bundles are written in."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any


def dumps(data: Any) -> str:
    """Compact, in the order given, with non-ASCII text as it is and a line end."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"


def timestamp(moment: datetime) -> str:
    """A moment as RFC 3339 in UTC, ending in Z."""
    in_utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return in_utc.isoformat(timespec="seconds")[:19] + "Z"
