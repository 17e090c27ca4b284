"""Settings: read once from the environment, checked whole, never changed after."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

_YES = {"true", "1", "yes", "on"}
_NO = {"false", "0", "no", "off"}
SHORTEST_SECRET_KEY = 16
# A lookup must not wait behind a slow request: with one thread it waited 2.7 s behind an import.
THREADS_PER_WORKER = 4
# Where prometheus-client looks for the folder where the processes of a server keep their numbers.
METRICS_FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


class SettingsError(ValueError):
    """A setting has a value that cannot be meant; the message is one line that names it."""


@dataclass(frozen=True)
class Settings:
    """Everything that an operator can set, with the defaults that the README lists."""

    # It may hold a password.
    database_url: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = "http://127.0.0.1:8000"
    web_concurrency: int = 1
    log_level: str = "INFO"
    cors_origins: tuple[str, ...] = ("*",)
    read_token_required: bool = False
    # How much memory each server process has for answers that it may give again; 0 is none.
    replay_megabytes: int = 64
    # Whether edits are refused, by whomever.
    read_only: bool = False
    # How many requests a minute are worked on for one caller, in each process; 0 is no limit.
    rate_limit: int = 0
    # How many proxies there are in front, each of which tells whom it speaks for.
    trusted_proxies: int = 0
    # How long requests under way may take to finish when the server is told to stop.
    stop_seconds: int = 10
    # What cookies are signed with; None is the database's own.
    secret_key: str | None = field(default=None, repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read the settings from environment variables; an empty one counts as not set.

        Raises SettingsError for the first value that does not fit.
        """
        given = {name: value.strip() for name, value in environment.items() if value.strip()}
        host = _host(given.get("HOST", cls.host))
        port = _whole_number(given, "PORT", cls.port, 1, 65535)
        return cls(
            database_url=checked_database_url(
                "DATABASE_URL", given.get("DATABASE_URL", f"sqlite:///{default_database_path()}")
            ),
            host=host,
            port=port,
            public_url=_public_url(given.get("PUBLIC_URL"), host, port),
            web_concurrency=_whole_number(given, "WEB_CONCURRENCY", cls.web_concurrency, 1, 256),
            log_level=_log_level(given.get("LOG_LEVEL", cls.log_level)),
            cors_origins=_cors_origins(given.get("CORS_ORIGINS", "*")),
            read_token_required=_yes_or_no(given, "READ_TOKEN_REQUIRED", cls.read_token_required),
            replay_megabytes=_whole_number(
                given, "REPLAY_MEGABYTES", cls.replay_megabytes, 0, 1_000_000
            ),
            read_only=_yes_or_no(given, "READ_ONLY", cls.read_only),
            rate_limit=_whole_number(given, "RATE_LIMIT", cls.rate_limit, 0, 1_000_000),
            trusted_proxies=_whole_number(given, "TRUSTED_PROXIES", cls.trusted_proxies, 0, 10),
            stop_seconds=_whole_number(given, "STOP_SECONDS", cls.stop_seconds, 1, 600),
            secret_key=_secret_key(given.get("SECRET_KEY")),
        )


def default_database_path() -> Path:
    """Where the catalog is kept unless DATABASE_URL says otherwise: below the working directory."""
    return Path.cwd() / "instance" / "error-catalog.sqlite3"


def checked_database_url(name: str, url: str) -> str:
    """A database's address as the setting or option of this name has it.

    Raises SettingsError where it is not one, or its driver is not there; it never repeats the
    address, which may hold a password.
    """
    if re.match(r"postgres(ql)?://", url):
        return _postgresql_url(name, url)
    if not url.startswith("sqlite:///"):
        scheme = url.split(":", 1)[0][:20]
        raise SettingsError(
            f"{name} must begin with sqlite:/// or postgresql://, which {scheme!r} does not"
        )
    if url == "sqlite:///" or ":memory:" in url:
        raise SettingsError(f"{name} must name a file: a catalog in memory would not last")
    if "?" in url or "%00" in url or "\0" in url:
        raise SettingsError(f"{name} must be sqlite:/// and a path, without parameters")
    return url


def _postgresql_url(name: str, url: str) -> str:
    try:
        parts = urlsplit(url)
        fits = parts.path.strip("/") != "" and parts.port != 0 and not re.search(r"[\s\0]|%00", url)
    except ValueError:
        fits = False
    if not fits:
        raise SettingsError(f"{name} must be postgresql://user:password@host:port/database")
    if find_spec("psycopg") is None:
        raise SettingsError(f"{name} must be sqlite:///… unless psycopg is installed: see README")
    return url


def _yes_or_no(given: Mapping[str, str], name: str, default: bool) -> bool:
    text = given.get(name)
    if text is None:
        return default
    if text.lower() not in _YES | _NO:
        raise SettingsError(f"{name} must be true or false, not {text!r}")
    return text.lower() in _YES


def _secret_key(key: str | None) -> str | None:
    if key is not None and len(key) < SHORTEST_SECRET_KEY:
        # The value is not repeated: it is a secret, if a short one.
        raise SettingsError(f"SECRET_KEY must have at least {SHORTEST_SECRET_KEY} characters")
    return key


def _host(host: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._:-]{1,255}", host):
        raise SettingsError(f"HOST must be a name or address to listen on, not {host!r}")
    return host


def _whole_number(
    given: Mapping[str, str], name: str, default: int, lowest: int, highest: int
) -> int:
    text = given.get(name)
    if text is None:
        return default
    if not re.fullmatch(r"[0-9]{1,9}", text) or not lowest <= int(text) <= highest:
        raise SettingsError(
            f"{name} must be a whole number from {lowest} to {highest}, not {text!r}"
        )
    return int(text)


def _public_url(url: str | None, host: str, port: int) -> str:
    if url is None:
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    if not _is_web_address(url):
        # The value is not repeated: somebody may have put a password into it.
        raise SettingsError(
            "PUBLIC_URL must be an http or https address such as https://errors.example.com"
        )
    return url.rstrip("/")


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return False
    fits = parts.scheme in ("http", "https") and host and port != 0 and "@" not in parts.netloc
    return bool(fits) and not re.search(r"[\s\x00-\x1f\x7f<>\"?#]", url)


def _log_level(name: str) -> str:
    if name.upper() not in LOG_LEVELS:
        raise SettingsError(f"LOG_LEVEL must be one of {', '.join(LOG_LEVELS)}, not {name!r}")
    return name.upper()


def _cors_origins(text: str) -> tuple[str, ...]:
    origins = tuple(origin for origin in re.split(r"[\s,]+", text) if origin)
    for origin in origins or ("",):
        if origin != "*" and not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?", origin):
            raise SettingsError("CORS_ORIGINS must be * or origins such as https://example.com")
    return origins
