"""Documents in and out: text → document → plan → edits. Knows no web framework."""
