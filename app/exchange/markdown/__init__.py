"""Markdown pages: a breadcrumb that names the service, and tables of its codes."""

from app.exchange.markdown.reader import parse
from app.exchange.markdown.writer import write

__all__ = ["parse", "write"]
