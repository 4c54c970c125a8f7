"""The second act: two nights, and what the archive holds then."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from textwrap import shorten

from demo.claims import Row, files_of, id_of, on_show, playbacks, sha256_of
from demo.examination import check_comments, check_posts, check_second_night
from demo.program import CommandFailed
from demo.stage import NOT_CAPTURED, Night, Stage
from demo.world import Item


def collect(stage: Stage) -> None:
    """Two nights with a day between them; everything is looked at and played."""
    first = fall(stage, 1, "night-one")
    shown = shown_now(stage)
    check_captured(stage, first)
    published = _publish(stage)
    second = fall(stage, 2, "night-two")
    shown |= shown_now(stage)
    check_captured(stage, second)
    runs = stage.program.rows("runs", "--limit", "2")[::-1]
    _figures(stage, zip((first, second), runs, strict=True))
    rows = _look(stage)
    _play(stage, rows)
    stage.title("results")
    check_posts(stage, rows, first, shown)
    check_comments(stage)
    check_second_night(stage, first, second, runs[1], published)


def fall(stage: Stage, number: int, key: str) -> Night:
    """Let a night fall and jejak capture all accounts.

    Args:
        key: Of its title.
    """
    moment = stage.nights.fall(number)
    stage.title(key)
    print(stage.words("at-night", date=moment.strftime("%Y-%m-%d"), number=number))
    return captured(stage, number)


def captured(stage: Stage, number: int, *accounts: str) -> Night:
    """Let jejak capture now.

    Args:
        number: Of the night, for people.
        accounts: ``platform/handle`` of those that are captured; all if none.
    """
    mark = stage.platforms.log.mark()
    told, code = stage.program.heard("capture", *accounts)
    if code not in (0, 3, NOT_CAPTURED):
        raise CommandFailed("jejak capture", code)
    stage.platforms.log.settle()
    exchanges = tuple(stage.platforms.log.entries(since=mark))
    return Night(number, exchanges, code, told)


def check_captured(stage: Stage, night: Night) -> None:
    """Every account was captured completely."""
    stage.claims.check(night.code == 0, "claim-captured", night=night.number)


def shown_now(stage: Stage) -> set[str]:
    """Ids of everything that the archive's visitors can see now."""
    return {
        id_of(account.platform, item)
        for account in stage.accounts
        for item in on_show(stage.city.world, account, logged_in=stage.logged_in(account))
    }


def _publish(stage: Stage) -> tuple[Item, ...]:
    stage.nights.go_to(1, 14, 5)
    stage.title("day")
    published = stage.city.publish_upcoming()
    for item in published:
        owner = next(account for account in stage.accounts if item in account.items)
        headline = shorten(item.caption.partition("\n")[0], 72, placeholder=" …")
        kind = stage.words(f"kind-{item.kind}")
        print(stage.words("published", handle=owner.handle, kind=kind, caption=headline))
    return published


def _figures(stage: Stage, nights: Iterable[tuple[Night, Row]]) -> None:
    """What each night cost, by the server's count and by jejak's."""
    stage.title("figures")
    print(stage.words("figures-head"))
    counted = list(nights)
    for night, run in counted:
        key = {1: "night-one", 2: "night-two"}[night.number]
        print(
            f"{stage.words(key):<16}{len(night.exchanges):>19}{run['requests']:>20}"
            f"{stage.words.figure(night.sent_bytes / 1e6, 1):>14}"
            f"{stage.words.figure(run['bytes'] / 1e6, 1):>12}{run['new']:>6}"
        )
    for night, run in counted:
        count = len(night.exchanges)
        holds = count == run["requests"]
        stage.claims.check(holds, "claim-counted", night=night.number, count=count)


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
    served = {
        id_of(account.platform, item): {sha256_of(part.path) for part in files_of(item)}
        for account in stage.city.world.accounts.values()
        for item in account.items
    }
    by_id = {row["id"]: row for row in rows}
    for playback in playbacks(rows):
        played(stage, by_id[playback.post], playback.number, served[playback.post])


def played(stage: Stage, row: Row, number: int, served: set[str]) -> None:
    """Take one media item out of the archive and compare it with the original.

    Args:
        row: Its post, as ``jejak posts`` tells it.
        number: From 1.
        served: Digests of the files that the platform showed as that post.
    """
    medium = row["media"][number - 1]
    ending = str(medium["mime"] or "application/octet-stream").rpartition("/")[2]
    ending = {"jpeg": "jpg"}.get(ending, ending)
    out = stage.folder / "diputar-kembali"
    out.mkdir(exist_ok=True)
    file = out / f"{row['id'].replace(':', '-')}-{number}.{ending}"
    stage.program.run("show", row["id"], "--media", str(number), "-o", str(file))
    digest = sha256_of(file)
    stage.claims.check(
        digest in served and digest == medium["sha256"],
        "claim-played",
        post=row["id"],
        number=number,
        sha256=digest[:19] + "…",
    )
