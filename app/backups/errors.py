"""What can go wrong with a backup."""

from __future__ import annotations


class BackupError(Exception):
    """A backup cannot be made or put back, and nothing was changed; the message is one line."""
