"""Faults that meet a story of a living account: it ends, and is never ``deleted``."""

from __future__ import annotations

from benchmarks.fault_matrix import instagram_aims as to
from benchmarks.fault_matrix.answers import ANSWERS, aimed
from benchmarks.fault_matrix.case import Meets, Planned
from benchmarks.fault_matrix.rows import Rows
from benchmarks.fault_matrix.scene import Scene
from demo.faults import Match
from demo.instagram import faults as known

_I = Rows("instagram")


def _withdrawn(scene: Scene) -> Planned:
    """The story is gone before its time: the platform refuses its number with 400."""
    if scene.story is not None:
        scene.world.delete(scene.account, scene.story.code)
    return Planned()


def _tray(scene: Scene) -> Match:
    return known.STORIES_QUERY


_EMPTY_TRAY = to.said(200, {"data": {"reels_media": []}, "status": "ok"}, "empty-tray")
STORIES = (
    _I.one("story-gone-early", Meets.ACCOUNT, _withdrawn, "2.3 media-info-400"),
    _I.one("tray-empty", Meets.LISTING, aimed(_EMPTY_TRAY, _tray), "8 empty-list"),
    _I.one("tray-500", Meets.LISTING, aimed(ANSWERS["500"], _tray), "8 5xx"),
    _I.one(
        "tray-400",
        Meets.LISTING,
        aimed(lambda: known.invalid_request(known.STORIES_QUERY), _tray),
        "2.4 400",
    ),
)
