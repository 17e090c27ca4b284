"""Error Catalog."""
