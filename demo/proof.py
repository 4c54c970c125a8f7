"""What the later nights claim about states, checked against what owners really did."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from demo.claims import members
from demo.deeds import EDIT, Subject
from demo.nights import OFFICE, clock_of
from demo.stage import NOT_CAPTURED, Night, Stage
from demo.world import Account

WORDS_OF_ABSENCE = {
    "instagram": b"Media not found or unavailable",
    "tiktok": b"item doesn't exist",
}
"""What the platforms themselves say of a post that is not there."""

_TEXT_BYTES = 1_000_000
_GZIP = b"\x1f\x8b"
_RECORD_ID = re.compile(rb"^WARC-Record-ID: <(urn:uuid:[^>]+)>", re.M | re.I)


def states(stage: Stage) -> dict[str, tuple[str, str | None]]:
    """State and reason of every post, by its id."""
    return {row["id"]: (row["state"], row["state_reason"]) for row in stage.program.rows("posts")}


Expected = tuple[Subject, str, str]
"""A post, its state, and the reason of that."""


def check_states(stage: Stage, *expected: Expected) -> None:
    """Posts are in these states, for these reasons."""
    found = states(stage)
    for post, state, reason in expected:
        holds = found[post.id] == (state, reason)
        stage.claims.check(holds, f"claim-{reason}".replace("_", "-"), title=post.title)


# -- what was changed -----------------------------------------------------------


def check_edit(stage: Stage, post: Subject) -> None:
    """The edit is a second version, and its words are told apart."""
    told = stage.program.told("show", post.id)
    (row,) = stage.program.rows("show", post.id)
    captions = [version["caption"] for version in row["versions"]]
    before, after = captions[0], captions[-1]
    holds = len(captions) == 2
    for old, new in EDIT:
        holds = holds and old in before and new in after and old not in after
    # The words that changed stand in the word diff, each by itself.
    for old, new in EDIT:
        gone, come = set(old.split()) - set(new.split()), set(new.split()) - set(old.split())
        holds = holds and all(word.strip(",.") in told for word in gone | come)
    stage.claims.check(holds, "claim-edited", title=post.title)


def check_swap(stage: Stage, post: Subject) -> None:
    """Another picture in a carousel is a second version; the first is kept."""
    (row,) = stage.program.rows("show", post.id)
    media = [
        [m["media_id"] for m in version["media"] if m["role"] == "content"]
        for version in row["versions"]
    ]
    holds = len(media) == 2 and media[0][:-1] == media[1][:-1] and media[0][-1] != media[1][-1]
    stage.claims.check(holds, "claim-swapped", title=post.title)


# -- what was withdrawn ------------------------------------------------------------


def check_withdrawal(stage: Stage, post: Subject, moment: datetime) -> None:
    """The window encloses the moment, and every record of the steps exists."""
    (row,) = stage.program.rows("show", post.id)
    (stone,) = row["tombstones"]
    after, by = (datetime.fromisoformat(stone[name]) for name in ("absent_after", "absent_by"))
    confirmed = datetime.fromisoformat(stone["confirmed_at"])
    holds = row["state"] == "deleted" and after < moment <= by < confirmed
    stage.claims.check(
        holds,
        "claim-window",
        title=post.title,
        after=_spoken(after),
        by=_spoken(by),
        moment=clock_of(moment),
    )
    steps = stone["steps"]
    cited = {record for step in steps for record in step["records"]}
    answers = answers_in(stage.folder / "archive", stage.city.world.now())
    said = WORDS_OF_ABSENCE[post.account.platform]
    visits = [step["records"] for step in steps if step["step"] == "visited"]
    holds = bool(cited) and cited <= set(answers) and len(visits) == 2
    holds = holds and all(any(said in answers[r] for r in records) for records in visits)
    stage.claims.check(holds, "claim-evidence", count=len(cited), said=said.decode())


def check_return(stage: Stage, post: Subject, gone_at: datetime, back_at: datetime) -> None:
    """A returned post keeps its withdrawal, its versions and its media."""
    (row,) = stage.program.rows("show", post.id)
    (stone,) = row["tombstones"]
    since = datetime.fromisoformat(row["state_since"])
    holds = row["state"] == "returned" and len(row["versions"]) == 1 and since > back_at
    holds = holds and datetime.fromisoformat(stone["absent_by"]) > gone_at
    holds = holds and datetime.fromisoformat(row["first_seen"]) < gone_at
    holds = holds and {m["sha256"] for m in row["media"]} <= post.served
    stage.claims.check(holds, "claim-returned", title=post.title)


# -- accounts and nights ---------------------------------------------------------------


def check_rename(stage: Stage, night: Night, account: Account, old: str) -> None:
    """The account goes on under its number; the report told which line to change."""
    key = f"{account.platform}:{account.native_id}"
    posts = stage.program.rows("posts", "--account", f"{account.platform}/{old}")
    kept = {row["account"] for row in posts} == {key}
    seen = any(row["last_seen"] > row["first_seen"] for row in posts)
    line = f'handle = "{old}" → handle = "{account.handle}"'
    holds = night.code == 0 and kept and seen and line in night.told
    stage.claims.check(holds, "claim-renamed", new=account.handle, id=account.native_id)


def check_blocked(
    stage: Stage, night: Night, post: Subject, before: dict[str, tuple[str, str | None]]
) -> None:
    """On a night of a block nothing is marked, and the report says so."""
    after = states(stage)
    changed = {i for i in before if after[i][0] != before[i][0]}
    holds = night.code == NOT_CAPTURED and "rate_limited" in night.told
    holds = holds and not changed and after[post.id] == ("unavailable", "blocked")
    stage.claims.check(holds, "claim-blocked", title=post.title)


# -- the records themselves --------------------------------------------------------------


def answers_in(archive: Path, until: datetime) -> dict[str, bytes]:
    """Every record of an archive by its id, read without jejak.

    Args:
        until: The moment of asking; another one reads the files anew.
    """
    return _answers(archive, until.astimezone(UTC).strftime("%Y-%m-%d"))


@cache
def _answers(archive: Path, day: str) -> dict[str, bytes]:
    return dict(_records(sorted(archive.glob("segments/*/*.warc.gz"))))


def _records(files: Iterable[Path]) -> Iterable[tuple[str, bytes]]:
    for file in files:
        for member in members(file.read_bytes()):
            found = _RECORD_ID.search(member[:4096])
            if found:
                yield found[1].decode(), _opened(member)


def _opened(record: bytes) -> bytes:
    """A record with its body as text, if a platform had compressed it; films are cut."""
    if len(record) > _TEXT_BYTES:
        return record[:4096]
    head, _, http = record.partition(b"\r\n\r\n")
    lines, _, body = http.partition(b"\r\n\r\n")
    if body.startswith(_GZIP):
        body = next(members(body))
    return head + lines + body


def _spoken(moment: datetime) -> str:
    """For example ``2026-11-21 02.10``."""
    return f"{moment.astimezone(OFFICE):%Y-%m-%d} {clock_of(moment)}"
