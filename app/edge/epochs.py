"""The epoch that a request is answered in, for what names states: tags, and the change feed."""

from __future__ import annotations

import flask


def note_epoch(epoch: str) -> None:
    """Say in which epoch this request is answered."""
    flask.g.epoch = epoch


def noted_epoch() -> str:
    """The epoch that this request is answered in; empty where the catalog has no part in it."""
    noted: str = flask.g.get("epoch", "")
    return noted
