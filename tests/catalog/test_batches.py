"""Long lists in batches."""

from __future__ import annotations

import pytest

from app.catalog.batches import BATCH_SIZE, in_batches


@pytest.mark.parametrize("count", [0, 1, BATCH_SIZE, BATCH_SIZE + 1, 3 * BATCH_SIZE - 1])
def test_every_item_comes_once_and_in_order(count: int) -> None:
    batches = list(in_batches(range(count)))
    assert [item for batch in batches for item in batch] == list(range(count))
    assert all(0 < len(batch) <= BATCH_SIZE for batch in batches)
