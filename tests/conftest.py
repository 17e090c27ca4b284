"""A migrated database for every test, and the application in front of it.

The database is made by the migrations once a run, and copied for each test.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

import seeds.loader
from app import create_app, schema
from app.config import Settings
from app.db import Database
from tests import databases, table
from tests.databases import copied, made, url_of

SEEDED_AT = datetime(2026, 11, 22, tzinfo=UTC)

# What takes long is left out of `make test`, and has a target of its own.
OWN_SUITES = ("browser", "security")

AppFactory = Callable[..., Flask]


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the suites that take long, unless they are asked for by folder or by mark."""
    suite = collection_path.name
    is_asked_for = suite == config.option.markexpr or any(
        suite in Path(argument).parts for argument in config.args
    )
    return True if suite in OWN_SUITES and not is_asked_for else None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> Generator[None]:
    """End a suite with its table, behind all else that is told."""
    yield
    if _suite(config) is None:
        return
    stats = terminalreporter.stats
    reports = [
        it for kind in ("passed", "failed", "error", "skipped") for it in stats.get(kind, ())
    ]
    terminalreporter.write_line("")
    for line in table.lines(table.rows_of(reports)):
        terminalreporter.write_line(line)


@pytest.fixture
def tries(request: pytest.FixtureRequest) -> Callable[[int], None]:
    """Tells how often a test tried what it checks, where that is more than once."""
    return lambda count: table.note_tries(request.node, count)


def pytest_configure(config: pytest.Config) -> None:
    """Name the markers of our own."""
    config.addinivalue_line("markers", "sqlite(reason): it is about SQLite and its files")
    config.addinivalue_line(
        "markers", "postgresql(check): it needs a server of PostgreSQL; its row of the table"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With a server, leave out what needs no database or is about SQLite; else what needs one.

    Reports tell what tests check.
    """
    suite = _suite(config)
    if suite is not None:
        table.note_checks(items, suite, _as_with_sqlite if suite == "postgresql" else None)
    unfit = {item for item in items if not _is_fit(item)}
    if unfit:
        config.hook.pytest_deselected(items=list(unfit))
        items[:] = [item for item in items if item not in unfit]


def _suite(config: pytest.Config) -> str | None:
    """The suite that ends with a table, if it is one."""
    if databases.SERVER is not None:
        return "postgresql"
    asked_for = str(config.option.markexpr)
    return asked_for if asked_for in table.SUITES else None


def _as_with_sqlite(item: pytest.Item) -> str:
    """The folder of a test that is run with both kinds of database, or its file."""
    return f"as with SQLite: {'/'.join(item.nodeid.split('::')[0].split('/')[:2])}"


def _is_fit(item: pytest.Item) -> bool:
    if databases.SERVER is None:
        return item.get_closest_marker("postgresql") is None
    if item.get_closest_marker("postgresql") is not None:
        return True
    needs_a_database = "migrated_file" in getattr(item, "fixturenames", ())
    return needs_a_database and item.get_closest_marker("sqlite") is None


@pytest.fixture(autouse=True)
def _dropped(request: pytest.FixtureRequest) -> Iterator[None]:
    """Drops the databases that a test made on a server."""
    folder = request.getfixturevalue("tmp_path") if "tmp_path" in request.fixturenames else None
    yield
    if folder is not None:
        databases.drop_below(folder)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty catalog, never written to."""
    file = made(tmp_path_factory.mktemp("migrated") / "catalog.sqlite3")
    schema.upgrade(url_of(file))
    return file


@pytest.fixture(scope="session")
def seeded_file(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalog with the documented tables, never written to."""
    file = tmp_path_factory.mktemp("seeded") / "catalog.sqlite3"
    copied(migrated_file, file)
    database = Database(url_of(file))
    seeds.loader.load(database, SEEDED_AT)
    database.dispose()
    return file


@pytest.fixture
def empty_url(migrated_file: Path, tmp_path: Path) -> str:
    """The URL of an empty catalog of the test's own."""
    return url_of(copied(migrated_file, tmp_path / "empty.sqlite3"))


@pytest.fixture
def seeded_url(seeded_file: Path, tmp_path: Path) -> str:
    """The URL of a seeded catalog of the test's own."""
    return url_of(copied(seeded_file, tmp_path / "seeded.sqlite3"))


@pytest.fixture
def empty(empty_url: str) -> Iterator[Database]:
    """An empty catalog's database."""
    database = Database(empty_url)
    yield database
    database.dispose()


@pytest.fixture
def seeded(seeded_url: str) -> Iterator[Database]:
    """A seeded catalog's database; `client` answers from the same."""
    database = Database(seeded_url)
    yield database
    database.dispose()


@pytest.fixture
def make_app() -> Iterator[AppFactory]:
    """Makes applications, of a database URL and settings, and closes them after the test."""
    made: list[Flask] = []

    def make(database_url: str, **settings: Any) -> Flask:
        app = create_app(Settings(database_url, **settings))
        made.append(app)
        return app

    yield make
    for app in made:
        app.extensions["catalog"].database.dispose()


@pytest.fixture(scope="session")
def seeded_app(seeded_file: Path) -> Flask:
    """An application, made once a run because making one takes longer than most tests."""
    return create_app(Settings(url_of(seeded_file)))


@pytest.fixture
def client(seeded_app: Flask, seeded: Database) -> FlaskClient:
    """A caller of a seeded catalog of the test's own."""
    seeded_app.extensions["catalog"].database = seeded
    return seeded_app.test_client()


@pytest.fixture
def empty_client(make_app: AppFactory, empty_url: str) -> FlaskClient:
    """A caller of an empty catalog."""
    return make_app(empty_url).test_client()
