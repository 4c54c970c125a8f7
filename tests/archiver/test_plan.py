"""Planning nights: quotas, hours, disks; pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from archiver.plan import Cost, Demand, Terms, plan
from archiver.quota import RESERVE

FIRST = date(2026, 12, 1)
TERMS = Terms(
    night_s=6 * 3600, pause_s=1.7, bytes_per_s=1e6, quota=100, free_bytes=1e12, first=FIRST
)
NEWS = Cost(4, 3, 2e6)
POST = Cost(0.5, 1, 1e6)


def demand(name: str, posts: int | None, visitor: str = "instagram/humas") -> Demand:
    return Demand(f"instagram/{name}", visitor, NEWS, posts, POST, measured=False)


def test_an_account_without_a_past_costs_its_news_only() -> None:
    found = plan([demand("a", 0)], TERMS)
    assert found.accounts[0].nights == 0
    assert found.accounts[0].done_on is None
    (visitor,) = found.visitors
    assert visitor.news == NEWS
    assert visitor.past == Cost()
    assert visitor.fits
    assert visitor.hours == (7 * 1.7 + 2) / 3600


def test_accounts_of_one_visitor_share_its_quota_in_order() -> None:
    found = plan([demand("a", 300), demand("b", 300)], TERMS)
    # The news of both takes 8 of 100 requests: 184 posts a night. a takes nights
    # 1 and most of 2, b the rest of 2, all of 3 and some of 4.
    assert [account.nights for account in found.accounts] == [2, 4]
    assert found.accounts[1].done_on == date(2026, 12, 4)
    assert found.visitors[0].past == POST * 184


def test_news_counts_and_some_requests_stay_for_accounts_to_come() -> None:
    dear = replace(demand("b", 50), nightly=Cost(60))
    found = plan([demand("a", 500), dear], TERMS)
    # a leaves the four that are kept for b; b reads its news beyond the quota.
    assert found.visitors[0].past == POST * (2 * (100 - 4 - RESERVE))
    assert found.accounts[1].nights is not None
    crowded = plan([replace(demand("a", 5), nightly=Cost(100))], TERMS)
    assert crowded.accounts[0].nights is None


def test_another_visitor_has_a_quota_of_its_own() -> None:
    found = plan([demand("a", 190), demand("b", 190, "instagram/kedua")], TERMS)
    assert [account.nights for account in found.accounts] == [1, 1]
    assert len(found.visitors) == 2


def test_a_night_that_is_too_short_is_named() -> None:
    short = Terms(10, 1.7, 1e6, 100, 1e12, FIRST)
    found = plan([demand("a", 5)], short)
    assert found.too_long == ("instagram/humas",)
    assert found.accounts[0].nights is None


def test_a_past_of_unknown_length_has_no_end() -> None:
    found = plan([demand("a", None)], TERMS)
    assert found.accounts[0].nights is None
    assert found.visitors[0].past == Cost()


def test_the_day_on_which_the_disk_fills() -> None:
    room = Terms(6 * 3600, 1.7, 1e6, 100, 250e6, FIRST)
    found = plan([demand("a", 190)], room)
    # The first night brings 2 MB of news and 190 MB of older posts, later ones 2 MB.
    assert found.first_night_bytes == 192e6
    assert found.later_night_bytes == 2e6
    assert found.disk_full_on == date(2026, 12, 31)
    assert plan([demand("a", 0)], TERMS).disk_full_on is None


@given(
    st.lists(st.integers(min_value=0, max_value=5000), min_size=1, max_size=6),
    st.integers(min_value=30, max_value=400),
)
def test_every_past_is_read_once_and_never_beyond_the_quota(posts: list[int], quota: int) -> None:
    terms = Terms(1e9, 1.0, 1e9, quota, 1e18, FIRST)
    found = plan([demand(str(n), count) for n, count in enumerate(posts)], terms)
    assert found.visitors[0].past.platform_requests <= quota
    nights = [account.nights for account in found.accounts]
    assert all(n is not None for n in nights)
    least = -(-sum(posts) * POST.platform_requests // quota)
    assert max(n or 0 for n in nights) >= least
    order = [n for n in nights if n]
    assert order == sorted(order)
