"""An entry as a problem of RFC 9457."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from error_catalog_client._entries import Entry
from error_catalog_client._placeholders import fill, has_placeholders

UNNAMED = "about:blank"  # RFC 9457, section 4.2.1


def problem(
    entry: Entry,
    values: Mapping[str, object],
    instance: str | None = None,
    status: int | None = None,
) -> dict[str, Any]:
    """The members of a problem: those of the RFC, and what the catalog knows besides.

    The title is the same in every occurrence (section 3.1.3): the message, unless it has
    placeholders. The status is the one given, else the entry's, where it is one of an error.
    """
    answered = _first_error(status, entry.http_status)
    title = phrase(answered) if has_placeholders(entry.message) else entry.message
    more = {"description": entry.description, "remedy": entry.remedy}
    return {
        "type": entry.type or UNNAMED,
        "title": title,
        "status": answered,
        "detail": fill(entry.message, values),
        **_instance(instance),
        "code": entry.code,
        "key": entry.key,
        "service": entry.service,
        **{name: fill(text, values) for name, text in more.items() if text},
    }


def bare_problem(
    code: str, service: str | None, instance: str | None = None, status: int | None = None
) -> dict[str, Any]:
    """The problem of a code that nothing is known of."""
    answered = _first_error(status)
    return {
        "type": UNNAMED,
        "title": phrase(answered),
        "status": answered,
        "detail": code,
        **_instance(instance),
        "code": code,
        **({"service": service} if service else {}),
    }


def phrase(status: int) -> str:
    """What a status is called; an unknown one as the first of its class (RFC 9110, section 15)."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return HTTPStatus(status // 100 * 100).phrase


def _instance(instance: str | None) -> dict[str, Any]:
    return {} if instance is None else {"instance": instance}


def _first_error(*statuses: object) -> int:
    """The first of these that is the status of an error."""
    for status in statuses:
        if isinstance(status, int) and 400 <= status <= 599:
            return int(status)
    return HTTPStatus.INTERNAL_SERVER_ERROR.value
