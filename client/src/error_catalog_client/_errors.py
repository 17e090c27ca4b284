"""The error that an application raises."""

from __future__ import annotations

from collections.abc import Mapping

from error_catalog_client._placeholders import merged


class CatalogError(Exception):
    """An error that has a code in the catalog.

    `service` is needed where several configured services may have the code. `status` is the HTTP
    status to answer with, in place of the entry's own. Placeholders of the message are keywords;
    `values` has those whose names are none. The message is looked up only when somebody is
    answered, in that one's language; `str()` of the error is for logs.
    """

    def __init__(
        self,
        code: str,
        /,
        *,
        service: str | None = None,
        status: int | None = None,
        values: Mapping[str, object] | None = None,
        **placeholders: object,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.service = service
        self.status = status
        self.values = merged(values, placeholders)

    def __str__(self) -> str:
        place = f"{self.service} " if self.service else ""
        return f"{place}{self.code}"
