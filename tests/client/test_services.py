from __future__ import annotations

import enum
import pickle
import time
from io import BytesIO
from typing import Any

import pytest

from error_catalog_client import Entry, Service, Status
from error_catalog_client._bundles import read_lines
from error_catalog_client._holdings import Holding, Holdings
from tests.client.making import SERVICE, a_bundle, a_code

ENGLISH = a_bundle(
    a_code(),
    a_code("4000002", "At most {limit}, {user.name}, in {locale}."),
    a_code("0", "Success", http_status=200),
)
KOREAN = a_bundle(a_code(message="잘못된 키", locale="ko"), locale="ko")


class Code(str, enum.Enum):  # noqa: UP042 (for Pythons of before 3.11)
    """Constants as an application may have them."""

    INVALID_KEY = "4000122"


class Number(enum.IntEnum):
    INVALID_KEY = 4000122


class Unhelpful:
    """What fails in every way that a value can."""

    def __hash__(self) -> int:
        raise RuntimeError("no")

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("no")

    def __str__(self) -> str:
        raise RuntimeError("no")

    __repr__ = __str__

    def __bool__(self) -> bool:
        raise RuntimeError("no")


class UnhelpfulText(str):
    """Text that cannot be looked up as it is."""

    __slots__ = ()

    def __hash__(self) -> int:
        raise RuntimeError("no")

    def __str__(self) -> str:
        raise RuntimeError("no")


def held() -> Holdings:
    holdings: dict[str | None, Holding | None] = {}
    for locale, content in (("en", ENGLISH), ("ko", KOREAN)):
        (bundle,) = read_lines(BytesIO(content), lambda: None)
        holdings[locale] = Holding(bundle, "disk", time.time())
    return Holdings(holdings)


@pytest.fixture
def service() -> Service:
    service = Service(SERVICE)
    service._hold(held())
    return service


def test_a_code_says_what_it_means(service: Service) -> None:
    assert service.message("4000122") == "Invalid key."
    assert service.message("4000122", "ko") == "잘못된 키"
    assert service.message("4000122", locale="ko-KR") == "잘못된 키"
    assert service.message("4000122", locale="fr") == "Invalid key."


@pytest.mark.parametrize("code", [4000122, Code.INVALID_KEY, Number.INVALID_KEY, "4000122"])
def test_a_code_may_be_given_in_many_ways(service: Service, code: Any) -> None:
    assert service.message(code) == "Invalid key."
    assert service.entry(code) == service.entry("4000122")
    assert service.problem(code)["code"] == "4000122"


def test_placeholders_are_filled(service: Service) -> None:
    values = {"user.name": "Mina", "locale": "Korean"}
    assert service.message("4000002", limit="5 MB") == "At most 5 MB, {user.name}, in {locale}."
    assert service.message("4000002", values=values, limit=5) == "At most 5, Mina, in Korean."
    assert service.message("4000002") == "At most {limit}, {user.name}, in {locale}."


def test_a_placeholder_may_be_named_as_the_code_is(service: Service) -> None:
    assert service.message("4000122", code="x", self="y") == "Invalid key."
    assert service.problem("4000122", code="x", self="y")["detail"] == "Invalid key."


def test_an_unknown_code_is_given_as_it_is(service: Service) -> None:
    assert service.message("999", "ko", limit=5) == "999"
    assert service.entry("999") is None
    assert service.problem("999", instance="/x") == {
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
        "detail": "999",
        "instance": "/x",
        "code": "999",
        "service": SERVICE,
    }


def test_braces_of_an_unknown_code_are_not_filled(service: Service) -> None:
    assert service.message("{limit}", limit="5 MB") == "{limit}"


def test_an_entry_is_all_that_there_is(service: Service) -> None:
    entry = service.entry("4000122", "ko")
    assert isinstance(entry, Entry)
    assert (entry.service, entry.code, entry.key) == (SERVICE, "4000122", "INVALID_KEY")
    assert (entry.message, entry.locale, entry.http_status) == ("잘못된 키", "ko", 400)
    assert pickle.loads(pickle.dumps(entry)) == entry  # noqa: S301 (our own)


def test_a_problem_is_told_in_the_locale(service: Service) -> None:
    told = service.problem("4000122", "ko", instance="/scans/7")
    assert (told["detail"], told["status"], told["instance"]) == ("잘못된 키", 400, "/scans/7")
    told = service.problem("4000002", values={"user.name": "Mina"}, limit=5)
    assert told["detail"] == "At most 5, Mina, in {locale}."


UNFIT = [
    None,
    [],
    {},
    b"4000122",
    1.5,
    object(),
    Unhelpful(),
    float("nan"),
    "\ud83d",
    "x" * 100_000,
]


@pytest.mark.parametrize(
    "odd", [*UNFIT, UnhelpfulText("4000122")], ids=lambda it: type(it).__name__
)
def test_nothing_that_is_asked_for_raises(service: Service, odd: Any) -> None:
    for code, locale, values in ((odd, "ko", None), ("4000122", odd, None), ("4000002", "en", odd)):
        assert isinstance(service.message(code, locale, values), str)
        assert isinstance(service.problem(code, locale, values), dict)
        service.entry(code, locale)
    assert service.message("4000002", limit=odd, **{"user.name": odd}).startswith("At most")


def test_what_is_emptied_while_it_is_read_is_read_anew(service: Service) -> None:
    # A thread may be held up between two steps for as long as it takes to replace everything.
    old = service._holdings

    class Locale(str):
        """A locale that is replaced while somebody looks for it."""

        __slots__ = ()

        def __hash__(self) -> int:
            if service._holdings is old:
                service._hold(held())
                for bundle in old.of_locales.values():
                    bundle.empty(lambda: None)
            return hash(str.__str__(self))

    assert service.message("4000122", Locale("ko")) == "잘못된 키"
    assert service._holdings is not old


def test_what_is_emptied_while_it_is_searched_is_searched_anew(service: Service) -> None:
    class Replaced(Holdings):
        """What is replaced while somebody searches it."""

        def find(self, code: str, locale: object) -> tuple[str, str] | None:
            service._hold(held())
            for bundle in self.of_locales.values():
                bundle.empty(lambda: None)
            return super().find(code, locale)

    old = held()
    service._hold(Replaced({it: Holding(of, "disk", 0.0) for it, of in old.of_locales.items()}))
    entry = service.entry("4000122", "ko")
    assert entry is not None
    assert entry.message == "잘못된 키"


def test_it_tells_where_it_is_from(service: Service) -> None:
    assert service.status().source == "disk"
    assert Service(SERVICE, lambda: "refused").status() == Status("none", None, None, "refused")
