"""Flask's emptiest route: what it costs to be asked at all."""

from __future__ import annotations

from flask import Flask, Response, jsonify

app = Flask(__name__)


@app.get("/")
def get_nothing() -> Response:
    """Nothing, as JSON."""
    return jsonify({})
