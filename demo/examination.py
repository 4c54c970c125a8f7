"""What the demo examines in the archive when two nights are over."""

from __future__ import annotations

from demo.citizens import HANDLES
from demo.claims import (
    KINDS,
    Row,
    captions_of,
    files_of,
    holds_secret,
    id_of,
    kinds_found,
    mixed_carousels,
    names_beyond_answers,
)
from demo.stage import NOT_CAPTURED, Night, Stage
from demo.world import Account, Item


def check_posts(stage: Stage, rows: list[Row], first: Night, shown: set[str]) -> None:
    """Everything that was on show is kept, whole, and every kind is there.

    Args:
        shown: Ids of what visitors could see in one of the nights.
    """
    claims = stage.claims
    claims.check({row["id"] for row in rows} == shown, "claim-all-posts", count=len(shown))
    found = kinds_found(rows)
    for platform, kinds in KINDS.items():
        counted = [f"{found[platform, kind]} {stage.words(f'kind-{kind}')}" for kind in kinds]
        holds = all(found[platform, kind] for kind in kinds)
        claims.check(holds, "claim-kinds", platform=platform, kinds=", ".join(counted))
    claims.check(bool(mixed_carousels(rows)), "claim-mixed")
    media = [medium for row in rows for medium in row["media"]]
    whole = all(medium["sha256"] and medium.get("complete", True) for medium in media)
    claims.check(bool(media) and whole, "claim-whole", count=len(media))
    _check_captions(stage, rows)
    _check_shared(stage, rows, first)
    _check_highlights(stage, rows)
    spoken = id_of("tiktok", stage.city.tiktok.items[0])
    texts = [m for row in rows if row["id"] == spoken for m in row["media"]]
    count = sum(medium["kind"] == "subtitle" for medium in texts)
    claims.check(count == 3, "claim-subtitles", count=count)


def _check_captions(stage: Stage, rows: list[Row]) -> None:
    written = captions_of(stage.city.world)
    invented = {account.native_id for account in stage.life.accounts}
    own = [row for row in rows if row["account"].partition(":")[2] in invented]
    told = [row for row in own if row["id"] in written]
    holds = all((row["caption"] or "") == written[row["id"]] for row in told)
    stage.claims.check(bool(told) and holds, "claim-captions", count=len(told))


def _check_shared(stage: Stage, rows: list[Row], first: Night) -> None:
    """A post of two accounts is found under both, and is one."""
    city, program = stage.city, stage.program
    owner, item = _post(stage, stage.life.shared)
    shared = id_of("instagram", item)
    both = [
        {row["id"] for row in program.rows("posts", "--account", f"instagram/{account.handle}")}
        for account in (city.instagram, city.disaster)
    ]
    (whole,) = program.rows("show", shared)
    authors = [author["handle"] for author in whole["versions"][-1]["authors"]]
    one = sum(row["id"] == shared for row in rows) == 1
    one = one and all(shared in ids for ids in both) and len(whole["versions"]) == 1
    one = one and authors == [owner.handle, city.instagram.handle]
    once = set(first.fetched(item)) == {1}
    stage.claims.check(one and once, "claim-shared")
    festival = stage.life.festival
    (row,) = program.rows("show", f"instagram:{stage.life.invited}")
    authors = [author["handle"] for author in row["versions"][-1]["authors"]]
    invited = authors == [festival.handle, city.instagram.handle]
    stage.claims.check(invited, "claim-invited", handle=festival.handle)


def _post(stage: Stage, code: str) -> tuple[Account, Item]:
    found = stage.city.world.item("instagram", code)
    assert found is not None
    return found


def _check_highlights(stage: Stage, rows: list[Row]) -> None:
    kinds = {row["id"]: row["kind"] for row in rows}
    collections, holds = [], True
    for account in (stage.city.instagram, stage.city.disaster):
        for collection in account.collections:
            collections.append(f"“{collection.title}”")
            kept = [kinds.get(f"instagram:story:{code}") for code in collection.codes]
            holds = holds and set(kept) == {"highlight"}
    stage.claims.check(holds, "claim-highlights", titles=", ".join(collections))


def check_comments(stage: Stage) -> None:
    """Comments are kept for the one account, and no citizen's name with them."""
    _, item = _post(stage, stage.life.shared)
    (row,) = stage.program.rows("show", id_of("instagram", item))
    kept = row["comments"]["kept"]
    leaked = names_beyond_answers(stage.folder / "archive", HANDLES)
    holds = kept == len(item.remarks) and not leaked
    stage.claims.check(holds, "claim-comments", count=kept)


def check_stranger(stage: Stage, stranger: Account, night: Night) -> None:
    """Who opened the name anew was refused, and nothing of theirs is kept."""
    numbers = (stranger.native_id, stage.life.village.native_id)
    own = {part.name for item in stranger.items for part in files_of(item)}
    ids = {id_of("instagram", item) for item in stranger.items}
    kept = {row["id"] for row in stage.program.rows("posts")}
    holds = all(number in night.told for number in numbers) and night.code == NOT_CAPTURED
    holds = holds and not night.files & own and not kept & ids
    stage.claims.check(holds, "claim-stranger")


def check_second_night(
    stage: Stage, first: Night, second: Night, run: Row, published: tuple[Item, ...]
) -> None:
    """The second night stored what is new and asked for less.

    Args:
        run: The second night, as ``jejak runs`` tells it.
    """
    new_files = {part.name for item in published for part in files_of(item)}
    avatars = {account.avatar.name for account in stage.accounts if account.avatar}
    only_new = run["new"] == len(published) and run["edited"] == 0
    only_new = only_new and new_files <= second.files <= new_files | avatars
    stage.claims.check(only_new, "claim-only-new", count=len(published))
    stage.claims.check(
        len(second.exchanges) < len(first.exchanges),
        "claim-fewer",
        first=len(first.exchanges),
        second=len(second.exchanges),
    )


def check_secrets(stage: Stage) -> None:
    """The session reached no media host and no file but its own."""
    log, cookies = stage.platforms.log, stage.city.visitor.cookies
    reached = log.carrying(*cookies.values(), host="*.cdninstagram.com")
    stage.claims.check(not reached, "claim-no-cookie")
    session = cookies["sessionid"].encode()
    archive = stage.folder / "archive"
    found = holds_secret(archive, [session, session.replace(b"%3A", b":")])
    # The session itself is kept for the next night, in the one file for it.
    leaked = [path for path in found if path.parent.name != "identities"]
    stage.claims.check(not leaked, "claim-no-secret")
