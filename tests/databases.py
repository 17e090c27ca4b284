"""Where the tests' catalogs are: each in a file of SQLite, or in a database of a PostgreSQL server.

A test names a catalog by a path, whichever it is. With TEST_SERVER, the URL of a server, the path
stands for a database there: `make test-postgres` starts one and sets it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from contextlib import closing
from functools import cache
from pathlib import Path
from sqlite3 import connect

import sqlalchemy as sa

SERVER = os.environ.get("TEST_SERVER")

# What the name of the log's triggers is followed by where they are dropped.
ON_ITS_TABLE = "" if SERVER is None else " ON change"

# Of this run, by the path that stands for it.
_made: dict[Path, str] = {}


def url_of(file: Path) -> str:
    """The database URL of the catalog that a path names."""
    if SERVER is None:
        return f"sqlite:///{file}"
    address = sa.make_url(SERVER).set(database=_name(file))
    return address.render_as_string(hide_password=False)


def made(file: Path, encoding: str = "UTF8") -> Path:
    """Make room for a catalog at a path, which a file of SQLite does not need."""
    if SERVER is not None:
        _make(file, "template0", f"ENCODING {encoding} LOCALE 'C'" if encoding != "UTF8" else "")
    return file


def copied(original: Path, file: Path) -> Path:
    """Copy a catalog to another path, where one may be that then is gone."""
    if SERVER is None:
        return Path(shutil.copy(original, file))
    _make(file, _name(original))
    return file


def copied_in_use(url: str, file: Path) -> Path:
    """Copy a catalog that is open, by its URL, to a path."""
    original = sa.make_url(url).database or ""
    if SERVER is None:
        with closing(connect(original)) as source, closing(connect(file)) as target:
            source.backup(target)
    else:
        _make(file, original)
    return file


def drop_below(folder: Path) -> None:
    """Drop the databases that paths in a folder stand for; a folder is tidied up by itself."""
    for file in [it for it in _made if it.is_relative_to(folder)]:
        drop(file)


def drop(file: Path) -> None:
    """Drop the catalog of a path, where there is one."""
    if SERVER is None:
        file.unlink(missing_ok=True)
    elif _made.pop(file, None) is not None:
        _order(f"DROP DATABASE {_name(file)} WITH (FORCE)")


def stored(url: str) -> bytes:
    """Every byte of the files of a server's database, in which its tables are."""
    engine = sa.create_engine(sa.make_url(url).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        connection.exec_driver_sql("CHECKPOINT")
        where = "SELECT current_setting('data_directory'), oid FROM pg_database"
        found = connection.exec_driver_sql(f"{where} WHERE datname = current_database()")
        folder, number = found.one()
    engine.dispose()
    return b"".join(file.read_bytes() for file in Path(folder, "base", str(number)).iterdir())


def _name(file: Path) -> str:
    return f"test_{hashlib.sha256(str(file).encode()).hexdigest()[:32]}"


def _make(file: Path, template: str, more: str = "") -> None:
    drop(file)
    # One who still looks at what is copied keeps it from being copied.
    _order(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"  # noqa: S608 (our names)
        f" WHERE datname = '{template}'",
        f"CREATE DATABASE {_name(file)} TEMPLATE {template} STRATEGY file_copy {more}",
    )
    _made[file] = _name(file)


@cache
def _server() -> sa.Engine:
    assert SERVER is not None
    address = sa.make_url(SERVER).set(drivername="postgresql+psycopg")
    return sa.create_engine(address, isolation_level="AUTOCOMMIT")


def _order(*statements: str) -> None:
    with _server().connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
