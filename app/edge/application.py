"""The web application: Flask as it is, but for a question not asked and a read tried again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, request
from flask.typing import ResponseReturnValue

from app.db import tried_again


class Application(Flask):
    """Flask for views and hooks that are plain functions."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself.

        Flask looks whether it is a coroutine, at every hook and view of every request: a tenth of
        the time that a lookup takes.
        """
        return func

    def dispatch_request(self) -> ResponseReturnValue:
        """What the view answers; where it only reads and others were in its way, the second try."""
        dispatch = super().dispatch_request
        return tried_again(dispatch) if request.method in ("GET", "HEAD") else dispatch()
