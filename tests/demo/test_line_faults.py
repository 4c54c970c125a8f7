"""Troubles of the proxy, of the Date header and of small pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
import requests

from demo import faults
from demo.city import build_city
from demo.http import Response
from demo.server import Platforms, dated
from demo.sites import pretend_platforms
from demo.world import World

THEN = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
PAGE = "https://www.tiktok.com/@{}"
LISTING = "https://www.tiktok.com/api/creator/item_list/"


@pytest.fixture
def past(demo_media: Path, tmp_path: Path) -> Iterator[Platforms]:
    """Platforms of another time, whose pages are small."""
    world = World(lambda: THEN)
    build_city(world, demo_media)
    with pretend_platforms(world, tmp_path / "past", page_size=2, dated_by_world=True) as started:
        yield started


@pytest.fixture
def client(past: Platforms) -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        session.proxies = {"https": past.proxy_url}
        session.verify = str(past.ca_file)
        yield session


def test_the_date_is_the_worlds(past: Platforms, client: requests.Session) -> None:
    answer = client.get("https://www.tiktok.com/")
    assert parsedate_to_datetime(answer.headers["Date"]) == THEN


def test_an_answer_may_have_no_date(past: Platforms, client: requests.Session) -> None:
    past.faults.add(faults.undated())
    assert "Date" not in client.get("https://www.tiktok.com/").headers
    assert "Date" in client.get("https://www.tiktok.com/").headers


def test_an_answer_may_be_of_another_day() -> None:
    answer = dated(Response(200, [("Date", "x"), ("A", "b")]), THEN - timedelta(days=1))
    assert answer.headers == [("A", "b"), ("Date", "Sun, 05 May 2024 07:08:09 GMT")]


@pytest.mark.parametrize("trouble", [faults.no_name, faults.connection_refused])
def test_the_proxy_opens_no_tunnel_to_some_hosts(
    past: Platforms, client: requests.Session, trouble: object
) -> None:
    assert callable(trouble)
    planned = past.faults.add(trouble("*.tiktok.com"))
    with pytest.raises(requests.ConnectionError):
        client.get("https://www.tiktok.com/")
    assert client.get("https://www.instagram.com/").status_code == 200
    assert past.faults.fired(planned) == 1
    assert client.get("https://www.tiktok.com/").status_code == 200


def test_pages_can_be_small(past: Platforms, client: requests.Session) -> None:
    account = next(a for a in past.world.accounts.values() if a.platform == "tiktok")
    now_ms = int(datetime.now(UTC).timestamp() * 1000)
    query: dict[str, str | int] = {"secUid": account.sec_uid, "cursor": now_ms, "count": 15}
    listed = client.get(LISTING, params=query).json()
    others = [item for item in account.public() if not item.pinned]
    pinned = len(account.public()) - len(others)
    assert len(listed["itemList"]) == pinned + max(1, 2 - pinned)
    assert listed["hasMorePrevious"] is True
