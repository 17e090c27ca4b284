"""The empty catalog that these tests share with those of the catalog."""

from __future__ import annotations

from tests.catalog.conftest import scratch, session

__all__ = ["scratch", "session"]
