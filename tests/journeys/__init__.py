"""Journeys: what people do with the product, from outside."""

import pytest

# Their assertions tell what differs, as those of tests do.
pytest.register_assert_rewrite("tests.journeys.comparing", "tests.journeys.machine")
