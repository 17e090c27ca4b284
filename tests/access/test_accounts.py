"""Accounts: which names there can be, what may be changed, and that nobody is ever deleted."""

from __future__ import annotations

import dataclasses
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.security import check_password_hash

from app.access.accounts import (
    change_account,
    checked_name,
    disable_account,
    enable_account,
    find_account,
    folded,
    has_accounts,
    list_accounts,
)
from app.access.errors import AccountExists, UnknownAccount
from app.access.models import Account
from app.access.roles import Role
from app.access.views import AccountView
from app.catalog.errors import Conflict, Invalid, NotFound
from tests.access.making import AT, LATER, make_account

PASSWORD = "correct horse battery"  # noqa: S105 (nobody's)


def names(session: Session) -> list[str]:
    """The names of all accounts."""
    return [view.name for view in list_accounts(session)]


def test_there_are_no_accounts_until_one_is_added(session: Session) -> None:
    assert not has_accounts(session)
    assert list_accounts(session) == []
    make_account(session)
    assert has_accounts(session)


def test_an_account_is_listed_as_it_was_added(session: Session) -> None:
    make_account(session, "Mina", Role.TRANSLATOR, ["svc", "alpha", "svc"], ["KO", "zh-hant"])
    assert list_accounts(session) == [
        AccountView(
            name="Mina",
            role="translator",
            services=("alpha", "svc"),
            locales=("ko", "zh-Hant"),
            has_password=False,
            created_at=AT,
            disabled_at=None,
        )
    ]


def test_accounts_are_listed_by_name(session: Session) -> None:
    for name in ("b", "c", "a"):
        make_account(session, name)
    assert names(session) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("  Mina Kim\n", "Mina Kim"),
        ("e\u0301lise", "élise"),
        ("\u1112\u1161\u11ab", "한"),
        ("a" * 64, "a" * 64),
        ("ci-bot@example.com", "ci-bot@example.com"),
        ("seedling", "seedling"),
    ],
)
def test_a_name_is_kept_trimmed_and_in_normal_form_c(
    session: Session, given_name: str, kept: str
) -> None:
    make_account(session, given_name)
    assert names(session) == [kept]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "  ",
        "a" * 65,
        "a\nb",
        "a\x00b",
        "a\x1b[31m",
        "a\u200bb",
        "a\u202eb",
        "a\u00a0b",
        "\ud800",
        "cli:root",
        ":",
        "seed",
        "SEED",
        " Seed ",
    ],
)
def test_a_name_that_would_mislead_is_refused(session: Session, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        make_account(session, name)
    assert refused.value.field == "name"
    assert not has_accounts(session)


@settings(deadline=None)
@given(st.text(st.characters(), max_size=80))
def test_a_name_that_is_taken_is_taken_again_unchanged(name: str) -> None:
    try:
        kept = checked_name(name)
    except Invalid:
        return
    assert checked_name(kept) == kept == kept.strip()
    assert unicodedata.is_normalized("NFC", kept)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("mina", "mina"),
        ("mina", " MINA "),
        ("Élise", "e\u0301lise"),
        ("straße", "STRASSE"),
        ("\u0390", "\u03aa\u0301"),
    ],
)
def test_names_that_differ_only_in_case_are_the_same_account(
    session: Session, first: str, second: str
) -> None:
    account = make_account(session, first)
    with pytest.raises(AccountExists):
        make_account(session, second)
    assert find_account(session, second) is account
    assert len(names(session)) == 1


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(), max_size=80))
def test_any_name_that_is_no_account_is_told_so(session: Session, name: str) -> None:
    with pytest.raises(UnknownAccount, match=r"^There is no account “"):
        find_account(session, name)


def test_an_unknown_account_cannot_be_changed_disabled_or_enabled(session: Session) -> None:
    make_account(session)
    with pytest.raises(UnknownAccount):
        change_account(session, "nobody", role=Role.ADMIN)
    with pytest.raises(UnknownAccount):
        disable_account(session, "nobody", AT)
    with pytest.raises(UnknownAccount):
        enable_account(session, "nobody")


def test_the_errors_are_kinds_that_the_edges_know() -> None:
    assert issubclass(UnknownAccount, NotFound)
    assert issubclass(AccountExists, Conflict)


@pytest.mark.parametrize(
    ("scopes", "field"),
    [
        ({"services": ["Not A Slug"]}, "slug"),
        ({"services": [""]}, "slug"),
        ({"locales": ["not a locale"]}, "locale"),
        ({"locales": [""]}, "locale"),
    ],
)
def test_a_scope_that_nothing_can_be_in_is_refused(
    session: Session, scopes: dict[str, list[str]], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        make_account(session, **scopes)  # type: ignore[arg-type]  # each is a list
    assert refused.value.field == field
    make_account(session)
    with pytest.raises(Invalid):
        change_account(session, "Mina", **scopes)  # type: ignore[arg-type]


def test_only_what_is_given_is_changed(session: Session) -> None:
    make_account(session, "Mina", Role.TRANSLATOR, ["svc"], ["ko"])
    (before,) = list_accounts(session)
    change_account(session, "Mina", role=Role.EDITOR)
    (promoted,) = list_accounts(session)
    assert promoted == dataclasses.replace(before, role="editor")
    change_account(session, "Mina", locales=["JA"])
    (moved,) = list_accounts(session)
    assert moved == dataclasses.replace(promoted, locales=("ja",))
    change_account(session, "Mina", services=[], locales=[])
    (widened,) = list_accounts(session)
    assert widened == dataclasses.replace(moved, services=(), locales=())


def test_a_disabled_account_keeps_the_moment_until_it_is_enabled(session: Session) -> None:
    make_account(session)
    disable_account(session, "Mina", AT)
    disable_account(session, "Mina", LATER)
    assert list_accounts(session)[0].disabled_at == AT
    enable_account(session, "Mina")
    assert list_accounts(session)[0].disabled_at is None


def test_a_password_is_kept_only_as_its_hash(session: Session) -> None:
    account = make_account(session, password=PASSWORD)
    assert account.password_hash is not None
    assert account.password_hash.startswith("scrypt:")
    assert PASSWORD not in account.password_hash
    assert check_password_hash(account.password_hash, PASSWORD)
    (view,) = list_accounts(session)
    assert view.has_password
    assert account.password_hash not in repr(view)
    kept = account.password_hash
    change_account(session, "Mina", role=Role.ADMIN)
    assert account.password_hash == kept


@pytest.mark.parametrize("password", ["", "a" * 11, "a" * 1001, "lone surrogate \ud800"])
def test_an_unfit_password_is_refused_without_being_told(session: Session, password: str) -> None:
    with pytest.raises(Invalid) as refused:
        make_account(session, password=password)
    assert refused.value.field == "password"
    assert not password or password not in str(refused.value)


def test_the_database_knows_no_other_role(session: Session) -> None:
    row = {"name": "x", "services": [], "locales": [], "created_at": AT}
    session.add(Account(role="owner", **row))
    with pytest.raises(IntegrityError, match="ck_account_role"):
        session.flush()


def test_all_spellings_that_name_the_same_account_have_one() -> None:
    spellings = ("Zoë", " zoë ", "ZOE\u0308", "zoe\u0308\t")
    assert len({folded(name) for name in spellings}) == 1
    assert folded("Zoe") != folded("Zoë")
