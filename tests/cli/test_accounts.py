"""Accounts and tokens from the command line."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from werkzeug.security import check_password_hash

from app import clock
from app.access.accounts import find_account
from app.access.roles import Principal, Role
from app.access.tokens import PREFIX, authenticate
from app.db import Database
from tests.cli.running import PROGRAM, run, stored
from tests.databases import url_of

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
MINA = ("account", "add", "Mina", "--role", "translator")
ACCOUNT_COMMANDS = ("add", "change", "disable", "enable", "list")
TOKEN_COMMANDS = ("add", "list", "revoke")


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command runs at the same moment."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


def done(url: str, *arguments: str, given: bytes = b"") -> str:
    """What a command prints that has to succeed without a word on standard error."""
    result = run(url, *arguments, given=given)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def told(url: str, *arguments: str) -> list[dict[str, Any]]:
    """What a list says as JSON."""
    listed: list[dict[str, Any]] = json.loads(done(url, *arguments, "--json"))
    return listed


def complaint(result: Result) -> str:
    """The one line about wrong use, without what is in front of it."""
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error-catalog: ")
    assert result.stderr.count("\n") == 1
    return result.stderr.removeprefix("error-catalog: ").removesuffix("\n")


def holder(database: Database, text: str) -> Principal:
    """Whom a token stands for."""
    with database.reading() as session:
        return authenticate(session, text, NOW)


def password_hash(database: Database, name: str) -> str:
    """What is kept of an account's password."""
    with database.reading() as session:
        return find_account(session, name).password_hash or ""


def test_an_account_and_its_token_are_two_commands(empty: Database, empty_url: str) -> None:
    added = done(empty_url, *MINA, "--service", "svc", "--locale", "KO", "--locale", "ja")
    assert added == "Added Mina, translator.\n"
    text = done(empty_url, "token", "add", "Mina")
    assert text.startswith(PREFIX)
    assert text.split() == [text.removesuffix("\n")]
    found = holder(empty, text.strip())
    assert (found.name, found.role) == ("Mina", Role.TRANSLATOR)
    assert (sorted(found.services), sorted(found.locales)) == (["svc"], ["ja", "ko"])


def test_accounts_are_listed_for_people(empty_url: str) -> None:
    done(empty_url, *MINA, "--service", "svc", "--service", "alpha", "--locale", "ko")
    done(empty_url, "account", "add", " root ", "--role", "admin")
    done(empty_url, "account", "disable", "ROOT")
    assert done(empty_url, "account", "list").splitlines() == [
        "Mina  translator  alpha, svc  ko",
        "root  admin  every service  every locale  disabled",
    ]


def test_accounts_are_listed_for_programs(empty_url: str) -> None:
    assert told(empty_url, "account", "list") == []
    done(empty_url, "account", "add", "민아", "--role", "reader")
    done(empty_url, "account", "disable", "민아")
    assert "민아" in done(empty_url, "account", "list", "--json")
    assert told(empty_url, "account", "list") == [
        {
            "name": "민아",
            "role": "reader",
            "services": [],
            "locales": [],
            "has_password": False,
            "created_at": "2026-11-22T12:30:00Z",
            "disabled_at": "2026-11-22T12:30:00Z",
        }
    ]


def test_a_role_and_scopes_can_be_changed_and_widened_again(empty_url: str) -> None:
    done(empty_url, *MINA, "--service", "svc", "--locale", "ko")
    change = ("account", "change", "mina")
    assert done(empty_url, *change, "--role", "editor", "--service", "alpha") == "Changed mina.\n"
    done(empty_url, *change, "--locale", "ja", "--all-services")
    assert done(empty_url, "account", "list") == "Mina  editor  every service  ja\n"
    done(empty_url, *change, "--all-locales")
    assert done(empty_url, "account", "list") == "Mina  editor  every service  every locale\n"


