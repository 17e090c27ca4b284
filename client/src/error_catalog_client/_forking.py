"""Children that are forked off: no thread of the parent's lives on in them."""

from __future__ import annotations

import os
from weakref import WeakSet

from error_catalog_client._refreshing import Refresher

_refreshers: WeakSet[Refresher] = WeakSet()


def go_on_in_children(refresher: Refresher) -> None:
    """Have it poll in each child of this process too, as it does in this one."""
    _refreshers.add(refresher)


def _restart_all() -> None:
    for refresher in list(_refreshers):
        refresher.restart()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_restart_all)
