"""The demo: two nights of an archive, from an empty folder to playback.

It starts the pretend platforms, runs the real `jejak` program against them
and checks everything it says.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from textwrap import shorten

from demo.city import build_city, cookie_file
from demo.city_life import live_in
from demo.claims import Claims, Row, files_of, id_of, playbacks, sha256_of
from demo.examination import (
    check_comments,
    check_posts,
    check_second_night,
    check_secrets,
    check_stranger,
)
from demo.program import REPOSITORY, CommandFailed, Program, near
from demo.real import real_accounts
from demo.sites import pretend_platforms
from demo.stage import IDENTITY, NOT_CAPTURED, Night, Stage
from demo.words import Words
from demo.world import Account, Item, World

_MARKER = "dibuat-oleh-demo.txt"


class FolderNotOurs(Exception):
    """The folder was not made by the demo."""


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
            return _two_nights(stage)
    except FolderNotOurs:
        print(words("not-ours", folder=near(folder)))
    except CommandFailed as failed:
        print("\n" + words("command-failed", command=failed.command, code=failed.code))
    return 1


def _two_nights(stage: Stage) -> int:
    _set_up(stage)
    first = _night(stage, "night-one")
    stage.claims.check(first.code == 0, "claim-captured", night=1)
    published = _publish(stage)
    second = _night(stage, "night-two")
    stage.claims.check(second.code == 0, "claim-captured", night=2)
    _figures(stage, first, second)
    stranger, told, third = _lose_name(stage)
    rows = _look(stage)
    _play(stage, rows)
    stage.title("verifying")
    verified = stage.program.run("verify", "--full", accept=(0, 3))
    stage.title("results")
    check_posts(stage, rows, first)
    check_comments(stage)
    check_second_night(stage, first, second, published)
    check_stranger(stage, stranger, told, third)
    check_secrets(stage)
    stage.claims.check(verified == 0, "claim-verified")
    return _end(stage)


# -- setting up -----------------------------------------------------------------


def prepare(folder: Path) -> None:
    """Make the demo's folder afresh.

    Raises:
        FolderNotOurs: Something else lies there.
    """
    if folder.exists():
        if any(folder.iterdir()) and not (folder / _MARKER).is_file():
            raise FolderNotOurs(str(folder))
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / _MARKER).write_text(
        "Folder ini dibuat oleh demo dan dibuat ulang setiap kali.\n"
        "This folder was made by the demo and is made anew each time.\n",
        encoding="utf-8",
    )


@contextmanager
def _stage(folder: Path, words: Words) -> Iterator[Stage]:
    media = REPOSITORY / "build" / "demo-media"
    world = World()
    life = live_in(build_city(world, media), media)
    real = real_accounts(_real_data(), media)
    for account in (real.instagram, real.tiktok):
        world.add(account)
    program = Program(folder / "config.toml", words.language)
    with pretend_platforms(world, folder / "platform-tiruan") as platforms:
        yield Stage(folder, words, program, platforms, life, real, Claims(words))


def _real_data() -> Path | None:
    default = REPOSITORY.parent / "shared" / "real-data"
    folder = Path(os.environ.get("JEJAK_REAL_DATA", default))
    return folder if folder.is_dir() else None


def _set_up(stage: Stage) -> None:
    stage.title("setting-up")
    sentence = stage.real.sentence_id if stage.words.language == "id" else stage.real.sentence_en
    print(sentence)
    stage.program.run("init", str(stage.folder))
    stage.program.config.write_text(demo_config(stage), encoding="utf-8")
    cookies = stage.folder / "cookies.txt"
    until = stage.city.world.now() + timedelta(days=90)
    cookies.touch(mode=0o600)
    cookies.write_text(cookie_file(stage.city.visitor, until), encoding="utf-8")
    stage.program.run("login", "instagram", IDENTITY, "--cookies", str(cookies), "--yes")
    # As everybody should: the exported session is not left lying about.
    cookies.unlink()
    for account in stage.accounts:
        identity = ("--identity", IDENTITY) if stage.logged_in(account) else ()
        stage.program.run("accounts", "add", account.platform, account.handle, "--yes", *identity)
    stage.program.config.write_text(
        with_comments(stage.program.config.read_text("utf-8"), stage.city.disaster.handle), "utf-8"
    )
    stage.title("planning")
    stage.program.run("plan")


def with_comments(config: str, handle: str) -> str:
    """A configuration in which the comments under one account's posts are kept.

    Raises:
        ValueError: The account is not in it.
    """
    line = f'handle = "{handle}"\n'
    if config.count(line) != 1:
        raise ValueError(f"the configuration has no single account {handle}")
    return config.replace(line, f"{line}comments = true\n")


def demo_config(stage: Stage) -> str:
    """The configuration of the demo's archive."""
    return f"""\
# Konfigurasi demo / configuration of the demo
language = "{stage.words.language}"

[archive]
path = "archive"
timezone = "Asia/Jakarta"
min_free_gb = 0.2

# Platform tiruan dicapai seperti internet dicapai dari kantor: lewat proksi.
# The pretend platforms are reached as offices reach the internet: by a proxy.
[network]
proxy = "{stage.platforms.proxy_url}"
ca_file = "{stage.platforms.ca_file.relative_to(stage.folder).as_posix()}"
contact = "arsip@tirtakencana.example"
pause_s = 0

[[identities]]
name = "{IDENTITY}"
platform = "instagram"
"""