def test_a_change_that_says_nothing_or_two_things_is_wrong_use(empty_url: str) -> None:
    done(empty_url, *MINA)
    change = ("account", "change", "Mina")
    assert complaint(run(empty_url, *change)).startswith("say what to change")
    for both in (["--service", "svc", "--all-services"], ["--locale", "ko", "--all-locales"]):
        assert complaint(run(empty_url, *change, *both)) == "say either which, or all"


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n", b"\nnot this line\n"])
def test_a_password_is_the_first_line_of_standard_input(
    empty: Database, empty_url: str, end: bytes
) -> None:
    password = " 올바른 말 배터리 스테이플 "  # noqa: S105 (nobody's)
    given = password.encode() + end
    shown = done(empty_url, *MINA, "--password-stdin", given=given)
    assert shown == "Added Mina, translator.\n"
    assert check_password_hash(password_hash(empty, "Mina"), password)


def test_at_a_terminal_a_password_is_asked_for_twice_and_not_shown(
    empty: Database, empty_url: str
) -> None:
    terminal, end = os.openpty()
    process = subprocess.Popen(
        [PROGRAM, "account", "add", "mina", "--role", "editor", "--password-stdin"],
        env={**os.environ, "DATABASE_URL": empty_url},
        stdin=end,
        stdout=end,
        stderr=end,
        start_new_session=True,
    )
    shown = b""
    for question in (b"Password: ", b"confirmation: "):
        while not shown.endswith(question):
            shown += os.read(terminal, 1024)
        os.write(terminal, b"correct horse battery\n")
    assert process.wait() == 0
    os.close(terminal)
    os.close(end)
    assert b"horse" not in shown
    assert check_password_hash(password_hash(empty, "mina"), "correct horse battery")


def test_a_password_can_be_changed(empty: Database, empty_url: str) -> None:
    done(empty_url, *MINA)
    assert password_hash(empty, "Mina") == ""
    done(empty_url, "account", "change", "Mina", "--password-stdin", given=b"correct horse\n")
    assert check_password_hash(password_hash(empty, "Mina"), "correct horse")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (b"", "A password has 12 to 1000 characters."),
        (b"too short\n", "A password has 12 to 1000 characters."),
        (b"\nthe second line\n", "A password has 12 to 1000 characters."),
        (b"caf\xe9 caf\xe9 caf\xe9\n", "the password on standard input is not UTF-8"),
    ],
)
def test_an_unfit_password_adds_nobody(empty_url: str, given: bytes, why: str) -> None:
    assert complaint(run(empty_url, *MINA, "--password-stdin", given=given)) == why
    assert told(empty_url, "account", "list") == []


def test_a_disabled_account_gets_no_token_until_it_is_enabled(empty_url: str) -> None:
    done(empty_url, *MINA)
    assert done(empty_url, "account", "disable", "Mina") == "Disabled Mina.\n"
    assert complaint(run(empty_url, "token", "add", "Mina")) == "The account “Mina” is disabled."
    assert done(empty_url, "account", "enable", "Mina") == "Enabled Mina.\n"
    assert done(empty_url, "token", "add", "Mina").startswith(PREFIX)


def test_tokens_are_listed_without_telling_them(empty_url: str) -> None:
    done(empty_url, *MINA)
    done(empty_url, "account", "add", "ci", "--role", "reader")
    texts = [
        done(empty_url, "token", "add", "ci", "--expires", "90", "--name", "nightly").strip(),
        done(empty_url, "token", "add", "Mina").strip(),
    ]
    shown = done(empty_url, "token", "list")
    assert shown.splitlines() == [
        "1  ci  nightly  never used, expires 2027-02-20",
        "2  Mina  made 2026-11-22  never used, never expires",
    ]
    listed = done(empty_url, "token", "list", "ci", "--json")
    assert json.loads(listed) == [
        {
            "id": 1,
            "account": "ci",
            "name": "nightly",
            "created_at": "2026-11-22T12:30:00Z",
            "expires_at": "2027-02-20T12:30:00Z",
            "last_used_at": None,
            "revoked_at": None,
        }
    ]
    assert not any(text in shown + listed for text in texts)


def test_the_file_holds_neither_a_token_nor_a_password(empty: Database, empty_url: str) -> None:
    password = "correct horse battery"  # noqa: S105 (nobody's)
    done(empty_url, *MINA, "--password-stdin", given=password.encode())
    text = done(empty_url, "token", "add", "Mina").strip()
    bits = base64.urlsafe_b64decode(text.removeprefix(PREFIX) + "=")
    assert len(bits) * 8 == 256
    assert holder(empty, text).name == "Mina"
    kept = stored(empty_url)
    assert hashlib.sha256(text.encode()).hexdigest().encode() in kept
    for secret in (text.removeprefix(PREFIX).encode(), bits, bits.hex().encode()):
        assert secret not in kept
    assert password.encode() not in kept


