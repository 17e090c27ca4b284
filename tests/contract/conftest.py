"""The caller that these tests share."""

from tests.api.reading import reader

__all__ = ["reader"]
