"""The pretend platforms as a practice ground: they run while a person tries jejak.

What the person needs lies in one folder: the lines for ``[network]``, the
session of a browser, a list of accounts. Each line on standard input lets a
day pass; the end of the input, or Ctrl-C, closes the platforms.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from demo.acts.opening import prepare, write_list
from demo.city import City, build_city, cookie_file
from demo.city_life import LivelyCity, live_in
from demo.program import REPOSITORY, near
from demo.server import Platforms
from demo.sites import pretend_platforms
from demo.stage import IDENTITY
from demo.words import Words
from demo.world import World

NETWORK_FILE, COOKIE_FILE, ACCOUNT_FILE = "jaringan.toml", "cookies.txt", "akun.csv"


def hold_practice(folder: Path, words: Words, days: Iterable[str] | None = None) -> int:
    """Run the platforms until the days are over.

    Args:
        folder: Where the person's papers are put; made anew each time.
        days: One line for each day that passes; standard input when absent.
    """
    prepare(folder)
    print(words("drawing"), flush=True)
    world = World()
    media = REPOSITORY / "build" / "demo-media"
    life = live_in(build_city(world, media), media)
    with pretend_platforms(world, folder / "platform-tiruan") as platforms:
        write_papers(folder, life, platforms)
        print(words("practice-open", folder=near(folder)), flush=True)
        for number, _line in enumerate(sys.stdin if days is None else days):
            print(words(pass_day(life.city, number)), flush=True)
    print(words("practice-closed"), flush=True)
    return 0


def pass_day(city: City, number: int) -> str:
    """Let a day pass; returns which sentence tells of it.

    Args:
        number: 0 for the first day that passes.
    """
    if number > 0:
        return "practice-nothing"
    city.publish_upcoming()
    return "practice-day"


def write_papers(folder: Path, life: LivelyCity, platforms: Platforms) -> None:
    """What the person needs: network, session, accounts."""
    ca_file = platforms.ca_file.absolute().as_posix()
    (folder / NETWORK_FILE).write_text(
        f'proxy = "{platforms.proxy_url}"\nca_file = "{ca_file}"\n', encoding="utf-8"
    )
    cookies = folder / COOKIE_FILE
    cookies.touch(mode=0o600)
    until = life.city.world.now() + timedelta(days=90)
    cookies.write_text(cookie_file(life.city.visitor, until), encoding="utf-8")
    listed = [(one, IDENTITY if one.platform == "instagram" else "") for one in life.accounts]
    write_list(folder / ACCOUNT_FILE, listed)
