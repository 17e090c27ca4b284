"""Journeys: what people do with the product, from outside."""

import pytest

# Its assertions tell what differs, as those of tests do.
pytest.register_assert_rewrite("tests.journeys.machine")
