"""The demo: six nights of an archive, from an empty folder to proofs of withdrawal.

It starts the pretend platforms, runs the real `jejak` program against them
and checks everything it says. Each act has its own file in `demo.acts`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from demo.acts.blocking import block
from demo.acts.changing import change
from demo.acts.collecting import collect
from demo.acts.ending import end
from demo.acts.opening import FolderNotOurs, prepare, set_up
from demo.acts.returning import give_back
from demo.acts.stranger import lose_name
from demo.acts.withdrawing import withdraw
from demo.city import build_city
from demo.city_life import live_in
from demo.claims import Claims
from demo.deeds import drama_of
from demo.nights import nights
from demo.program import REPOSITORY, CommandFailed, Program, near
from demo.real import real_accounts
from demo.sites import pretend_platforms
from demo.stage import Stage
from demo.words import Words
from demo.world import World

NIGHTS = 6


def tell_story(folder: Path, words: Words) -> int:
    """Run the demo.

    Args:
        folder: Where the archive is made; made anew if an earlier demo made it.

    Returns:
        0 when everything claimed is so, 1 when not.
    """
    print(words("opening"))
    try:
        prepare(folder)
        print(words("drawing"), flush=True)
        with _stage(folder, words) as stage:
            return _acts(stage)
    except FolderNotOurs:
        print(words("not-ours", folder=near(folder)))
    except CommandFailed as failed:
        print("\n" + words("command-failed", command=failed.command, code=failed.code))
    return 1


def _acts(stage: Stage) -> int:
    set_up(stage)
    collect(stage)
    drama = drama_of(stage)
    changed = change(stage, drama)
    withdraw(stage, drama, changed)
    give_back(stage, drama, changed)
    block(stage, drama)
    lose_name(stage)
    return end(stage)


@contextmanager
def _stage(folder: Path, words: Words) -> Iterator[Stage]:
    media = REPOSITORY / "build" / "demo-media"
    with nights(NIGHTS) as calendar:
        world = World()
        life = live_in(build_city(world, media), media)
        real = real_accounts(_real_data(), media)
        for account in (real.instagram, real.tiktok):
            world.add(account)
        program = Program(folder / "config.toml", words.language)
        with pretend_platforms(world, folder / "platform-tiruan") as platforms:
            claims = Claims(words)
            yield Stage(folder, words, program, platforms, life, real, claims, calendar)


def _real_data() -> Path | None:
    default = REPOSITORY.parent / "shared" / "real-data"
    folder = Path(os.environ.get("JEJAK_REAL_DATA", default))
    return folder if folder.is_dir() else None
