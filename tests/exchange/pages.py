"""Pages as teams document their codes on, built from the cells of their rows."""

from __future__ import annotations

from collections.abc import Sequence

from app.exchange import markdown
from app.exchange.plan import Source

COLUMNS = ("Code", "Key", "Message")
# Below the heading, an empty line, the table's header and the line under it.
FIRST_ROW = 5


def page(
    *rows: Sequence[str], title: str = "Alpha", columns: Sequence[str] = COLUMNS, leaf: str = ""
) -> str:
    """A Markdown page with one table; each row is given as its cells."""
    table = [columns, ["---"] * len(columns), *rows]
    lines = [f"# Cloud > {title} > {leaf or 'Error Code'}", ""]
    lines += [f"| {' | '.join(cells)} |" for cells in table]
    return "\n".join(lines) + "\n"


def source(
    *rows: Sequence[str],
    locale: str = "en",
    title: str = "Alpha",
    file: str = "alpha.md",
    columns: Sequence[str] = COLUMNS,
) -> Source:
    """Such a page, read, with the locale of its texts."""
    return Source(markdown.parse(page(*rows, title=title, columns=columns), file), locale)
