"""What changed between two versions: nothing is missed, nothing is made up."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.versions.changes import CONTENT, digest_of
from archiver.versions.differences import Shown, differences
from archiver.versions.slides import Slide, SlideFate, same_pictures, slide_changes
from archiver.versions.word_diff import Fate, marked, shortened, word_diff

WORDS = st.sampled_from(
    [
        "Banjir",
        "surut",
        "👨‍👩‍👧‍👦",
        "🇮🇩",
        "السلام",
        "عليكم",
        "é",
        "#info",
        "\n",
        "\n\n",
        " ",
        "  ",
        "\u2028",
        "a\u0301",
    ]
)
TEXTS = st.one_of(st.lists(WORDS, max_size=30).map(" ".join), st.text(max_size=60))
SLIDES = st.lists(
    st.builds(
        Slide, st.sampled_from("abcdef"), st.one_of(st.none(), st.sampled_from(["x", "y", "z"]))
    ),
    max_size=6,
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "caption": TEXTS,
    "kind": st.sampled_from(["photo", "carousel", "reel"]),
    "owner": st.sampled_from(["1", "2"]),
    "coauthors": st.lists(st.sampled_from(["1002", "@dinas"]), max_size=2),
    "media": st.lists(st.sampled_from("abc"), max_size=4),
    "place": st.sampled_from([{}, {"id": "5", "name": "Balai Kota"}, {"id": "6", "name": "Alun"}]),
    "alt_text": st.dictionaries(st.sampled_from("ab"), TEXTS, max_size=2),
    "comments_disabled": st.booleans(),
    "title": TEXTS,
    "cover": st.sampled_from(["", "k1", "k2"]),
}
CONTENTS = st.fixed_dictionaries({}, optional=VALUES)
quick = settings(deadline=None, derandomize=True, max_examples=200)


def test_every_fact_of_content_is_compared() -> None:
    assert set(VALUES) == set(CONTENT)


@quick
@given(TEXTS, TEXTS)
def test_a_word_diff_holds_both_texts(before: str, after: str) -> None:
    found = word_diff(before, after)
    assert "".join(s.text for s in found if s.fate is not Fate.ADDED) == before
    assert "".join(s.text for s in found if s.fate is not Fate.REMOVED) == after
    assert all(one.fate is not other.fate for one, other in pairwise(found))
    assert all(stretch.text for stretch in found)
    assert any(s.fate is not Fate.SAME for s in found) == (before != after)
    changed = [s for s in found if s.fate is not Fate.SAME]
    assert [s for s in shortened(found, 2) if s.fate is not Fate.SAME] == changed


def test_only_the_changed_words_are_told_with_some_beside_them() -> None:
    before = "satu dua tiga empat lima enam tujuh delapan sembilan"
    after = before.replace("lima", "5 👨‍👩‍👧‍👦")
    found = shortened(word_diff(before, after), 2)
    assert marked(found) == "… tiga empat [-lima-]{+5 👨‍👩‍👧‍👦+} enam tujuh …"
    assert marked(word_diff("a b c", "x y c")) == "[-a b-]{+x y+} c"
    hostile = word_diff("a " * 9000, "b " * 9000)
    assert len(hostile) == 3, "a text that would cost minutes is compared as a whole"


@quick
@given(SLIDES, SLIDES)
def test_no_slide_is_lost(before: list[Slide], after: list[Slide]) -> None:
    assert slide_changes(before, before) == ()
    found = slide_changes(before, after)
    if [s.media_id for s in before] != [s.media_id for s in after]:
        assert found
    added = sum(change.fate is SlideFate.ADDED for change in found)
    removed = sum(change.fate is SlideFate.REMOVED for change in found)
    assert len(before) + added - removed == len(after)
    for change in found:
        if change.place_before is not None:
            assert before[change.place_before - 1] == change.before
        if change.place_after is not None:
            assert after[change.place_after - 1] == change.after
    if same_pictures(before, after):
        only = {change.fate for change in found}
        assert only <= {SlideFate.OTHER_ID, SlideFate.MOVED}


def test_slides_are_told_by_id_and_bytes() -> None:
    a, b, c = Slide("a", "x"), Slide("b", "y"), Slide("c", "z")

    def fates(before: list[Slide], after: list[Slide]) -> list[tuple[str, int | None, int | None]]:
        found = slide_changes(before, after)
        return [(change.fate.value, change.place_before, change.place_after) for change in found]

    assert fates([a, b], [a, b, c]) == [("added", None, 3)]
    assert fates([a, b, c], [a, c]) == [("removed", 2, None)]
    assert fates([a, b], [a, c]) == [("replaced", 2, 2)]
    assert fates([a, b, c], [c, a, b]) == [("moved", 3, 1)]
    assert fates([a], [Slide("n", "x")]) == [("other_id", 1, 1)]
    assert fates([a], [Slide("a", "q")]) == [("other_bytes", 1, 1)]
    assert fates([a], [Slide("a", None)]) == [], "bytes that are not kept say nothing"


@quick
@given(CONTENTS, CONTENTS, SLIDES)
def test_what_differs_is_told_and_nothing_else(
    before: dict[str, object], after: dict[str, object], slides: list[Slide]
) -> None:
    one, other = Shown(before, tuple(slides)), Shown(after, tuple(slides))
    assert differences(one, one) == ()
    told = {difference.fact for difference in differences(one, other)}
    for fact in CONTENT:
        old, new = before.get(fact) or None, after.get(fact) or None
        if fact == "alt_text":
            old, new = (
                {k: v for k, v in (one or {}).items() if v} or None  # type: ignore[attr-defined]
                for one in (old, new)
            )
        if ("media" in before and "media" in after) or fact != "media":
            assert (fact in told) == (old != new), fact
    if digest_of(before) == digest_of(after) and "media" in before:
        assert not told


def test_texts_are_compared_word_by_word() -> None:
    (found,) = differences(Shown({"caption": "Banjir surut"}), Shown({"caption": "Banjir pasang"}))
    assert marked(found.words) == "Banjir [-surut-]{+pasang+}"
    (found,) = differences(Shown({"alt_text": {"a": "x"}}), Shown({"alt_text": {"a": ""}}))
    assert (found.fact, found.media_id, marked(found.words)) == ("alt_text", "a", "[-x-]")
