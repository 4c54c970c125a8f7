"""The demo: two nights of an archive, from an empty folder to playback.

It starts the pretend platforms, runs the real `jejak` program against them
and checks everything it says.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from textwrap import shorten

from demo.city import City, build_city, cookie_file
from demo.claims import (
    KINDS,
    Claims,
    Row,
    files_of,
    holds_secret,
    kinds_found,
    mixed_carousels,
    playbacks,
    post_ids,
    sha256_of,
)
from demo.program import REPOSITORY, CommandFailed, Program, near
from demo.real import RealAccounts, real_accounts
from demo.requestlog import Exchanged
from demo.server import Platforms
from demo.sites import pretend_platforms
from demo.words import SENTENCES, Words
from demo.world import Account, Item, World

IDENTITY = "arsip"
_MARKER = "dibuat-oleh-demo.txt"
_NOT_CAPTURED = 4


class FolderNotOurs(Exception):
    """The folder was not made by the demo."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything the demo works with."""

    folder: Path
    words: Words
    program: Program
    platforms: Platforms
    city: City
    real: RealAccounts
    claims: Claims

    @property
    def accounts(self) -> tuple[Account, ...]:
        """The accounts that are archived, in the order they are added."""
        return (*self.city.accounts, self.real.instagram, self.real.tiktok)

    def title(self, key: str) -> None:
        """Begin a part of the story."""
        text = self.words(key)
        print(f"\n── {text} " + "─" * max(0, 70 - len(text)))
        if f"{key}-said" in SENTENCES:
            print(self.words(f"{key}-said"), flush=True)


@dataclass(frozen=True, slots=True)
class Night:
    """What one run did: by the server's log and by jejak."""

    exchanges: tuple[Exchanged, ...]
    run: Row
    code: int

    @property
    def sent_bytes(self) -> int:
        """Bytes of the server's answers."""
        return sum(entry.sent_bytes for entry in self.exchanges)

    @property
    def files(self) -> set[str]:
        """Names of the media files that were fetched."""
        paths = (entry.request.path for entry in self.exchanges)
        return {path.removeprefix("/v/") for path in paths if path.startswith("/v/")}


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
    rows = _look(stage)
    _play(stage, rows)
    stage.title("verifying")
    verified = stage.program.run("verify", "--full", accept=(0, 3))
    stage.title("results")
    _check_posts(stage, rows)
    _check_second_night(stage, first, second, published)
    _check_secrets(stage)
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
    city = build_city(world, media)
    real = real_accounts(_real_data(), media)
    for account in (real.instagram, real.tiktok):
        world.add(account)
    program = Program(folder / "config.toml", words.language)
    with pretend_platforms(world, folder / "platform-tiruan") as platforms:
        yield Stage(folder, words, program, platforms, city, real, Claims(words))


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
    anonymous = (stage.city.disaster.native_id,)
    for account in stage.accounts:
        logged_in = account.platform == "instagram" and account.native_id not in anonymous
        identity = ("--identity", IDENTITY) if logged_in else ()
        stage.program.run("accounts", "add", account.platform, account.handle, "--yes", *identity)
    stage.program.run("accounts", "list")


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
    code = stage.program.run("capture", accept=(0, _NOT_CAPTURED))
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
    since = stage.city.world.now() - timedelta(days=9)
    stage.program.run("posts", "--since", since.date().isoformat())
    rows = stage.program.rows("posts")
    mixed = mixed_carousels(rows)
    if mixed:
        stage.program.run("show", str(mixed[0]["id"]))
    stage.program.run("runs")
    return rows


def _play(stage: Stage, rows: list[Row]) -> None:
    stage.title("playing")
    out = stage.folder / "diputar-kembali"
    out.mkdir()
    served = {
        f"{account.platform}:{item.code}": {sha256_of(part.path) for part in files_of(item)}
        for account in stage.accounts
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


# -- checking -----------------------------------------------------------------------


def _check_posts(stage: Stage, rows: list[Row]) -> None:
    claims = stage.claims
    on_show = post_ids(stage.accounts)
    claims.check({row["id"] for row in rows} == on_show, "claim-all-posts", count=len(on_show))
    found = kinds_found(rows)
    wanted = [
        f"{platform} {stage.words(f'kind-{kind}')}"
        for platform, kinds in KINDS.items()
        for kind in kinds
    ]
    holds = all(set(kinds) <= found[platform] for platform, kinds in KINDS.items())
    claims.check(holds, "claim-kinds", kinds=", ".join(wanted))
    claims.check(bool(mixed_carousels(rows)), "claim-mixed")
    media = [medium for row in rows for medium in row["media"]]
    whole = all(medium["sha256"] and medium.get("complete", True) for medium in media)
    claims.check(bool(media) and whole, "claim-whole", count=len(media))


def _check_second_night(
    stage: Stage, first: Night, second: Night, published: tuple[Item, ...]
) -> None:
    new_files = {part.name for item in published for part in files_of(item)}
    avatars = {account.avatar.name for account in stage.accounts if account.avatar}
    only_new = second.run["new"] == len(published) and second.run["edited"] == 0
    only_new = only_new and new_files <= second.files <= new_files | avatars
    stage.claims.check(only_new, "claim-only-new", count=len(published))
    stage.claims.check(
        len(second.exchanges) < len(first.exchanges),
        "claim-fewer",
        first=len(first.exchanges),
        second=len(second.exchanges),
    )


def _check_secrets(stage: Stage) -> None:
    log, cookies = stage.platforms.log, stage.city.visitor.cookies
    reached = log.carrying(*cookies.values(), host="*.cdninstagram.com")
    stage.claims.check(not reached, "claim-no-cookie")
    session = cookies["sessionid"].encode()
    archive = stage.folder / "archive"
    found = holds_secret(archive, [session, session.replace(b"%3A", b":")])
    # The session itself is kept for the next night, in the one file for it.
    leaked = [path for path in found if path.parent.name != "identities"]
    stage.claims.check(not leaked, "claim-no-secret")


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
