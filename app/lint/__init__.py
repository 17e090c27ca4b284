"""Lint: mistakes that only a catalog of all services can see. Knows no web framework."""
