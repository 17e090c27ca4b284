"""Pages as answers: templates and what they know, safe headers, and fewer bytes."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from typing import Any

import flask
import jinja2
import langcodes
from langcodes.tag_parser import LanguageTagError

from app.edge.callers import asker
from app.edge.context import is_read_only
from app.pages import diffs, labels, words
from app.pages.assets import asset_link
from app.pages.blueprint import blueprint
from app.pages.forms import CatalogWords
from app.pages.links import api_link, here, link
from app.pages.preferences import preferences

# Nothing from another host, and no script or style but those of `static`.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_SHORTEST_COMPRESSED = 1000
# ISO 15924: the scripts that are written from right to left.
_RIGHT_TO_LEFT = {"Adlm", "Arab", "Hebr", "Mand", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa"}


def register(app: flask.Flask) -> None:
    """Tell an application's templates what pages need."""
    environment = app.jinja_env
    environment.undefined = jinja2.StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # of the extension
        words.gettext, words.ngettext, newstyle=True
    )
    environment.filters.update(
        direction=direction, label=_label, moment=moment, pieces=diffs.pieces
    )
    environment.tests["catalog_words"] = lambda words: isinstance(words, CatalogWords)
    environment.globals.update(
        api_link=api_link, asset=asset_link, here=here, languages=words.LANGUAGES, link=link
    )


def page(template: str, status: int = 200, **values: Any) -> flask.Response:
    """A page as a response; every template knows who is signed in, and what they prefer."""
    chosen = preferences()
    spoken = words.language()
    html = flask.render_template(
        f"pages/{template}",
        me=asker(),
        preferences=chosen,
        language=spoken,
        read_only=is_read_only(),
        **values,
    )
    response = flask.Response(html, status)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response.headers["Referrer-Policy"] = "same-origin"
    response.content_language.add(spoken)
    response.vary.update(("Cookie", "Accept-Language"))
    return response


@blueprint.after_request
def compress(response: flask.Response) -> flask.Response:
    """Send fewer bytes to who can read them (RFC 9110, section 8.4.1.3)."""
    response.vary.add("Accept-Encoding")
    content = response.get_data()
    if (
        flask.request.accept_encodings.quality("gzip") > 0
        and len(content) >= _SHORTEST_COMPRESSED
        and "Content-Encoding" not in response.headers
    ):
        response.set_data(gzip.compress(content, compresslevel=6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response


@jinja2.pass_context
def _label(_context: jinja2.runtime.Context, word: str) -> str:
    """What people call a word. Of the context, so that no template is compiled in one language."""
    return labels.label(word)


def direction(locale: str) -> str:
    """In which direction a locale is written, as HTML says it."""
    try:
        script = langcodes.Language.get(locale).maximize().script
    except LanguageTagError:
        return "auto"
    return "rtl" if script in _RIGHT_TO_LEFT else "ltr"


def moment(at: datetime) -> str:
    """A moment for people: to the minute, and in UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
