"""Settings: their defaults, and one clear line for each value that cannot be meant."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from app import config
from app.config import Settings, SettingsError

PASSWORD = "hunter2"  # noqa: S105 (of nobody)

pytestmark = pytest.mark.operation("settings are refused where they cannot be meant")


def read(**environment: str) -> Settings:
    """The settings that an environment makes."""
    return Settings.from_environment(environment)


def test_an_empty_environment_gives_the_documented_defaults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert read() == Settings(
        database_url=f"sqlite:///{tmp_path}/instance/error-catalog.sqlite3",
        host="127.0.0.1",
        port=8000,
        public_url="http://127.0.0.1:8000",
        web_concurrency=1,
        log_level="INFO",
        cors_origins=("*",),
        read_token_required=False,
        replay_megabytes=64,
        read_only=False,
        rate_limit=0,
        trusted_proxies=0,
        stop_seconds=10,
    )


def test_every_setting_is_read() -> None:
    assert read(
        DATABASE_URL="sqlite:////var/lib/catalog.sqlite3",
        HOST="0.0.0.0",  # noqa: S104 (never listened on)
        PORT="80",
        PUBLIC_URL="https://errors.example.com/catalog/",
        WEB_CONCURRENCY="4",
        LOG_LEVEL="debug",
        CORS_ORIGINS="https://a.example.com, http://localhost:3000",
        READ_TOKEN_REQUIRED="true",  # noqa: S106 (whether one is needed)
        REPLAY_MEGABYTES="0",
        READ_ONLY="yes",
        RATE_LIMIT="600",
        TRUSTED_PROXIES="2",
        STOP_SECONDS="30",
    ) == Settings(
        database_url="sqlite:////var/lib/catalog.sqlite3",
        host="0.0.0.0",  # noqa: S104 (never listened on)
        port=80,
        public_url="https://errors.example.com/catalog",
        web_concurrency=4,
        log_level="DEBUG",
        cors_origins=("https://a.example.com", "http://localhost:3000"),
        read_token_required=True,
        replay_megabytes=0,
        read_only=True,
        rate_limit=600,
        trusted_proxies=2,
        stop_seconds=30,
    )


@pytest.mark.parametrize("empty", ["", " ", "\t\n"])
def test_an_empty_value_counts_as_not_set(empty: str) -> None:
    names = ("DATABASE_URL", "HOST", "PORT", "PUBLIC_URL", "WEB_CONCURRENCY", "LOG_LEVEL")
    more = ("CORS_ORIGINS", "READ_TOKEN_REQUIRED", "REPLAY_MEGABYTES", "READ_ONLY", "RATE_LIMIT")
    last = ("TRUSTED_PROXIES", "STOP_SECONDS")
    assert read(**dict.fromkeys((*names, *more, *last), empty)) == read()


def test_white_space_around_a_value_does_not_count() -> None:
    assert read(PORT=" 8080\n").port == 8080


@pytest.mark.parametrize(
    ("host", "address"),
    [("127.0.0.1", "http://127.0.0.1:81"), ("::1", "http://[::1]:81")],
)
def test_links_follow_host_and_port_unless_said_otherwise(host: str, address: str) -> None:
    assert read(HOST=host, PORT="81").public_url == address


def test_settings_never_change() -> None:
    with pytest.raises(FrozenInstanceError):
        read().port = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PORT", "80.5"),
        ("PORT", "http"),
        ("PORT", "٨٠"),
        ("PORT", "8_0"),
        ("PORT", "9" * 5000),
        ("PORT", "80\n81"),
        ("WEB_CONCURRENCY", "0"),
        ("WEB_CONCURRENCY", "many"),
        ("REPLAY_MEGABYTES", "-1"),
        ("REPLAY_MEGABYTES", "64 MB"),
        ("WEB_CONCURRENCY", "257"),
        ("READ_ONLY", "maybe"),
        ("RATE_LIMIT", "100/minute"),
        ("RATE_LIMIT", "1000001"),
        ("TRUSTED_PROXIES", "10.0.0.0/8"),
        ("TRUSTED_PROXIES", "11"),
        ("STOP_SECONDS", "0"),
        ("STOP_SECONDS", "601"),
        ("LOG_LEVEL", "LOUD"),
        ("LOG_LEVEL", "10"),
        ("LOG_LEVEL", "INFO\nforged"),
        ("READ_TOKEN_REQUIRED", "maybe"),
        ("READ_TOKEN_REQUIRED", "2"),
        ("READ_TOKEN_REQUIRED", "tru"),
        ("READ_TOKEN_REQUIRED", "true\nfalse"),
        ("CORS_ORIGINS", "example.com"),
        ("CORS_ORIGINS", "https://example.com/path"),
        ("CORS_ORIGINS", "https://ok.example.com null"),
        ("PUBLIC_URL", "errors.example.com"),
        ("PUBLIC_URL", "ftp://errors.example.com"),
        ("PUBLIC_URL", "https://"),
        ("PUBLIC_URL", "https://:80"),
        ("PUBLIC_URL", "https://example.com?a=b"),
        ("PUBLIC_URL", "https://example.com/#part"),
        ("PUBLIC_URL", "https://[::1"),
        ("PUBLIC_URL", "https://example.com:port"),
        ("PUBLIC_URL", "https://example.com:99999"),
        ("PUBLIC_URL", "https://exa mple.com"),
        ("PUBLIC_URL", "https://exa\nmple.com"),
        ("DATABASE_URL", "catalog.sqlite3"),
        ("DATABASE_URL", "mysql://localhost/catalog"),
        ("DATABASE_URL", "postgresql:"),
        ("DATABASE_URL", "postgresql://"),
        ("DATABASE_URL", "postgresql://localhost"),
        ("DATABASE_URL", "postgresql://localhost/"),
        ("DATABASE_URL", "postgresql://localhost:port/catalog"),
        ("DATABASE_URL", "postgresql://[::1/catalog"),
        ("DATABASE_URL", "postgresql://local host/catalog"),
        ("DATABASE_URL", "postgresql://localhost/catalog%00"),
        ("DATABASE_URL", "postgresql+asyncpg://localhost/catalog"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "sqlite:///:memory:?cache=shared"),
        ("DATABASE_URL", "sqlite:///?mode=rw"),
        ("DATABASE_URL", "x\ny"),
    ],
)
def test_an_unfit_value_is_told_in_one_line_that_names_the_setting(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read(**{name: value})
    line = str(refused.value)
    assert line.startswith(f"{name} must ")
    assert len(line.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", f"mysql://user:{PASSWORD}@host/catalog"),
        ("DATABASE_URL", f"//user:{PASSWORD}@host/catalog"),
        ("DATABASE_URL", f"user:{PASSWORD}@host"),
        ("DATABASE_URL", f"postgresql://user:{PASSWORD}@host"),
        ("DATABASE_URL", f"postgres://user:{PASSWORD}@host:port/catalog"),
        ("DATABASE_URL", f" sqlite://user:{PASSWORD}@host/catalog"),
        ("PUBLIC_URL", f"ftp://user:{PASSWORD}@example.com"),
        ("PUBLIC_URL", f"https://user:{PASSWORD}@example.com?a=b"),
        ("CORS_ORIGINS", f"https://user:{PASSWORD}@example.com"),
    ],
)
def test_what_is_told_of_an_unfit_address_never_holds_its_password(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read(**{name: value})
    assert name in str(refused.value)
    assert PASSWORD not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://catalog@localhost/catalog",
        "postgres://user:pass%40word@[::1]:5432/catalog?sslmode=require",
        "postgresql:///catalog?host=/var/run/postgresql",
    ],
)
def test_a_database_of_postgresql_is_named_by_its_url(url: str) -> None:
    assert read(DATABASE_URL=url).database_url == url


def test_without_its_driver_postgresql_is_no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "find_spec", lambda _: None)
    with pytest.raises(SettingsError, match="psycopg is installed"):
        read(DATABASE_URL="postgresql://localhost/catalog")


@pytest.mark.parametrize(
    ("word", "closed"),
    [
        ("true", True),
        ("1", True),
        ("yes", True),
        ("on", True),
        ("TRUE", True),
        (" On\n", True),
        ("false", False),
        ("0", False),
        ("no", False),
        ("off", False),
        ("False", False),
    ],
)
def test_a_catalog_is_closed_or_open_as_its_setting_says(word: str, closed: bool) -> None:
    assert read(READ_TOKEN_REQUIRED=word).read_token_required is closed
