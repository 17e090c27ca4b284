"""What the handlers of all frameworks are held against: errors, and the answers to them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import pytest

from error_catalog_client import Catalog, CatalogError
from tests.cli.test_serving import free_port
from tests.client.making import SERVICE, a_bundle, a_code

ADDRESS = f"https://errors.example.com/services/{SERVICE}/codes"

ERRORS: Mapping[str, Callable[[], CatalogError]] = {
    "plain": lambda: CatalogError("4000122"),
    "filled": lambda: CatalogError("4000002", limit="5 MB"),
    "cut": lambda: CatalogError("4000002", limit="\ud83d"),
    "english-only": lambda: CatalogError("4010001"),
    "no-error": lambda: CatalogError("0"),
    "overruled": lambda: CatalogError("4000122", status=410),
    "of-a-service": lambda: CatalogError("4000122", service=SERVICE),
    "unknown": lambda: CatalogError("999"),
    "of-nobody": lambda: CatalogError("4000122", service="nobody"),
}


def go_wrong(name: str) -> NoReturn:
    """What a view does: it raises one of ERRORS."""
    raise ERRORS[name]()


@dataclass(frozen=True)
class Answer:
    """An answer as a framework gives it."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def problem(self) -> dict[str, Any]:
        """What it tells."""
        assert self.headers["Content-Type"] == "application/problem+json"
        problem: dict[str, Any] = json.loads(self.body)
        assert problem["status"] == self.status
        return problem


@dataclass(frozen=True)
class Case:
    """An error that is raised, how it is asked for, and what is answered."""

    name: str
    languages: str
    status: int
    language: str | None
    told: Mapping[str, Any]

    def check(self, answer: Answer, path: str) -> None:
        """Hold an answer against it, that was asked for at a path."""
        problem = answer.problem
        assert answer.status == self.status
        assert answer.headers.get("Content-Language") == self.language
        assert "Accept-Language" in answer.headers["Vary"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert problem["instance"] == path
        assert {name: problem.get(name) for name in self.told} == self.told


_EXPIRED = {"title": "Request Key is invalid or expired.", "code": "4000122", "service": SERVICE}
CASES = [
    Case("plain", "", 400, "en", {**_EXPIRED, "type": f"{ADDRESS}/4000122"}),
    Case("plain", "ko-KR,ko;q=0.9,en;q=0.5", 400, "ko", {"detail": "요청 키가 만료되었습니다."}),
    Case("plain", "fr", 400, "en", _EXPIRED),
    Case("plain", "?;q=x,,;;", 400, "en", _EXPIRED),
    Case("filled", "ko", 400, "ko", {"detail": "최대 5 MB입니다.", "remedy": "5 MB로 줄이세요."}),
    Case("filled", "en", 400, "en", {"title": "Bad Request", "detail": "At most 5 MB."}),
    Case("cut", "en", 400, "en", {"detail": "At most ?."}),
    Case("english-only", "ko", 401, "en", {"detail": "Invalid appKey or secretKey."}),
    Case("no-error", "en", 500, "en", {"detail": "Success", "code": "0"}),
    Case("overruled", "en", 410, "en", _EXPIRED),
    Case("of-a-service", "ko", 400, "ko", {"service": SERVICE}),
    Case("unknown", "ko", 500, None, {"type": "about:blank", "detail": "999", "code": "999"}),
    Case("of-nobody", "ko", 500, None, {"detail": "4000122", "service": "nobody"}),
]
each_case = pytest.mark.parametrize(
    "case", CASES, ids=[f"{it.name} in {it.languages[:5] or 'any'}" for it in CASES]
)


@contextmanager
def shipped_catalog(folder: Path) -> Iterator[Catalog]:
    """A catalog that knows only what it ships with: nobody answers at its address."""
    for locale, codes in _SHIPPED.items():
        (folder / f"{locale}.json").write_bytes(a_bundle(*codes, locale=locale))
    with Catalog(
        f"http://127.0.0.1:{free_port()}",
        services=SERVICE,
        locales=["en", "ko"],
        bootstrap=[folder / "en.json", folder / "ko.json"],
        wait=0,
    ) as catalog:
        yield catalog


_ENGLISH_ONLY = {"code": "4010001", "message": "Invalid appKey or secretKey.", "http_status": 401}
_SHIPPED = {
    "en": [
        a_code("0", "Success", http_status=200),
        a_code("4000122", "Request Key is invalid or expired."),
        a_code("4000002", "At most {limit}."),
        a_code(**_ENGLISH_ONLY),
    ],
    "ko": [
        a_code("0", "성공", http_status=200, locale="ko"),
        a_code("4000122", "요청 키가 만료되었습니다.", locale="ko"),
        a_code("4000002", "최대 {limit}입니다.", locale="ko", remedy="{limit}로 줄이세요."),
        a_code(**_ENGLISH_ONLY, fallback=True),
    ],
}
