"""Every regular expression of the product, found by reading its source, and how it is used."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

PACKAGES = ("app", "error_catalog_client", "migrations", "seeds")
METHODS = frozenset({"match", "fullmatch", "search", "split", "findall", "finditer", "sub", "subn"})
# Of those that look for more than one place, one stands for all: they differ in what they do with
# what is found.
_ALL_PLACES = "finditer"
_SAME = dict.fromkeys(("split", "findall", "sub", "subn"), _ALL_PLACES)
# Where the flags stand among the arguments of a function of `re`.
_FLAGS_AT = {"compile": 1, "split": 3, "sub": 4, "subn": 4}


@dataclass(frozen=True)
class Use:
    """A regular expression with the method by which it is used and the first place of that."""

    pattern: re.Pattern[str]
    method: str
    place: str

    @property
    def name(self) -> str:
        """What a test with it is called."""
        return f"{self.place} {self.method}"


def uses() -> list[Use]:
    """All of the product, each pattern once by method.

    One of which no use is seen, since it is kept in a dictionary say, counts as used by `finditer`,
    which asks the most of it.
    """
    found: dict[tuple[re.Pattern[str], str], Use] = {}
    kept: dict[re.Pattern[str], str] = {}
    for module, tree in sources():
        for call in re_calls(module, tree):
            if call.pattern is not None and call.method != "compile":
                _add(found, call.pattern, call.method, call.place)
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in METHODS:
                value = _value(node.value, module)
                if isinstance(value, re.Pattern):
                    _add(found, value, node.attr, f"{module.__name__}:{node.lineno}")
        for name, value in vars(module).items():
            for pattern in _within(value):
                kept.setdefault(pattern, f"{module.__name__}.{name}")
    used = {pattern for pattern, _ in found}
    rest = [Use(it, _ALL_PLACES, place) for it, place in kept.items() if it not in used]
    return sorted([*found.values(), *rest], key=lambda use: use.name)


@dataclass(frozen=True)
class Call:
    """A call of a function of `re`; `pattern` is None where only running the code tells it."""

    pattern: re.Pattern[str] | None
    method: str
    place: str
    is_in_function: bool


def sources() -> Iterator[tuple[ModuleType, ast.Module]]:
    """The modules of the product, each with its source."""
    for name in PACKAGES:
        package = importlib.import_module(name)
        below = pkgutil.walk_packages(package.__path__, f"{name}.")
        # What these do when they are imported is not to be done here.
        names = [it.name for it in below if not it.name.endswith((".__main__", ".env"))]
        for module in (package, *map(importlib.import_module, names)):
            yield module, ast.parse(Path(str(module.__file__)).read_text("utf-8"))


def re_calls(module: ModuleType, tree: ast.Module) -> Iterator[Call]:
    """The calls of functions of `re` in a module."""
    functions = [it for it in ast.walk(tree) if isinstance(it, (ast.FunctionDef, ast.Lambda))]
    inside = {id(node) for function in functions for node in ast.walk(function)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        method = node.func.attr
        if method not in METHODS | {"compile"} or _value(node.func.value, module) is not re:
            continue
        place = f"{module.__name__}:{node.lineno}"
        yield Call(_pattern_of(node, method, module), method, place, id(node) in inside)


def _pattern_of(call: ast.Call, method: str, module: ModuleType) -> re.Pattern[str] | None:
    pattern = _value(call.args[0], module)
    if not isinstance(pattern, str):
        return pattern if isinstance(pattern, re.Pattern) else None
    at = _FLAGS_AT.get(method, 2)
    given = [it.value for it in call.keywords if it.arg == "flags"] or call.args[at : at + 1]
    flags = _value(given[0], module) if given else 0
    return None if flags is None else re.compile(pattern, flags)


def _value(node: ast.expr, module: ModuleType) -> Any:
    """What an expression is worth by the names of its module; None where it takes others, or
    calls."""
    parts = list(ast.walk(node))
    names = {it.id for it in parts if isinstance(it, ast.Name)}
    if any(isinstance(it, ast.Call) for it in parts) or not names <= vars(module).keys():
        return None
    try:
        return eval(compile(ast.Expression(node), "", "eval"), vars(module))  # noqa: S307
    except (AttributeError, LookupError, TypeError):
        return None


def _add(
    found: dict[tuple[re.Pattern[str], str], Use], pattern: re.Pattern[str], used: str, place: str
) -> None:
    method = _SAME.get(used, used)
    found.setdefault((pattern, method), Use(pattern, method, place))


def _within(value: Any) -> Iterator[re.Pattern[str]]:
    """The patterns that a value of a module is or has in it."""
    # By type: some values of libraries do not like to be asked what they are.
    kind = type(value)
    if kind is re.Pattern:
        yield value
    elif kind is dict:
        yield from _within(tuple(value.values()))
    elif kind in (list, tuple, set, frozenset):
        for one in value:
            yield from _within(one)
