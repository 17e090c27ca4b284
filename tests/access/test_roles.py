"""Roles and scopes: who may do what, and what those are told who may not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.access.errors import Forbidden
from app.access.roles import Principal, Role
from app.catalog.errors import Invalid

SERVICES = ("document-recognizer", "pose-estimation", "svc")
LOCALES = ("en", "ja", "ko")

roles = st.sampled_from(Role)
service = st.none() | st.sampled_from(SERVICES)
locale = st.none() | st.sampled_from(LOCALES)
principals = st.builds(
    Principal,
    st.just("Mina"),
    roles,
    st.just(1),
    st.just(1),
    st.frozensets(st.sampled_from(SERVICES)),
    st.frozensets(st.sampled_from(LOCALES)),
)


def holder(
    role: Role,
    services: frozenset[str] = frozenset(),
    locales: frozenset[str] = frozenset(),
) -> Principal:
    """Whom a token stands for."""
    return Principal("Mina", role, 1, 1, services, locales)


def refusal(principal: Principal, needed: Role, service: str | None, locale: str | None) -> str:
    """What they are told who may not do something."""
    with pytest.raises(Forbidden) as refused:
        principal.require(needed, service, locale)
    return str(refused.value)


def test_each_role_may_do_what_the_ones_before_it_may() -> None:
    order = [Role.READER, Role.TRANSLATOR, Role.EDITOR, Role.ADMIN]
    for place, role in enumerate(order):
        assert [needed for needed in order if holder(role).may(needed)] == order[: place + 1]


@pytest.mark.parametrize("role", Role)
def test_a_role_is_found_by_its_word(role: Role) -> None:
    assert Role.named(role.word) is role
    assert role.word == role.word.lower()


@pytest.mark.parametrize("word", ["", "Editor", "EDITOR", "root", "editor "])
def test_another_word_is_no_role(word: str) -> None:
    with pytest.raises(Invalid, match="reader, translator, editor, admin") as refused:
        Role.named(word)
    assert refused.value.field == "role"


@given(principals, roles, service, locale)
def test_nobody_may_do_more_than_role_and_scopes_allow(
    principal: Principal, needed: Role, service: str | None, locale: str | None
) -> None:
    in_services = service is None or not principal.services or service in principal.services
    in_locales = locale is None or not principal.locales or locale in principal.locales
    allowed = (
        principal.role >= needed
        and in_services
        and (in_locales or principal.role is not Role.TRANSLATOR)
    )
    assert principal.may(needed, service, locale) is allowed


@given(principals, roles, service, locale)
def test_what_is_required_is_what_is_allowed(
    principal: Principal, needed: Role, service: str | None, locale: str | None
) -> None:
    if principal.may(needed, service, locale):
        principal.require(needed, service, locale)
    else:
        assert refusal(principal, needed, service, locale).endswith(".")


@given(principals, roles, service, locale)
def test_a_scope_never_gives_more_than_none(
    principal: Principal, needed: Role, service: str | None, locale: str | None
) -> None:
    if principal.may(needed, service, locale):
        assert holder(principal.role).may(needed, service, locale)


@pytest.mark.parametrize("role", [Role.EDITOR, Role.ADMIN])
def test_locales_limit_translators_only(role: Role) -> None:
    assert not holder(Role.TRANSLATOR, locales=frozenset({"ko"})).may(Role.TRANSLATOR, "svc", "ja")
    assert holder(role, locales=frozenset({"ko"})).may(Role.TRANSLATOR, "svc", "ja")


@pytest.mark.parametrize("role", Role)
def test_services_limit_every_role(role: Role) -> None:
    limited = holder(role, services=frozenset({"svc"}))
    assert limited.may(role, "svc")
    assert not limited.may(role, "pose-estimation")
    assert limited.may(role)


def test_a_refusal_says_which_of_role_service_and_locale_it_is() -> None:
    limited = holder(Role.TRANSLATOR, frozenset({"svc"}), frozenset({"ko"}))
    assert refusal(limited, Role.ADMIN, "svc", None) == (
        "This needs the role admin; Mina is translator."
    )
    assert refusal(limited, Role.TRANSLATOR, "other", "ko") == (
        "The service “other” is out of Mina's scope."
    )
    assert refusal(limited, Role.TRANSLATOR, "svc", "ja") == (
        "The locale “ja” is out of Mina's scope."
    )


@given(principals)
def test_accounts_are_managed_by_admins_of_all_services_alone(principal: Principal) -> None:
    manages = principal.role is Role.ADMIN and not principal.services
    assert principal.manages_accounts is manages
    if manages:
        principal.require_accounts()
    else:
        with pytest.raises(Forbidden):
            principal.require_accounts()
