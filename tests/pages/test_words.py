"""The pages' own words: all of them are marked, and each language has them all."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import polib  # type: ignore[import-untyped]
import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from bs4 import BeautifulSoup
from jinja2 import Environment

import app.pages
from app.pages import words
from app.pages.labels import label
from tests.api.accounts import Desk
from tests.conftest import AppFactory
from tests.pages.visiting import Visitor, visitor

ROOM = Path(app.pages.__file__).parent
TRANSLATIONS = ROOM / "translations"
TEMPLATES = sorted((ROOM / "templates").rglob("*.html"))
MODULES = sorted(ROOM.rglob("*.py"))
OTHERS = [it for it in words.LANGUAGES if it != "en"]
MARKS = {"gettext", "ngettext", "said", "later"}
# What is written in a template and is the same in every language.
SAME_EVERYWHERE = {"HTTP", "en"}
READ_ALOUD = ("alt", "aria-label", "placeholder", "title")


@cache
def written() -> Mapping[str, str | None]:
    """The words that are marked, each with its form for many; as `make words` finds them."""
    settings = tomllib.loads((ROOM.parent.parent / "pyproject.toml").read_text())
    methods = [(it["pattern"], it["method"]) for it in settings["tool"]["babel"]["mappings"]]
    keywords = {**DEFAULT_KEYWORDS, "said": None, "later": None}
    found = extract_from_dir(ROOM, methods, keywords=keywords)
    pairs = (it[2] if isinstance(it[2], tuple) else (it[2], None) for it in found)
    return {one: many for one, many, *_ in pairs}


@cache
def translated(language: str) -> Mapping[str, polib.POEntry]:
    """What a language's file has, by the English words."""
    return {it.msgid: it for it in polib.pofile(str(TRANSLATIONS / f"{language}.po"))}


def fields(text: str) -> set[str]:
    """What is filled in."""
    return set(re.findall(r"%\((\w+)\)s", text))


def said_in(entry: polib.POEntry) -> str:
    """A translation, which has one form for all numbers."""
    text = entry.msgstr_plural[0] if entry.msgid_plural else entry.msgstr
    return str(text)


def test_there_are_words() -> None:
    assert len(written()) > 100
    assert OTHERS == ["ko", "ja"]


@pytest.mark.parametrize("language", OTHERS)
def test_each_language_has_them_all_and_none_besides(language: str) -> None:
    has = {words for words, entry in translated(language).items() if entry.translated()}
    assert sorted(written().keys() - has) == []
    assert sorted(translated(language).keys() - written().keys()) == []


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_filled_in_is_the_same_in_each(language: str) -> None:
    wrong = {
        entry.msgid: said_in(entry)
        for entry in translated(language).values()
        if entry.translated() and fields(said_in(entry)) != fields(entry.msgid)
    }
    assert wrong == {}


@pytest.mark.parametrize("language", OTHERS)
def test_words_about_numbers_have_both_english_forms(language: str) -> None:
    many = {one: many for one, many in written().items() if many is not None}
    found = {it.msgid: it.msgid_plural for it in translated(language).values() if it.msgid_plural}
    assert found == many


@pytest.mark.parametrize("language", OTHERS)
def test_no_translation_is_only_a_guess(language: str) -> None:
    entries = translated(language).values()
    assert [it.msgid for it in entries if it.fuzzy or it.obsolete] == []


@pytest.mark.parametrize("language", OTHERS)
def test_no_percent_sign_stands_alone(language: str) -> None:
    texts = [*written(), *map(said_in, translated(language).values())]
    assert [it for it in texts if "%" in re.sub(r"%\(\w+\)s|%%|%s", "", it)] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda it: it.name)
