"""Who may: every route and method there is, for everybody who could ask. The one table of it.

    everybody    also where reading needs a token (READ_TOKEN_REQUIRED)
    readers      everybody; where reading needs a token, any account
    accounts     any account
    translators  and above, of the service and the locale in the address, or of the change at hand
    authors      who proposed it, and editors of that service
    editors      and above, of that service
    admins       of that service
    managers     admins of all services

Who adds a route adds its line, or tests/contract/test_who_may.py fails.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.access.roles import Role
from tests.api.accounts import PEOPLE

TABLE = """
readers      GET     /bundle
readers      GET     /change-sets/<number:change_set>
editors      POST    /change-sets/<number:change_set>/revert
readers      GET     /changes
readers      GET     /changes/<number:revision>
translators  POST    /changes/<number:revision>/revert
readers      POST    /check
readers      GET     /codes
readers      GET     /codes/<code>
readers      POST    /codes/match
everybody    GET     /docs
everybody    GET     /docs/assets/<name>
everybody    GET     /docs/lint
everybody    GET     /docs/lint/<rule>
everybody    GET     /docs/problems
readers      GET     /lint
everybody    GET     /livez
readers      GET     /metrics
everybody    GET     /openapi.json
everybody    GET     /readyz
readers      GET     /services
admins       POST    /services
readers      GET     /services/<service>
admins       PATCH   /services/<service>
admins       DELETE  /services/<service>
readers      GET     /services/<service>/bundle
readers      GET     /services/<service>/codes
editors      POST    /services/<service>/codes
readers      GET     /services/<service>/codes/<code>
editors      PATCH   /services/<service>/codes/<code>
editors      DELETE  /services/<service>/codes/<code>
readers      GET     /services/<service>/codes/<code>/messages
readers      GET     /services/<service>/codes/<code>/messages/<locale>
translators  PUT     /services/<service>/codes/<code>/messages/<locale>
translators  DELETE  /services/<service>/codes/<code>/messages/<locale>
readers      GET     /services/<service>/codes/<code>/messages/<locale>/suggestions
readers      GET     /services/<service>/coverage
readers      GET     /services/<service>/export
editors      POST    /services/<service>/import
readers      GET     /services/<service>/proposals
readers      GET     /services/<service>/proposals/<number:proposal>
editors      POST    /services/<service>/proposals/<number:proposal>/approve
authors      POST    /services/<service>/proposals/<number:proposal>/reject
readers      GET     /services/<service>/reservations
editors      POST    /services/<service>/reservations
editors      DELETE  /services/<service>/reservations/<code>

everybody    GET     /
readers      GET     /browse
readers      GET     /browse/
readers      GET     /browse/<path:nothing>
accounts     GET     /browse/account
accounts     POST    /browse/account/password
accounts     POST    /browse/account/tokens
accounts     POST    /browse/account/tokens/revoke
managers     GET     /browse/accounts
managers     POST    /browse/accounts
managers     GET     /browse/accounts/<path:name>
managers     POST    /browse/accounts/<path:name>
admins       GET     /browse/add-service
admins       POST    /browse/add-service
everybody    GET     /browse/assets/<digest>/<name>
readers      GET     /browse/change-sets/<number:change_set>
editors      POST    /browse/change-sets/<number:change_set>/revert
readers      GET     /browse/changes
readers      GET     /browse/changes/<number:revision>
translators  POST    /browse/changes/<number:revision>/revert
readers      GET     /browse/codes
readers      GET     /browse/codes/<code>
readers      GET     /browse/coverage
readers      GET     /browse/help
readers      GET     /browse/lint
everybody    GET     /browse/preferences
everybody    POST    /browse/preferences
accounts     GET     /browse/review
readers      GET     /browse/services
readers      GET     /browse/services/<service>
editors      GET     /browse/services/<service>/add-code
editors      POST    /browse/services/<service>/add-code
readers      GET     /browse/services/<service>/codes
readers      GET     /browse/services/<service>/codes/<code>
editors      POST    /browse/services/<service>/codes/<code>/delete
editors      GET     /browse/services/<service>/codes/<code>/edit
editors      POST    /browse/services/<service>/codes/<code>/edit
readers      GET     /browse/services/<service>/codes/<code>/messages
readers      GET     /browse/services/<service>/codes/<code>/messages/<locale>
translators  POST    /browse/services/<service>/codes/<code>/messages/<locale>
translators  POST    /browse/services/<service>/codes/<code>/messages/<locale>/approve
translators  POST    /browse/services/<service>/codes/<code>/messages/<locale>/delete
translators  POST    /browse/services/<service>/codes/<code>/messages/<locale>/reject
readers      GET     /browse/services/<service>/coverage
admins       GET     /browse/services/<service>/delete
admins       POST    /browse/services/<service>/delete
readers      GET     /browse/services/<service>/export
editors      GET     /browse/services/<service>/import
editors      POST    /browse/services/<service>/import
readers      GET     /browse/services/<service>/proposals
readers      GET     /browse/services/<service>/proposals/<number:proposal>
editors      POST    /browse/services/<service>/proposals/<number:proposal>/approve
authors      POST    /browse/services/<service>/proposals/<number:proposal>/reject
editors      POST    /browse/services/<service>/reservations
editors      POST    /browse/services/<service>/reservations/<code>/release
admins       GET     /browse/services/<service>/settings
admins       POST    /browse/services/<service>/settings
everybody    GET     /browse/sign-in
everybody    POST    /browse/sign-in
readers      POST    /browse/sign-out
"""
# By method and rule: who may.
WHO: Mapping[str, str] = {
    f"{method} {rule}": who
    for who, method, rule in (line.split() for line in TABLE.splitlines() if line)
}
_ROLES = {
    "accounts": Role.READER,
    "translators": Role.TRANSLATOR,
    "authors": Role.TRANSLATOR,
    "editors": Role.EDITOR,
    "admins": Role.ADMIN,
    "managers": Role.ADMIN,
}
OPEN = ("everybody", "readers")


def may(name: str, route: str, service: str, locale: str, author: str) -> bool:
    """Whether one of PEOPLE, or somebody of another name whom nobody knows, may ask for a route.

    `service` and `locale` are those of its address, or of the change at hand; `author` is who made
    the proposal at hand.
    """
    who, person = WHO[route], PEOPLE.get(name)
    if who in OPEN:
        return True
    if person is None or person.role < _ROLES[who]:
        return False
    if who == "managers":
        return not person.services
    is_of_a_service = who != "accounts" and ("<service>" in route or route.endswith("/revert"))
    if is_of_a_service and person.services and service not in person.services:
        return False
    if who == "authors":
        return name == author or person.role >= Role.EDITOR
    is_of_a_locale = who == "translators" and ("<locale>" in route or "/changes/" in route)
    is_kept_to_locales = person.role is Role.TRANSLATOR and bool(person.locales)
    return not (is_of_a_locale and is_kept_to_locales and locale not in person.locales)
