"""What an account asks of a night: measured where it can be, else assumed."""

from __future__ import annotations

from dataclasses import fields

from archiver.harvest_state import HarvestState
from archiver.plan import Cost
from archiver.plan_demand import SECTIONS, reckon, usual_for
from archiver.sections import AccountSection
from connectors.model import Section
from storage.catalogue.captures import CaptureRow
from storage.catalogue.volumes import Volume

ACCOUNT = AccountSection(platform="tiktok", handle="pemkot", id="7")
NOTHING = Volume(0, 0, 0)


def effort(day: int, *, requests: int = 10, new: int = 1, **more: object) -> CaptureRow:
    facts: dict[str, object] = {field.name: None for field in fields(CaptureRow)}
    facts |= {"outcome": "complete", "bytes": 4_000_000, "declared_posts": 50}
    facts |= {"started_at": f"2026-11-{day:02d}T13:00:00Z", "requests": requests, "new": new}
    return CaptureRow(**facts | more)


def test_an_account_never_read_is_assumed_and_its_past_unknown() -> None:
    found = reckon(ACCOUNT, NOTHING, [])
    assert found.nightly == usual_for(ACCOUNT).nightly
    assert found.past_posts is None
    assert not found.measured
    assert found.visitor == "tiktok/-"


def test_an_identity_changes_what_is_usual() -> None:
    stranger = AccountSection(platform="instagram", handle="pemkot", id="8")
    visitor = AccountSection(platform="instagram", handle="pemkot", id="8", identity="humas")
    assert usual_for(stranger).past_post.platform_requests > 1
    assert usual_for(visitor).past_post.platform_requests < 1
    assert reckon(visitor, NOTHING, []).visitor == "instagram/humas"


def test_own_captures_are_the_measure_but_not_the_first() -> None:
    first = effort(1, requests=900, new=50)
    found = reckon(ACCOUNT, Volume(53, 106, 53_000_000), [effort(d) for d in (4, 3, 2)] + [first])
    assert found.measured
    assert found.nightly == Cost(8, 2, 4_000_000)
    assert found.past_post == Cost(1 + 1 / 15, 2, 1_000_000)
    assert found.past_posts == 0


def test_what_is_declared_and_not_kept_is_the_past() -> None:
    newest = effort(2, outcome="partial", reason="harvest_under_way", declared_posts=5000)
    found = reckon(ACCOUNT, Volume(800, 1600, 800_000_000), [newest])
    assert found.past_posts == 4200
    assert not found.measured


def test_a_harvest_tells_what_is_left_and_what_a_post_costs() -> None:
    newest = effort(2, requests=300, new=100, outcome="partial", reason="harvest_under_way")
    state = HarvestState("c", 90, 400, None)
    found = reckon(ACCOUNT, Volume(100, 100, 1_000_000), [newest], state)
    assert found.past_posts == 310
    # 300 requests, less 100 media and what news asks, over 100 posts.
    assert found.past_post.platform_requests == (300 - 100 - 4) / 100


def test_sections_that_are_left_out_cost_nothing() -> None:
    visitor = AccountSection(platform="instagram", handle="pemkot", id="8", identity="humas")
    posts_only = visitor.model_copy(update={"capture": (Section.POSTS,)})
    whole, less = (usual_for(one).nightly.platform_requests for one in (visitor, posts_only))
    assert whole - less == sum(SECTIONS.values())


def test_failed_nights_measure_nothing() -> None:
    failed = [effort(d, outcome="failed", reason="rate_limited", requests=1) for d in range(2, 9)]
    assert not reckon(ACCOUNT, Volume(1, 1, 5), [*failed, effort(1)]).measured