def test_a_template_says_nothing_that_is_not_marked(template: Path) -> None:
    tokens = Environment(extensions=["jinja2.ext.i18n"], autoescape=True).lex(template.read_text())
    # What Jinja fills in leaves a sign that is no word.
    html = "".join(text if kind == "data" else "·" for _, kind, text in tokens)
    soup = BeautifulSoup(html, "html.parser")
    for it in soup.select("code, kbd, script, style"):
        it.decompose()
    said = [*soup.stripped_strings]
    for name in READ_ALOUD:
        said += [str(it[name]) for it in soup.select(f"[{name}]")]
    # Macros make attributes outside of any tag.
    plain = [re.sub(r'[\w-]+="[^"]*"', "", text) for text in said]
    found = {word for text in plain for word in re.findall(r"[^\W\d_]{2,}", text)}
    assert found - SAME_EVERYWHERE == set()


def first_arguments(module: Path) -> Iterator[tuple[str, ast.expr]]:
    """What a module marks, each with the name of the mark."""
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
            yield node.func.id, node.args[0]


@pytest.mark.parametrize("module", MODULES, ids=lambda it: it.name)
def test_a_module_marks_words_and_not_what_holds_them(module: Path) -> None:
    marked = list(first_arguments(module))
    literal = [(mark, it) for mark, it in marked if isinstance(it, ast.Constant)]
    # What is marked by `later` is held by something until it is shown.
    holds = any(mark == "later" for mark, _ in literal)
    hidden = [ast.unparse(it) for mark, it in marked if (mark, it) not in literal]
    assert hidden == [] or holds or module.name == "words.py"
    assert all(mark == "gettext" for mark, it in marked if (mark, it) not in literal)


@pytest.mark.parametrize(
    ("accepted", "spoken"),
    [
        ("", "en"),
        ("ko", "ko"),
        ("ko-KR,ko;q=0.9,en;q=0.8", "ko"),
        ("ja-JP", "ja"),
        ("fr, ja;q=0.5", "ja"),
        ("fr", "en"),
        ("*", "en"),
        ("en-GB, ko", "en"),
        ("ko;q=0, ja;q=0.1", "ja"),
        ("nonsense;;q=", "en"),
    ],
)
def test_the_language_is_the_one_that_the_browser_asks_for(
    desk: Desk, accepted: str, spoken: str
) -> None:
    page = visitor(desk, None, **{"Accept-Language": accepted}).open("/browse/preferences")
    assert page.one("html")["lang"] == spoken
    assert page.response.headers["Content-Language"] == spoken
    assert "Accept-Language" in page.response.vary


def test_the_language_that_was_chosen_goes_before_it(desk: Desk) -> None:
    reader = visitor(desk, None, **{"Accept-Language": "ja"})
    reader.client.set_cookie("language", "ko", path="/browse")
    assert reader.open("/browse/preferences").one("html")["lang"] == "ko"
    reader.client.set_cookie("language", "xx", path="/browse")
    assert reader.open("/browse/preferences").one("html")["lang"] == "ja"


def test_numbers_take_their_form(make_app: AppFactory, empty_url: str) -> None:
    with make_app(empty_url).test_request_context("/browse"):
        one, many = "one thing that nobody marks", "%(num)s things that nobody marks"
        assert words.ngettext(one, many, 1) == one
        assert [words.ngettext(one, many, number) for number in (0, 2)] == [many, many]


def test_values_are_filled_in_and_words_without_translation_stay(
    make_app: AppFactory, empty_url: str
) -> None:
    app = make_app(empty_url)
    for language in words.LANGUAGES:
        with app.test_request_context("/browse", headers={"Accept-Language": language}):
            assert words.said("Nobody marks %(this)s.", this="<100%>") == "Nobody marks <100%>."
            assert label("nobody-names-this") == "nobody-names-this"


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_a_page_in_each_language_has_nothing_left_to_fill_in(desk: Desk, language: str) -> None:
    reader = Visitor(visitor(desk, "ada").client, {"Accept-Language": language})
    for address in ("/browse", "/browse/services", "/browse/changes", "/browse/review"):
        assert "%(" not in reader.open(address).text
