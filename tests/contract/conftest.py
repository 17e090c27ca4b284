"""The callers that these tests share."""

from tests.api.accounts import desk, office
from tests.api.reading import reader

__all__ = ["desk", "office", "reader"]
