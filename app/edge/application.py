"""The web application: Flask as it is, but for a question that it need not ask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask


class Application(Flask):
    """Flask for views and hooks that are plain functions."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself.

        Flask looks whether it is a coroutine, at every hook and view of every request: a tenth of
        the time that a lookup takes.
        """
        return func
