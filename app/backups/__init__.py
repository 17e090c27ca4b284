"""Backups of a catalog in a SQLite file: made while people edit, sealed, and put back."""
