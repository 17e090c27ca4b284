"""The documentation's pages, which work without the internet: /docs, problems, lint."""

from __future__ import annotations

import mimetypes
from pathlib import Path

import flask
import flask_swagger_ui

from app.api.responses import conditional
from app.edge.context import catalog, public_url
from app.edge.problems import KINDS, NO_SUCH_PARAMETER, BadQuery, FieldError, title_of
from app.json import dumps
from app.lint.rules import BY_NAME, RULES

_OURS = Path(__file__).parent / "assets"
_SWAGGER_UI = Path(flask_swagger_ui.__file__).parent / "dist"
_ASSETS = {
    "docs.css": _OURS,
    "docs.js": _OURS,
    "favicon-32x32.png": _SWAGGER_UI,
    "swagger-ui-bundle.js": _SWAGGER_UI,
    "swagger-ui.css": _SWAGGER_UI,
}

blueprint = flask.Blueprint("documentation", __name__, template_folder="templates")


@blueprint.before_request
def refuse_parameters() -> None:
    """None of these pages takes a parameter; what is not there is told before."""
    path = flask.request.view_args or {}
    if path.get("name", "docs.js") not in _ASSETS or path.get("rule", RULES[0].name) not in BY_NAME:
        flask.abort(404)
    if flask.request.args:
        raise BadQuery([FieldError(name, NO_SUCH_PARAMETER) for name in flask.request.args])


@blueprint.get("/openapi.json")
def get_openapi() -> flask.Response:
    """The OpenAPI 3.1 document."""
    response = flask.Response(dumps(catalog().openapi), mimetype="application/json")
    response.headers["Cache-Control"] = "no-cache"
    return conditional(response)


@blueprint.get("/docs")
def get_docs() -> flask.Response:
    """The page to read and try the API."""
    return _page("docs.html")


@blueprint.get("/docs/problems")
def get_problems() -> flask.Response:
    """The page that explains each problem that has a name."""
    kinds = [
        {
            "name": name,
            "title": title_of(name),
            "status": status,
            "meaning": (kind.__doc__ or "").partition(";")[0].strip().rstrip("."),
        }
        for kind, (status, name) in KINDS.items()
    ]
    return _page("problems.html", kinds=kinds)


@blueprint.get("/docs/lint")
def get_lint_rules() -> flask.Response:
    """The page that lists what lint looks for."""
    return _page("lint.html", rules=RULES)


@blueprint.get("/docs/lint/<rule>")
def get_lint_rule(rule: str) -> flask.Response:
    """The page of one rule: why it matters, and how to mend what it finds."""
    return _page("rule.html", rule=BY_NAME[rule])


@blueprint.get("/docs/assets/<name>")
def get_asset(name: str) -> flask.Response:
    """A style sheet, script or picture of these pages."""
    media_type, _ = mimetypes.guess_type(name)
    response = flask.Response((_ASSETS[name] / name).read_bytes(), mimetype=media_type)
    response.headers["Cache-Control"] = "no-cache"
    return conditional(response)


def _page(template: str, **values: object) -> flask.Response:
    response = flask.Response(flask.render_template(template, **values))
    response.headers["Cache-Control"] = "no-cache"
    # A path without a slash at its end is that address alone (CSP Level 3, “path-part match”).
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
        f" img-src 'self' data:; connect-src 'self' {public_url()}/;"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return conditional(response)
