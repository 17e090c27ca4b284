"""What these tests share."""

from tests.api.accounts import desk, office
from tests.api.reading import reader
from tests.pages.working import worked, worked_office

__all__ = ["desk", "office", "reader", "worked", "worked_office"]
