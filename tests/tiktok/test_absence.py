"""Only the platform's own words on the post's own page may make it GONE."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from connectors.model import PostRef, Presence
from connectors.tiktok.web import TikTokWeb
from demo import faults
from demo.faults import Fault
from demo.tiktok import faults as tiktok


def ref_of(city, item):
    return PostRef("tiktok", item.code, city.ref(), item.code)


def _spoilt(kind: str, change: Callable[[tiktok.Json], object]) -> Fault:
    """The words for a missing item, on a page that speaks against them."""

    def both(scopes: tiktok.Json) -> None:
        scopes["webapp.video-detail"] |= {"statusCode": 10204, "statusMsg": "item doesn't exist"}
        change(scopes)

    return tiktok.page_changed(kind, both, tiktok.VIDEO_PAGE)


OTHER = "https://www.tiktok.com/@kota/video/7000000000000000001"


def _without_item(scopes: tiktok.Json) -> None:
    scopes["webapp.video-detail"].pop("itemInfo")


def _of_another(scopes: tiktok.Json) -> None:
    _without_item(scopes)
    scopes["seo.abtest"] = {"canonical": OTHER}


DOUBTFUL = [
    (_spoilt("beside-item", lambda scopes: None), "status_10204"),
    (_spoilt("of-another", _of_another), "status_10204"),
    (faults.json_error(404, {"statusCode": 10204}, tiktok.VIDEO_PAGE), "http_404"),
    (faults.status(404, tiktok.VIDEO_PAGE), "http_404"),
    (tiktok.video_status(10204, "Video currently unavailable"), "status_10204"),
]


@pytest.mark.parametrize(("fault", "reason"), DOUBTFUL, ids=lambda v: getattr(v, "kind", ""))
def test_a_living_post_is_never_called_gone(
    city, web: TikTokWeb, platforms, fault: Fault, reason: str
) -> None:
    item = city.video()
    platforms.faults.add(fault)
    seen = web.look(ref_of(city, item))
    assert (seen.presence, seen.reason, seen.post) == (Presence.UNKNOWN, reason, None)
    assert seen.answered_at is not None


def test_a_page_that_led_elsewhere_is_not_the_posts(city, web: TikTokWeb, platforms) -> None:
    item, other = city.video(), city.video()
    city.world.delete(city.account, other.code)
    asked = tiktok.Match(tiktok.HOST, f"/@*/video/{item.code}")
    where = f"https://www.tiktok.com/@{city.account.handle}/video/{other.code}"
    platforms.faults.add(faults.redirect(where, asked))
    assert web.look(ref_of(city, item)).presence is Presence.UNKNOWN
    gone = web.look(ref_of(city, other))
    assert gone.presence is Presence.GONE and gone.answered_at is not None


def test_the_words_alone_on_its_own_page_say_gone(city, web: TikTokWeb, platforms) -> None:
    item = city.video()
    platforms.faults.add(_spoilt("words", _without_item))
    assert web.look(ref_of(city, item)).presence is Presence.GONE
