"""The visitors that these tests share."""

from tests.api.accounts import desk, office

__all__ = ["desk", "office"]
