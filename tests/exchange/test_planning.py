"""Plans: what an import would change, told before anything does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from app.catalog.edits.rows import Texts
from app.catalog.ordering import FRONT
from app.catalog.views import CodeTexts, TextsView
from app.exchange.document import Document, Remark, Row
from app.exchange.plan import Entry, Plan, Refused, Source, Target, Told
from app.exchange.planning import make_plan
from tests.exchange.pages import FIRST_ROW, source

TARGET = Target("alpha", "Alpha", "Cloud", "en", exists=True)
WITH_DESCRIPTION = ("Code", "Key", "Message", "Description")


def known(
    code: str, key: str | None, messages: Mapping[str, Texts], status: str = "active"
) -> CodeTexts:
    """A code that the catalog has, with its texts by locale."""
    texts = {
        locale: TextsView(it.text, it.description, it.remedy, "approved")
        for locale, it in messages.items()
    }
    return CodeTexts(code, key, None, status, None, texts)


def plan(
    codes: Sequence[CodeTexts],
    *sources: Source,
    gone: Mapping[str, str | None] | None = None,
    retire_missing: bool = False,
) -> Plan:
    """The plan of importing these pages where the catalog has these codes."""
    return make_plan(TARGET, codes, sources, gone, retire_missing=retire_missing)


def places(entries: Sequence[Entry]) -> list[tuple[str, str]]:
    """The code and locale of each entry."""
    return [(entry.code, entry.locale) for entry in entries]


def kinds(planned: Plan) -> dict[str, int]:
    """How many entries of each kind a plan has, without the kinds it has none of."""
    names = ("added", "changed", "unchanged", "missing", "untranslated", "refused", "ignored")
    counts = {name: len(getattr(planned, name)) for name in names}
    return {name: count for name, count in counts.items() if count}


ONE = known("1", "ONE", {"en": Texts("one")})
ONE_WITH_KOREAN = known("1", "ONE", {"en": Texts("one"), "ko": Texts("하나")})


def test_a_code_that_the_catalog_has_not_is_added() -> None:
    planned = plan([], source(("1", "ONE", "one")))
    told = Told("ONE", Texts("one"))
    assert planned.added == [
        Entry("alpha", "1", "en", "alpha.md", FIRST_ROW, told, told),
    ]
    assert kinds(planned) == {"added": 1}


def test_a_new_code_follows_the_row_before_it() -> None:
    planned = plan([ONE], source(("0", "", "zero"), ("1", "ONE", "one"), ("2", "", "two")))
    assert {entry.code: entry.follows for entry in planned.added} == {"0": FRONT, "2": "1"}


def test_a_row_that_says_what_is_there_changes_nothing() -> None:
    planned = plan([ONE], source(("1", "ONE", "one")))
    assert kinds(planned) == {"unchanged": 1}
    assert planned.is_empty


def test_another_wording_changes_a_text_and_breaks_nothing() -> None:
    planned = plan([ONE], source(("1", "ONE", "another")))
    (entry,) = planned.changed
    assert entry.before == Told("ONE", Texts("one"), state="approved")
    # Whoever brings a text says what state it is in.
    assert entry.told == Told("ONE", Texts("another"))
    assert entry.breaking == ()
    assert kinds(planned) == {"changed": 1}
    assert not planned.is_empty


def test_a_page_without_keys_or_descriptions_leaves_those_there_are() -> None:
    code = known("1", "ONE", {"en": Texts("one", "the first", "ask for two")})
    assert kinds(plan([code], source(("1", "one"), columns=("Code", "Message")))) == {
        "unchanged": 1
    }
    (entry,) = plan([code], source(("1", "uno"), columns=("Code", "Message"))).changed
    assert entry.told == Told("ONE", Texts("uno", "the first", "ask for two"))


@pytest.mark.parametrize(
    ("cells", "breaking"),
    [
        (("1", "UNO", "Up to {limit} of {unit}"), ("the key was ONE, becomes UNO",)),
        (("1", "ONE", "Up to {limit}"), ("the text drops {unit}",)),
        (("1", "ONE", "Up to {max}"), ("the text drops {limit}, {unit}",)),
        (("1", "UNO", "Up to"), ("the key was ONE, becomes UNO", "the text drops {limit}, {unit}")),
        (("1", "ONE", "{unit}: no more than {limit}, {name}"), ()),
    ],
)
def test_what_breaks_consumers_is_named(cells: Sequence[str], breaking: tuple[str, ...]) -> None:
    code = known("1", "ONE", {"en": Texts("Up to {limit} of {unit}")})
    (entry,) = plan([code], source(cells)).changed
    assert entry.breaking == breaking


def test_a_first_key_breaks_nobody() -> None:
    keyless = known("1", None, {"en": Texts("one")})
    (entry,) = plan([keyless], source(("1", "ONE", "one"))).changed
    assert entry.before == Told(None, Texts("one"), state="approved")
    assert entry.told == Told("ONE", Texts("one"), state="approved")
    assert entry.breaking == ()


def test_a_plan_tells_what_it_breaks_by_code() -> None:
    codes = [ONE, known("2", "TWO", {"en": Texts("{two}")}), known("3", None, {"en": Texts("3")})]
    pages = source(("1", "ONE", "another"), ("2", "DOS", "two"))
    planned = plan(codes, pages, retire_missing=True)
    assert planned.breaks == {
        "2": ("the key was TWO, becomes DOS", "the text drops {two}"),
        "3": ("it is retired without having been deprecated",),
    }
    assert plan(codes, source(("1", "ONE", "another"))).breaks == {}


def test_no_change_of_a_draft_breaks_anybody() -> None:
    draft = known("1", "ONE", {"en": Texts("Up to {limit}")}, status="draft")
    (entry,) = plan([draft], source(("1", "UNO", "Up to"))).changed
    assert entry.breaking == ()


def test_a_code_that_no_page_tells_of_is_missing_and_stays() -> None:
    planned = plan([ONE, known("2", "TWO", {"en": Texts("two")})], source(("1", "ONE", "one")))
    told = Told("TWO", Texts("two"), state="approved")
    assert planned.missing == [
        Entry("alpha", "2", "en", None, None, told, told),
    ]
    assert planned.is_empty


def test_a_retired_code_is_not_missed() -> None:
    planned = plan([known("2", "TWO", {"en": Texts("two")}, status="retired")], source())
    assert kinds(planned) == {}


@pytest.mark.parametrize(
    ("status", "retired", "breaking"),
    [
        ("active", ["2"], {"2": ("it is retired without having been deprecated",)}),
        ("deprecated", ["2"], {}),
        ("draft", [], {}),
        ("retired", [], {}),
    ],
)
def test_missing_codes_that_were_in_use_are_retired_where_that_is_wanted(
    status: str, retired: list[str], breaking: Mapping[str, Sequence[str]]
) -> None:
    codes = [ONE, known("2", "TWO", {"en": Texts("two")}, status)]
    planned = plan(codes, source(("1", "ONE", "one")), retire_missing=True)
    assert [entry.code for entry in planned.retired] == retired
    assert planned.is_empty is not bool(retired)
    assert planned.breaks == breaking
    assert plan(codes, source(("1", "ONE", "one"))).retired == []


def test_a_code_whose_row_is_refused_is_not_missing() -> None:
    planned = plan([ONE], source(("1", "ONE", "")), retire_missing=True)
    assert kinds(planned) == {"refused": 1}
    assert planned.retired == []


def test_nothing_is_retired_for_a_page_of_which_something_could_not_be_read() -> None:
    # Whatever could not be read may have told of it.
    codes = [ONE, known("2", "TWO", {"en": Texts("two")})]
    planned = plan(codes, source(("1", "ONE", "one"), ("2", "TWO")), retire_missing=True)
    assert kinds(planned)["refused"] == 1
    assert planned.retired == []


@pytest.mark.parametrize("key", ["ONE", ""])
def test_a_number_that_was_in_use_once_comes_back_with_the_key_it_had(key: str) -> None:
    (entry,) = plan([], source(("1", key, "one")), gone={"1": "ONE"}).added
    assert (entry.code, entry.told.key) == ("1", "ONE")


def test_a_number_that_was_in_use_once_is_never_given_another_key() -> None:
    planned = plan([], source(("1", "UNO", "one"), ("2", "TWO", "two")), gone={"1": "ONE"})
    assert places(planned.added) == [("2", "en")]
    assert planned.refused == [
        Refused(
            "alpha.md",
            FIRST_ROW,
            "1 once was ONE, and a number is never given another meaning",
        )
    ]


def test_a_translation_is_added_and_changed_like_any_text() -> None:
    assert places(plan([ONE], source(("1", "ONE", "하나"), locale="ko")).added) == [("1", "ko")]
    (entry,) = plan([ONE_WITH_KOREAN], source(("1", "ONE", "한 개"), locale="ko")).changed
    assert entry.before == Told("ONE", Texts("하나"), state="approved")
    assert entry.told == Told("ONE", Texts("한 개"))
    same = plan([ONE_WITH_KOREAN], source(("1", "ONE", "하나"), locale="ko"))
    assert kinds(same) == {"unchanged": 1}


@pytest.mark.parametrize("code", [ONE, ONE_WITH_KOREAN])
def test_a_text_equal_to_its_source_is_not_a_translation(code: CodeTexts) -> None:
    planned = plan([code], source(("1", "ONE", "one"), locale="ko"))
    assert kinds(planned) == {"untranslated": 1}
    assert places(planned.untranslated) == [("1", "ko")]
    assert planned.is_empty


def test_of_two_texts_the_translated_one_is_taken_alone() -> None:
    code = known("1", "ONE", {"en": Texts("one", "the first")})
    korean = source(("1", "ONE", "one", "첫째"), locale="ko", columns=WITH_DESCRIPTION)
    (entry,) = plan([code], korean).added
    assert entry.told == Told("ONE", Texts(None, "첫째"))


def test_a_translation_of_an_unknown_code_is_refused() -> None:
    planned = plan([ONE], source(("1", "", "하나"), ("2", "", "둘"), locale="ko"))
    assert places(planned.added) == [("1", "ko")]
    assert planned.refused == [
        Refused("alpha.md", FIRST_ROW + 1, "alpha has no code 2: import its en page first")
    ]


def test_a_translation_with_another_key_is_refused() -> None:
    planned = plan([ONE], source(("1", "UNO", "하나"), locale="ko"))
    assert planned.refused == [Refused("alpha.md", FIRST_ROW, "1 has the key ONE, not UNO")]
    assert kinds(planned) == {"refused": 1}


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (("1", "", "하나", "첫째 {n}"), "the placeholders are none, in the source {limit}"),
        (
            ("1", "", "{max} 중 하나", ""),
            "the placeholders are {max}, in the source {limit}",
        ),
        (
            ("1", "", "{limit} 중 {n}번째", ""),
            "the placeholders are {limit}, {n}, in the source {limit}",
        ),
        (("1", "", "{limit} 중 하나", "첫째"), "the placeholders are none, in the source {n}"),
    ],
)
def test_a_translation_with_other_placeholders_is_refused(
    cells: Sequence[str], reason: str
) -> None:
    code = known("1", "ONE", {"en": Texts("one of {limit}", "number {n}")})
    planned = plan([code], source(cells, locale="ko", columns=WITH_DESCRIPTION))
    assert planned.refused == [Refused("alpha.md", FIRST_ROW, reason)]
    assert planned.is_empty


def test_a_translation_follows_the_placeholders_that_its_source_page_brings() -> None:
    english = source(("1", "ONE", "one of {limit}"))
    korean = source(("1", "ONE", "{limit} 중 하나"), locale="ko")
    assert kinds(plan([ONE], korean, english)) == {"changed": 1, "added": 1}


def test_a_new_code_without_a_message_is_refused() -> None:
    planned = plan([], source(("1", "ONE", "")))
    assert planned.refused == [Refused("alpha.md", FIRST_ROW, "no message for 1")]


def test_pages_of_all_locales_are_planned_together_in_any_order() -> None:
    english = source(("1", "ONE", "one"), ("2", "TWO", "two"))
    korean = source(("1", "ONE", "하나"), ("2", "TWO", "two"), locale="ko", file="alpha.ko.md")
    for sources in ([english, korean], [korean, english]):
        planned = plan([], *sources)
        assert places(planned.added) == [("1", "en"), ("2", "en"), ("1", "ko")]
        assert places(planned.untranslated) == [("2", "ko")]


def test_a_translation_goes_with_the_key_that_its_source_page_brings() -> None:
    planned = plan([ONE], source(("1", "UNO", "one")), source(("1", "UNO", "하나"), locale="ko"))
    assert kinds(planned) == {"changed": 1, "added": 1}


def test_a_locale_is_planned_in_its_canonical_case() -> None:
    planned = plan([ONE], source(("1", "ONE", "uma"), locale="PT-br"))
    assert places(planned.added) == [("1", "pt-BR")]


def test_what_a_page_refuses_or_ignores_stands_in_the_plan() -> None:
    planned = plan(
        [], source(("1", "ONE"), file="a.md"), source(columns=("Name", "Type"), file="b.md")
    )
    assert [(it.file, it.line) for it in planned.refused] == [("a.md", FIRST_ROW)]
    assert [(it.file, it.line) for it in planned.ignored] == [("b.md", 3)]


def test_a_page_that_contradicts_another_of_its_locale_is_refused() -> None:
    first = source(("1", "ONE", "one"), file="a.md")
    second = source(("1", "ONE", "uno"), file="b.md")
    planned = plan([], first, second)
    assert places(planned.added) == [("1", "en")]
    assert [(it.file, it.line) for it in planned.refused] == [("b.md", FIRST_ROW)]


def test_a_page_without_rows_makes_no_service() -> None:
    target = Target("beta", "Beta", None, "en", exists=False)
    assert make_plan(target, [], [source()]).is_empty
    assert not make_plan(target, [], [source(("1", "ONE", "one"))]).is_empty


def test_an_entry_tells_what_its_page_says_beside_what_comes_of_it() -> None:
    described = known("1", "ONE", {"en": Texts("one", "the first")})
    (entry,) = plan([described], source(("1", "", "uno"))).changed
    assert entry.said == Told(None, Texts("uno"))
    assert entry.told == Told("ONE", Texts("uno", "the first"))


def test_refusals_are_told_in_the_order_of_the_page() -> None:
    page = Document(
        "alpha.md",
        rows=(Row(3, "9", None, None), Row(5, "1", "ONE", "one")),
        refused=(Remark(1, "no code"), Remark(4, "no code")),
    )
    assert [it.line for it in plan([ONE], Source(page, "en")).refused] == [1, 3, 4]


def test_what_is_protected_counts_as_unchanged() -> None:
    planned = plan([ONE], source(("1", "ONE", "uno"), ("2", "TWO", "two"), ("3", "THREE", "three")))
    left = planned.without(lambda entry: entry.code in ("1", "2"))
    assert (places(left.added), places(left.changed)) == ([("3", "en")], [])
    assert places(left.unchanged) == [("2", "en"), ("1", "en")]
    assert kinds(planned) == {"added": 2, "changed": 1}