# -- nights and days --------------------------------------------------------------


def _night(stage: Stage, key: str) -> Night:
    stage.title(key)
    mark = stage.platforms.log.mark()
    code = stage.program.run("capture", accept=(0, NOT_CAPTURED))
    stage.platforms.log.settle()
    exchanges = tuple(stage.platforms.log.entries(since=mark))
    return Night(exchanges, stage.program.rows("runs", "--limit", "1")[0], code)


def _publish(stage: Stage) -> tuple[Item, ...]:
    stage.title("day")
    # Both platforms date posts to the second; so the first night is over by then.
    published = stage.city.publish_upcoming()
    for item in published:
        owner = next(account for account in stage.accounts if item in account.items)
        headline = shorten(item.caption.partition("\n")[0], 72, placeholder=" …")
        kind = stage.words(f"kind-{item.kind}")
        print(stage.words("published", handle=owner.handle, kind=kind, caption=headline))
    return published


def _lose_name(stage: Stage) -> tuple[Account, str, Night]:
    """A village office's name is opened anew by a stranger."""
    stage.title("taken")
    village, log = stage.life.village, stage.platforms.log
    name = village.handle
    stage.program.run("accounts", "add", "instagram", name, "--yes", "--identity", IDENTITY)
    stranger = stage.life.lose_name()
    mark = log.mark()
    told = stage.program.told("capture", f"instagram/{name}", accept=(NOT_CAPTURED,))
    log.settle()
    run = stage.program.rows("runs", "--limit", "1")[0]
    return stranger, told, Night(tuple(log.entries(since=mark)), run, NOT_CAPTURED)


def _figures(stage: Stage, first: Night, second: Night) -> None:
    stage.title("figures")
    print(stage.words("figures-head"))
    for key, night in (("night-one", first), ("night-two", second)):
        print(
            f"{stage.words(key):<16}{len(night.exchanges):>19}{night.run['requests']:>20}"
            f"{stage.words.figure(night.sent_bytes / 1e6, 1):>14}"
            f"{stage.words.figure(night.run['bytes'] / 1e6, 1):>12}{night.run['new']:>6}"
        )
    for number, night in enumerate((first, second), 1):
        stage.claims.check(
            len(night.exchanges) == night.run["requests"],
            "claim-counted",
            night=number,
            count=len(night.exchanges),
        )


def _look(stage: Stage) -> list[Row]:
    stage.title("looking")
    since = stage.city.world.now() - timedelta(days=3)
    stage.program.run("posts", "--since", since.date().isoformat())
    rows = stage.program.rows("posts")
    stage.program.run("show", f"instagram:{stage.life.shared}", "--comments")
    stage.program.run("runs")
    return rows


def _play(stage: Stage, rows: list[Row]) -> None:
    stage.title("playing")
    out = stage.folder / "diputar-kembali"
    out.mkdir()
    served = {
        id_of(account.platform, item): {sha256_of(part.path) for part in files_of(item)}
        for account in stage.city.world.accounts.values()
        for item in account.items
    }
    by_id = {row["id"]: row for row in rows}
    for playback in playbacks(rows):
        medium = by_id[playback.post]["media"][playback.number - 1]
        ending = str(medium["mime"] or "application/octet-stream").rpartition("/")[2]
        ending = {"jpeg": "jpg"}.get(ending, ending)
        file = out / f"{playback.post.replace(':', '-')}-{playback.number}.{ending}"
        stage.program.run("show", playback.post, "--media", str(playback.number), "-o", str(file))
        digest = sha256_of(file)
        stage.claims.check(
            digest in served[playback.post] and digest == medium["sha256"],
            "claim-played",
            post=playback.post,
            number=playback.number,
            sha256=digest[:19] + "…",
        )


def _end(stage: Stage) -> int:
    claims, words = stage.claims, stage.words
    print()
    if claims.broken:
        print(words("not-done", count=len(claims.broken)))
    else:
        print(words("done", count=claims.held))
    print(words("look-here", folder=near(stage.folder)))
    for command in ("posts --search banjir", "runs", "verify"):
        print(f"  {stage.program.spoken(command)}")
    return 1 if claims.broken else 0
