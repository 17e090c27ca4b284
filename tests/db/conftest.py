"""A catalog with accounts, for tests that edit over HTTP."""

from tests.api.accounts import desk, office

__all__ = ["desk", "office"]
