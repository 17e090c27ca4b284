"""Addresses: where things are found, by the API and by people."""

from __future__ import annotations

# The pages for people live under this, at the API's own paths.
PAGES = "/browse"


def is_of_pages(path: str) -> bool:
    """Whether a path is one of the pages for people, be it that there is none."""
    return path == PAGES or path.startswith(f"{PAGES}/")
