"""How many bytes a request may bring: any but a document, and a document."""

from __future__ import annotations

BODY_LIMIT = 1_000_000
DOCUMENT_LIMIT = 64_000_000
