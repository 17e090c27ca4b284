"""Epochs: a name for the time from one restore of the catalog to the next.

After a restore, revisions and versions that were given since the backup are given once more, to
other states. Whoever compares them compares the epoch too.
"""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.catalog import history
from app.catalog.models import Change, Epoch
from app.db import Standing

_MOMENT = "%Y%m%dT%H%M%SZ"
_NAME = re.compile(r"([0-9]{8}T[0-9]{6}Z)-[0-9a-f]{8}")


def current(session: Session) -> str:
    """The epoch that the catalog is in; empty where somebody took it away."""
    return session.scalar(sa.select(Epoch.name)) or ""


def standing(session: Session) -> Standing:
    """Which state the catalog is in: no two of its states share epoch and revision."""
    return Standing(current(session), history.revision(session))


def has_changed(session: Session, service: str, since: Standing) -> bool:
    """Whether a service, by its slug, has changed after a state that the catalog was in."""
    later = sa.select(Change.revision).where(
        Change.service == service, Change.revision > since.revision
    )
    return since.epoch != current(session) or session.scalar(later.limit(1)) is not None


def begin(session: Session, now: datetime, after: str = "") -> str:
    """Begin a new epoch and return its name.

    As text it is greater than the one before it, and than that of `after`, be the clock wrong.
    """
    latest = max(now, *(_moment_behind(name, now) for name in (current(session), after)))
    name = f"{latest.strftime(_MOMENT)}-{secrets.token_hex(4)}"
    session.execute(sa.delete(Epoch))
    session.add(Epoch(name=name))
    session.flush()
    return name


def _moment_behind(name: str, otherwise: datetime) -> datetime:
    """The second after an epoch began."""
    found = _NAME.fullmatch(name)
    if found is None:
        return otherwise
    began = datetime.strptime(found[1], _MOMENT).replace(tzinfo=otherwise.tzinfo)
    return began + timedelta(seconds=1)
