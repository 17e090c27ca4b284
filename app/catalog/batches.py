"""Long lists in batches, so that a statement's parameters and the memory they take stay bounded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

BATCH_SIZE = 500

Item = TypeVar("Item")


def in_batches(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """The items in their order, up to 500 at a time."""
    for start in range(0, len(items), BATCH_SIZE):
        yield items[start : start + BATCH_SIZE]
