"""What a catalog is and how it changes. Knows no web framework and no document format."""
