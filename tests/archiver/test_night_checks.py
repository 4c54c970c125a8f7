"""What doctor advises about nights."""

from __future__ import annotations

from collections.abc import Callable

from archiver.health import Group, Health
from archiver.night_checks import canary_checks, sweep_checks
from archiver.run import run_captures
from archiver.world import World

Build = Callable[..., World]

CONFIG = """
[archive]
min_free_gb = 0
[network]
pause_s = 0
[schedule]
resee_within_days = 1
sweep_requests_per_night = {given}
[[accounts]]
platform = "instagram"
handle = "pemkot"
id = "1001"
[[accounts]]
platform = "tiktok"
handle = "pemkot"
id = "2"
active = false
"""
CANARY = '[[canaries]]\nplatform = "instagram"\nhandle = "contoh"\n'


def test_a_platform_in_use_wants_a_canary(build_world: Build) -> None:
    (without,) = canary_checks(build_world(CONFIG.format(given=100)).config)
    assert (without.name, without.health, without.group) == (
        "canary instagram",
        Health.GOOD,
        Group.NETWORK,
    ), "advice about what is asked, and no failure; no account of the other one is read"
    assert "[[canaries]]" in without.hint
    (named,) = canary_checks(build_world(CONFIG.format(given=100) + CANARY).config)
    assert (named.health, named.hint) == (Health.GOOD, "")


def test_a_sweep_that_is_too_short_is_told_with_what_it_needs(make_world: Build, platform) -> None:
    platform.posts.clear()
    for number in range(25):
        platform.publish(f"A{number:02d}", "lama")
    world = make_world(CONFIG.format(given=2))
    assert list(sweep_checks(world.config)) == [], "nothing is kept yet"
    run_captures(world, world.config.accounts[:1])
    (short,) = sweep_checks(world.config)
    assert (short.name, short.group) == ("sweep instagram/-", Group.IDENTITIES)
    assert (short.values["posts"], short.values["wanted"], short.values["given"]) == (25, 3, 2)
    assert short.hint and short.health is Health.GOOD
    enough = make_world(CONFIG.format(given=3))
    assert list(sweep_checks(enough.config)) == []