def test_a_revoked_token_stays_in_the_list(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    done(empty_url, *MINA)
    done(empty_url, "token", "add", "Mina")
    assert done(empty_url, "token", "revoke", "1") == "Revoked 1.\n"
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=1))
    done(empty_url, "token", "revoke", "1")
    assert done(empty_url, "token", "list") == "1  Mina  made 2026-11-22  revoked 2026-11-22\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("account", "change", "nobody", "--role", "admin"),
        ("account", "disable", "nobody"),
        ("account", "enable", "nobody"),
        ("token", "add", "nobody"),
        ("token", "list", "nobody"),
    ],
)
def test_an_unknown_account_is_one_line(empty_url: str, arguments: tuple[str, ...]) -> None:
    assert complaint(run(empty_url, *arguments)) == "There is no account “nobody”."


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("account", "add", "mINA", "--role", "reader"), "There is an account “mINA” already."),
        (("account", "add", "cli:root", "--role", "admin"), "An account's name has no colon"),
        (("account", "add", "Seed", "--role", "admin"), "The name seed is that of"),
        (("account", "add", "", "--role", "admin"), "A name is 1 to 64 visible characters."),
        (("account", "add", "Juno", "--role", "reader", "--service", "A B"), "A slug is"),
        (("account", "add", "Juno", "--role", "reader", "--locale", "A B"), "A locale is"),
        (("token", "add", "Mina", "--expires", "0"), "A token expires in 1 to 3650 days."),
        (("token", "add", "Mina", "--name", "a\nb"), "A name is 1 to 64 visible characters."),
        (("token", "revoke", "7"), "There is no token 7."),
    ],
)
def test_what_is_refused_is_one_line_that_says_why(
    empty_url: str, arguments: tuple[str, ...], why: str
) -> None:
    done(empty_url, *MINA)
    assert complaint(run(empty_url, *arguments)).startswith(why)
    assert [account["name"] for account in told(empty_url, "account", "list")] == ["Mina"]
    assert told(empty_url, "token", "list") == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("account",),
        ("token",),
        ("account", "nonsense"),
        ("account", "add", "Mina"),
        ("account", "add", "--role", "editor"),
        ("account", "add", "Mina", "--role", "owner"),
        ("token", "add"),
        ("token", "add", "Mina", "--expires", "soon"),
        ("token", "revoke", "Mina"),
        ("token", "revoke", "0"),
        ("token", "revoke", str(2**63)),
    ],
)
def test_wrong_use_shows_the_right_one(empty_url: str, arguments: tuple[str, ...]) -> None:
    result = run(empty_url, *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"Usage: main {arguments[0]} ")


@pytest.mark.parametrize(
    "arguments", [MINA, ("account", "list"), ("token", "add", "Mina"), ("token", "list")]
)
def test_a_database_without_a_schema_says_how_to_make_one(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    assert complaint(run(url_of(tmp_path / "new.sqlite3"), *arguments)).endswith(
        "run error-catalog upgrade first"
    )


def test_help_says_what_each_role_may_do_and_what_scopes_limit(empty_url: str) -> None:
    shown = " ".join(done(empty_url, "account", "--help").split())
    places = [shown.index(f" {role.word} ") for role in Role]
    assert places == sorted(places)
    assert "Scopes limit what may be changed, not what may be read." in shown


@pytest.mark.parametrize(
    ("group", "command"),
    [
        *(("account", command) for command in ACCOUNT_COMMANDS),
        *(("token", command) for command in TOKEN_COMMANDS),
    ],
)
def test_every_command_has_help(empty_url: str, group: str, command: str) -> None:
    assert done(empty_url, group, command, "-h").startswith(f"Usage: main {group} {command} ")


def test_a_name_that_is_not_text_is_one_line(empty_url: str) -> None:
    for arguments in (("account", "disable", "\udcff"), ("token", "add", "\udcff")):
        assert complaint(run(empty_url, *arguments)).startswith("There is no account “")
