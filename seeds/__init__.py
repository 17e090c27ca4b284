"""The documented tables that a new catalog begins with, and their translations."""
