"""The pages' style sheet, scripts and picture, each at an address that changes with its bytes."""

from __future__ import annotations

import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import flask

from app.pages.blueprint import blueprint
from app.pages.links import link

_FOLDER = Path(__file__).parent / "static"
_DIGEST_LENGTH = 12
FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asset:
    """A file as it is served."""

    content: bytes
    media_type: str
    digest: str


@cache
def _assets() -> dict[str, Asset]:
    return {file.name: _asset(file) for file in sorted(_FOLDER.iterdir())}


def _asset(file: Path) -> Asset:
    content = file.read_bytes()
    media_type, _ = mimetypes.guess_type(file.name)
    digest = hashlib.sha256(content).hexdigest()[:_DIGEST_LENGTH]
    return Asset(content, media_type or "application/octet-stream", digest)


def asset_link(name: str) -> str:
    """The address of a file, which may be kept for ever."""
    return link("get_asset", digest=_assets()[name].digest, name=name)


@blueprint.get("/assets/<digest>/<name>")
def get_asset(digest: str, name: str) -> flask.Response:
    """A file; under an address that was made of other bytes it is not to be kept."""
    asset = _assets().get(name)
    if asset is None:
        flask.abort(404)
    response = flask.Response(asset.content, mimetype=asset.media_type)
    response.headers["Cache-Control"] = FOR_EVER if digest == asset.digest else "no-cache"
    return response
