"""Many accounts looked up: a refusal ends a visitor's questions, a new handle is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from archiver.account_check import check_accounts
from archiver.config import load
from archiver.world import World
from connectors.errors import NetworkFailure, RateLimited, SessionExpired

MANY = """
[archive]
min_free_gb = 0
[network]
pause_s = 0
[[accounts]]
platform = "instagram"
handle = "satu" # catatan
id = "1001"
[[accounts]]
platform = "instagram"
handle = "dua"
id = "1002"
[[accounts]]
platform = "instagram"
handle = "tiga"
id = "1003"
"""


def results(world: World) -> list[tuple[str, str | None]]:
    checked = check_accounts(world, world.config.accounts, agree=lambda found: True)
    return [(one.result, one.code) for one in checked]


def test_a_refused_visitor_asks_no_more(make_world: Callable[..., World], platform: Any) -> None:
    for error in (RateLimited("slow down"), SessionExpired("who?")):
        platform.raises["profile"] = error
        platform.asked.clear()
        found = results(make_world(MANY))
        assert found == [("blocked", error.code), *[("not asked", "identity_refused")] * 2]
        assert platform.asked == ["profile"]


def test_a_bad_line_stops_nobody(make_world: Callable[..., World], platform: Any) -> None:
    platform.raises["profile"] = NetworkFailure("reset")
    assert results(make_world(MANY)) == [("failed", "network_failure")] * 3


def test_a_wish_to_stop_is_followed(make_world: Callable[..., World], platform: Any) -> None:
    world = make_world(MANY)
    platform.handle = "satu"
    platform.during = lambda what: world.stop.set()
    assert results(world) == [("same", None), *[("not asked", "interrupted")] * 2]


def test_the_id_decides(make_world: Callable[..., World], platform: Any) -> None:
    world = make_world(MANY)
    platform.handle = "satu_baru"
    assert [result for result, _code in results(world)] == ["renamed", *["handle taken"] * 2]
    config = load(world.config.file)
    assert [account.handle for account in config.accounts] == ["satu_baru", "dua", "tiga"]
    assert "# catatan" in world.config.file.read_text()


def test_two_handles_of_one_account_are_pinned_once(
    make_world: Callable[..., World], platform: Any
) -> None:
    world = make_world(MANY.replace("id = ", "# id = "))
    assert [result for result, _code in results(world)] == ["found", "known", "known"]
    assert [account.id for account in load(world.config.file).accounts] == ["1001", None, None]
