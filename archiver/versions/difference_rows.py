"""Differences between versions as JSON values. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from archiver.versions.differences import Difference
from archiver.versions.slides import Slide, SlideChange


def difference_rows(found: Iterable[Difference]) -> list[dict[str, object]]:
    """One object for each fact that changed."""
    return [_row(difference) for difference in found]


def _row(difference: Difference) -> dict[str, object]:
    row: dict[str, object] = {
        "fact": difference.fact,
        "before": difference.before,
        "after": difference.after,
    }
    if difference.media_id is not None:
        row["media_id"] = difference.media_id
    if difference.words:
        row["words"] = [{s.fate.value: s.text} for s in difference.words]
    if difference.slides:
        row["slides"] = [_slide_row(change) for change in difference.slides]
    if difference.fact == "cover":
        row["same_picture"] = difference.same_picture
    return row


def _slide_row(change: SlideChange) -> dict[str, object]:
    return {
        "change": change.fate.value,
        "place_before": change.place_before,
        "place_after": change.place_after,
        "before": _slide(change.before),
        "after": _slide(change.after),
    }


def _slide(slide: Slide | None) -> dict[str, object] | None:
    if slide is None:
        return None
    return {"media_id": slide.media_id, "sha256": slide.sha256, "record": slide.record}
