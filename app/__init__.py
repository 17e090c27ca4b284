"""Error Catalog: one central catalog of error codes that other teams query."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from app.config import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """The web application, wired together; the only place that does.

    Without settings they are read from the environment; raises SettingsError where one is unfit.
    """
    # Imported here, so that a command which serves nothing does not wait for the web framework.
    import click  # noqa: PLC0415
    from werkzeug.middleware.proxy_fix import ProxyFix  # noqa: PLC0415

    from app import (  # noqa: PLC0415
        api,
        cli,
        config,
        edge,
        logs,
        pages,
        requests,
        security_headers,
    )
    from app.cli.command import WrongUse  # noqa: PLC0415
    from app.db import Database, warning_about  # noqa: PLC0415
    from app.edge.application import Application  # noqa: PLC0415
    from app.metrics import Metrics  # noqa: PLC0415
    from app.replay import Replay  # noqa: PLC0415

    try:
        settings = settings or config.Settings.from_environment(os.environ)
    except config.SettingsError as error:
        if click.get_current_context(silent=True) is None:
            raise
        # Under `flask --app app` this is a command's error like any other.
        raise WrongUse(str(error)) from error
    logs.configure_logging(settings.log_level)
    app = Application(__name__, static_folder=None)
    # "/services//svc" is not there: a redirect to "/services/svc" would be built from the caller's
    # Host header. Slashes at the beginning of a path are taken for one, without a redirect.
    app.url_map.merge_slashes = False
    requests.register(app)
    security_headers.register(app, settings)
    app.cli = cli.LazyGroup(app.name)
    database, metrics = Database(settings.database_url), Metrics()
    database.note_wait = metrics.note_write_wait
    app.extensions["metrics"] = metrics
    metrics.watch(app)
    edge.register(app, settings, database)
    # First: a browser is led to the pages before the API asks who it is.
    pages.register(app, settings)
    api.register(app, settings)
    if settings.trusted_proxies:
        # Of what they tell, only for whom they ask: links are built from PUBLIC_URL alone.
        behind = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies, x_proto=0, x_host=0)
        app.wsgi_app = behind  # type: ignore[method-assign]
    if settings.replay_megabytes:
        most_bytes = settings.replay_megabytes * 1_000_000
        replay = Replay(app.wsgi_app, app.extensions["catalog"], most_bytes)
        metrics.watch_replay(replay)
        app.wsgi_app = replay  # type: ignore[assignment,method-assign]
    if warning := warning_about(settings.database_url):
        app.logger.warning(warning)
    return app
