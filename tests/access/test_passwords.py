"""Passwords: how they are kept, and whether one fits."""

from __future__ import annotations

import time

import pytest

from app.access import passwords
from app.access.passwords import LONGEST_PASSWORD, SHORTEST_PASSWORD, fits, hashed
from app.catalog.errors import Invalid

pytestmark = pytest.mark.security("passwords as they are kept")

PASSWORD = "correct horse battery staple"  # noqa: S105 (of no account)


@pytest.fixture(scope="module")
def kept() -> str:
    """What is kept of it; made once, because that is to take a while."""
    return hashed(PASSWORD)


def test_the_right_one_fits_and_no_other(kept: str) -> None:
    assert fits(kept, PASSWORD)
    for other in ("", PASSWORD.upper(), PASSWORD[:-1], f"{PASSWORD} ", f" {PASSWORD}", kept):
        assert not fits(kept, other)


def test_nothing_of_it_is_kept_and_the_same_is_never_kept_alike(kept: str) -> None:
    assert kept.startswith("scrypt:")
    assert PASSWORD not in kept
    assert hashed(PASSWORD) != kept


@pytest.mark.parametrize("length", [SHORTEST_PASSWORD, LONGEST_PASSWORD])
def test_the_limits_themselves_are_fit(length: int) -> None:
    password = "ㄱ" * length
    assert fits(hashed(password), password)


@pytest.mark.parametrize(
    "password",
    ["", "a" * (SHORTEST_PASSWORD - 1), "a" * (LONGEST_PASSWORD + 1), "\ud800" * SHORTEST_PASSWORD],
)
def test_an_unfit_one_is_refused_and_not_repeated(password: str) -> None:
    with pytest.raises(Invalid) as refused:
        hashed(password)
    assert refused.value.field == "password"
    assert not password or password not in str(refused.value)


@pytest.mark.parametrize("password", ["", "\ud800", "a" * (LONGEST_PASSWORD + 1), "x" * 1_000_000])
def test_what_can_be_no_password_fits_nothing_and_breaks_nothing(kept: str, password: str) -> None:
    assert not fits(kept, password)
    assert not fits(None, password)


def test_where_there_is_no_password_none_fits() -> None:
    assert not fits(None, PASSWORD)
    assert not fits(None, passwords._nobodys())


def test_it_takes_as_long_where_there_is_none(kept: str) -> None:
    fits(None, PASSWORD)  # what it is held against is made at the first

    def seconds(of: str | None) -> float:
        begun = time.process_time()
        fits(of, "a wrong password")
        return time.process_time() - begun

    with_one, without = (min(seconds(of) for _ in range(5)) for of in (kept, None))
    assert without > with_one / 2
