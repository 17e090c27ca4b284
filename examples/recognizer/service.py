"""A service that says what went wrong in its caller's language, in the words of the catalog.

`make example` runs it beside `make run`. While the catalog is down it says what it last knew, or
where it knew nothing newer what it ships with: the two files beside this one.
"""

import os
from dataclasses import asdict
from pathlib import Path

from flask import Flask, request
from itsdangerous import BadSignature, TimestampSigner
from werkzeug.exceptions import RequestEntityTooLarge

import error_catalog_client.flask
from error_catalog_client import Catalog, CatalogError

KINDS = {b"%PDF-": "application/pdf", b"\x89PNG\r\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}

signer = TimestampSigner(os.urandom(32))
catalog = Catalog(
    os.environ.get("CATALOG_URL", "http://127.0.0.1:8000"),
    services="document-recognizer",
    locales=["en", "ko"],
    cache="instance/recognizer.json",
    bootstrap=[Path(__file__).with_name(f"errors.{locale}.json") for locale in ("en", "ko")],
    refresh=float(os.environ.get("CATALOG_REFRESH", "60")),
)
app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 5_000_000
error_catalog_client.flask.register(app, catalog)


@app.post("/keys")
def issue_key() -> dict[str, str]:
    """A key for sending documents, good for ten minutes."""
    return {"key": signer.sign(os.urandom(8).hex()).decode()}


@app.post("/documents")
def recognize() -> dict[str, str]:
    """What kind of document the body is."""
    try:
        signer.unsign(request.headers.get("X-Request-Key", ""), max_age=600)
        document = request.get_data()
    except BadSignature as error:
        raise CatalogError("4000122") from error
    except RequestEntityTooLarge as error:
        raise CatalogError("4000002", limit="5 MB") from error  # where the text has {limit}
    for beginning, kind in KINDS.items():
        if document.startswith(beginning):
            return {"kind": kind}
    raise CatalogError("4000003" if document else "4000004")


@app.get("/status")
def status() -> dict[str, object]:
    """Where the words are from, and how old they are."""
    return asdict(catalog.status())
