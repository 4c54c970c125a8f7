"""How posts stand, as people and programs are told it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine

from archiver.books import Books, open_books
from archiver.config import load
from archiver.documents import time_text
from demo.city import City
from demo.server import Platforms
from demo.world import Account

Run = Callable[..., Any]


@pytest.fixture
def online(office: Path, platforms: Platforms) -> Path:
    """The office, with the pretend platforms for an internet."""
    file = office / "config.toml"
    text = file.read_text("utf-8").replace("http://127.0.0.1:9", platforms.proxy_url)
    text = text.replace("[network]\n", f'[network]\nca_file = "{platforms.ca_file}"\n')
    file.write_text(text, "utf-8")
    return office


@pytest.fixture
def kept(jejak: Run, online: Path, city: City) -> Account:
    """A small account after two nights; its first post was edited on the second."""
    accounts = [a for a in city.world.accounts.values() if a.platform == "tiktok"]
    account = min(accounts, key=lambda one: len(one.items))
    name = f"tiktok/{account.handle}"
    assert jejak("accounts", "add", "tiktok", account.handle, "--yes").code == 0
    assert jejak("capture", name).code == 0
    first = account.public()[0]
    city.world.edit(account, first.code, caption="Ralat: " + first.caption)
    assert jejak("capture", name).code == 0
    return account


@pytest.fixture
def books(kept: Account, online: Path) -> Iterator[Books]:
    with open_books(load(online / "config.toml"), lambda: datetime.now(UTC)) as opened:
        yield opened


def withdraw(books: Books, post: dict[str, Any]) -> int:
    """What a program writes down when two nights have proved a withdrawal."""
    run = str(uuid4())
    books.note("run started", {"run": run})
    seen = datetime.fromisoformat(post["last_seen"])
    days = [time_text(seen + timedelta(days=n)) for n in (1, 2)]
    times = {"absent_after": post["last_seen"], "absent_by": days[0], "confirmed_at": days[1]}
    steps = [
        {"step": "visited", "at": day, "capture": "c", "records": ["<urn:uuid:1>"]} for day in days
    ]
    objects = {"account": post["account"], "post": post["id"], "run": run}
    detail = {**times, "cycle_hours": 20, "rule": "1", "steps": steps}
    return books.note("post withdrawn", objects, detail=detail).seq


def rows(jejak: Run, *arguments: str) -> list[dict[str, Any]]:
    said = jejak(*arguments, "--json")
    assert said.code == 0, said.err
    return [json.loads(line) for line in said.out.splitlines()]


def test_a_withdrawn_post_is_told_with_its_window_and_still_plays(
    jejak: Run, kept: Account, books: Books, tmp_path: Path
) -> None:
    post = rows(jejak, "posts")[0]
    assert (post["state"], post["state_since"]) == ("present", post["first_seen"])
    assert "state" not in jejak("posts").out
    number = withdraw(books, post)
    (row,) = rows(jejak, "posts", "--state", "deleted")
    assert row["state"] == "deleted"
    assert (row["absent_after"], row["state_since"]) == (post["last_seen"], row["absent_by"])
    for word in ("ditarik", "DELETED"):
        assert rows(jejak, "posts", "--state", word) == [row], word
    assert "deleted" in jejak("posts").out
    assert jejak("posts", "--state", "hilang").code == 2
    (shown,) = rows(jejak, "show", post["id"])
    assert [stone["number"] for stone in shown["tombstones"]] == [number]
    assert shown["tombstones"][0]["steps"][0]["records"] == ["<urn:uuid:1>"]
    said = jejak("show", post["id"]).out
    assert said.startswith("deleted: no longer available to the public, since between ")
    assert "WIB and " in said.splitlines()[0]
    assert "cause: unknown; nobody has stated one." in said
    assert f"withdrawal {number} in the ledger" in said
    target = tmp_path / "kept.mp4"
    assert jejak("show", post["id"], "--media", "1", "-o", str(target)).code == 0
    digest = "sha256:" + hashlib.sha256(target.read_bytes()).hexdigest()
    assert digest == post["media"][0]["sha256"]


def test_what_people_say_of_a_withdrawal_is_told(jejak: Run, kept: Account, books: Books) -> None:
    post = rows(jejak, "posts")[0]
    number = withdraw(books, post)
    objects = {"account": post["account"], "post": post["id"], "tombstone": str(number)}
    stated = {"cause": "owner_deleted", "source": "surat 12/2026"}
    books.note("cause stated", objects, detail=stated, by="person Siti")
    books.note("verdict confirmed", objects, detail={"reason": "sudah ditanya"}, by="person Siti")
    said = jejak("show", post["id"]).out
    assert "cause: deleted by its owner. Source: surat 12/2026 (stated by Siti, " in said
    assert "confirmed by Siti, " in said
    books.note("verdict disputed", objects, detail={"reason": "masih ada"}, by="person Budi")
    (row,) = rows(jejak, "posts", "--state", "tidak-teramati")
    assert (row["state_reason"], "absent_by" in row) == ("disputed", False)
    said = jejak("show", post["id"]).out
    assert said.startswith("unavailable: last seen ")
    assert "disputed by Budi, " in said
    assert "masih ada" in said


def test_an_edit_is_told_word_by_word(jejak: Run, kept: Account) -> None:
    post = next(row for row in rows(jejak, "posts") if row["versions"] == 2)
    (shown,) = rows(jejak, "show", post["id"])
    assert shown["versions"][0]["changed"] == []
    (changed,) = shown["versions"][1]["changed"]
    assert changed["fact"] == "caption"
    assert (
        "".join(t for w in changed["words"] for f, t in w.items() if f != "added")
        == changed["before"]
    )
    assert (
        "".join(t for w in changed["words"] for f, t in w.items() if f != "removed")
        == changed["after"]
    )
    said = jejak("show", post["id"]).out
    assert "version 2 changed:\n  caption: {+Ralat: +}" in said


def test_a_long_series_of_observations_is_told_shortly(
    jejak: Run, kept: Account, city: City
) -> None:
    code = kept.public()[0].code
    for night in range(1, 5):
        city.world.edit(kept, code, likes=1000 + night)
        with time_machine.travel(datetime.now(UTC) + timedelta(days=night), tick=True):
            assert jejak("capture", f"tiktok/{kept.handle}").code == 0
    said = jejak("show", f"tiktok:{code}").out
    assert "4 observations until " in said
    assert "→ 1,004" in said
    every = jejak("show", f"tiktok:{code}", "--all").out
    assert "observations until" not in every
    assert every.count("  seen: likes ") == 6


def test_coverage_tells_what_was_not_seen_for_too_long(
    jejak: Run, kept: Account, books: Books, online: Path, city: City
) -> None:
    name = f"tiktok/{kept.handle}"
    (row,) = rows(jejak, "coverage", name)
    assert (row["kept"], row["declared"]) == (len(kept.public()), len(kept.public()))
    assert (row["overdue"], row["too_slow"], row["unknown"]) == (False, False, [])
    assert (row["oldest_days"], row["resee_days"]) == (0, 1)
    file = online / "config.toml"
    text = file.read_text("utf-8")
    assert "sweep_requests_per_night = 100" in text
    # No visit tells that it is gone: nothing looks at it any more.
    none_left = text.replace("sweep_requests_per_night = 100", "sweep_requests_per_night = 0")
    file.write_text(none_left, "utf-8")
    gone = kept.public()[-1].code
    city.world.edit(kept, gone, state="hidden")
    with time_machine.travel(datetime.now(UTC) + timedelta(days=40), tick=True):
        jejak("capture", name)
        said = jejak("coverage")
        assert said.code == 3
        assert f"! {name}: tiktok:{gone} was not looked at for 40 days, more than 30." in said.err
        post = next(one for one in rows(jejak, "posts") if one["id"] == f"tiktok:{gone}")
        withdraw(books, post)
        said = jejak("coverage", "--json")
        row = json.loads(said.out)
        assert (said.code, row["deleted"], row["overdue"]) == (0, 1, False)
