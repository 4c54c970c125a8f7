"""What changed between two versions, for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from archiver.i18n import N_, _, translate
from archiver.versions.differences import Difference
from archiver.versions.slides import SlideChange, SlideFate
from archiver.versions.word_diff import Fate, Stretch, shortened
from archiver.wording import word_for

Line = tuple[str, tuple[Stretch, ...]]
"""What a fact is called, and what became of it."""

NAMES: Mapping[str, str] = {
    "caption": N_("caption"),
    "title": N_("title"),
    "kind": N_("kind"),
    "owner": N_("owner"),
    "coauthors": N_("co-authors"),
    "media": N_("pictures and films"),
    "place": N_("place"),
    "alt_text": N_("alternative text"),
    "comments_disabled": N_("comments"),
    "cover": N_("cover"),
}
SLIDES: Mapping[SlideFate, str] = {
    SlideFate.ADDED: N_("number {after} was added"),
    SlideFate.REMOVED: N_("number {before} was taken away"),
    SlideFate.REPLACED: N_("number {after} was replaced by another one"),
    SlideFate.OTHER_BYTES: N_("number {after} has other bytes, perhaps only encoded anew"),
    SlideFate.OTHER_ID: N_("number {after} is the same one under a new number of the platform"),
    SlideFate.MOVED: N_("number {before} was moved to place {after}"),
}


def difference_lines(
    found: Iterable[Difference], handles: Mapping[str, str] | None = None
) -> Iterator[Line]:
    """One line for each fact that changed, and for each slide.

    Args:
        handles: Names of accounts by their numeric ids.
    """
    for difference in found:
        name = translate(NAMES.get(difference.fact, difference.fact))
        if difference.slides:
            for change in difference.slides:
                yield name, _plain(_slide(change))
        elif difference.words:
            yield name, shortened(difference.words)
        elif difference.fact == "cover" and difference.same_picture:
            yield name, _plain(_("the same picture under a new key of the platform"))
        elif difference.fact == "cover":
            yield name, _plain(_("another picture"))
        else:
            yield name, _values(difference, handles or {})


def _values(difference: Difference, handles: Mapping[str, str]) -> tuple[Stretch, ...]:
    texts = [_told(difference.fact, v, handles) for v in (difference.before, difference.after)]
    fates = (Fate.REMOVED, Fate.ADDED)
    return tuple(Stretch(fate, text) for fate, text in zip(fates, texts, strict=True) if text)


def _told(fact: str, value: object, handles: Mapping[str, str]) -> str:
    if fact == "comments_disabled":
        return _("switched off") if value else _("switched on")
    if isinstance(value, Mapping):
        return str(value.get("name") or value.get("id") or "")
    if isinstance(value, list):
        return ", ".join(handles.get(str(one), str(one)) for one in value)
    text = "" if value is None else str(value)
    return word_for(text) if fact == "kind" else handles.get(text, text)


def _slide(change: SlideChange) -> str:
    places = {"before": change.place_before, "after": change.place_after}
    return translate(SLIDES[change.fate]).format(**places)


def _plain(text: str) -> tuple[Stretch, ...]:
    return (Stretch(Fate.SAME, text),)
