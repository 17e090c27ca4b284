"""The error catalog for other services: codes and messages from memory, even while it is down."""

from error_catalog_client._catalog import Catalog
from error_catalog_client._entries import Entry
from error_catalog_client._errors import CatalogError
from error_catalog_client._events import Event
from error_catalog_client._services import Service
from error_catalog_client._status import Status

__all__ = ["Catalog", "CatalogError", "Entry", "Event", "Service", "Status"]
