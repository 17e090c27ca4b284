"""The way a lookup is usually written: Flask, SQLAlchemy's ORM and jsonify.

Only to measure against: it has neither ETags nor request ids nor logs, and gives the same body.
"""

from __future__ import annotations

import os
from typing import Any

import sqlalchemy as sa
from flask import Flask, abort, jsonify, request
from sqlalchemy.orm import DeclarativeBase, Session, relationship, selectinload

app = Flask(__name__)
engine = sa.create_engine(os.environ["DATABASE_URL"])


class Base(DeclarativeBase):
    """Everything that is mapped."""


Base.metadata.reflect(engine, only=["service", "error_code", "message"])


class Service(Base):
    """A service."""

    __table__ = Base.metadata.tables["service"]


class Message(Base):
    """What a code says in one locale."""

    __table__ = Base.metadata.tables["message"]


class Code(Base):
    """A code."""

    __table__ = Base.metadata.tables["error_code"]
    service = relationship(Service)
    messages = relationship(Message)


# Their columns are known only when it runs.
SERVICE: Any = Service.__table__.c
CODE: Any = Code.__table__.c
LOADED = (selectinload(Code.messages), selectinload(Code.service))
LANGUAGES = ["en", "ko", "ja"]


@app.get("/services/<slug>/codes/<number>")
def get_code(slug: str, number: str) -> Any:
    """One code."""
    with Session(engine) as session:
        wanted = sa.select(Code).join(Service).where(SERVICE.slug == slug, CODE.code == number)
        code = session.scalars(wanted.options(*LOADED)).first() or abort(404)
        return jsonify(shown(code))


@app.get("/services/<slug>/codes")
def list_codes(slug: str) -> Any:
    """The first hundred codes of a service."""
    with Session(engine) as session:
        wanted = sa.select(Code).join(Service).where(SERVICE.slug == slug)
        codes = session.scalars(wanted.options(*LOADED).order_by(CODE.position).limit(100))
        return jsonify({"items": [shown(code) for code in codes], "next": None})


def shown(code: Any) -> dict[str, Any]:
    """A code as it is answered."""
    texts = {it.locale: it for it in code.messages}
    locale = request.accept_languages.best_match(LANGUAGES, code.service.default_locale)
    said = texts.get(locale) or texts[code.service.default_locale]
    return {
        "service": code.service.slug,
        "code": code.code,
        "key": code.key,
        "http_status": code.http_status,
        "status": code.status,
        "message": said.text,
        "locale": said.locale,
        "fallback": said.locale != locale,
        "description": said.description,
        "description_locale": said.description and said.locale,
        "remedy": said.remedy,
        "remedy_locale": said.remedy and said.locale,
        "locales": sorted(texts),
        "replaced_by": code.replaced_by,
        "type": f"{request.host_url}services/{code.service.slug}/codes/{code.code}",
        "version": code.version,
        "updated_at": f"{code.updated_at.isoformat()}Z",
    }
