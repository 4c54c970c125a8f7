"""What captures met when they asked for an account, in the order of their runs."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from storage.catalogue import Catalogue, accounts, posts
from storage.catalogue.intake import apply_event, commit_capture, commit_post
from storage.ledger import Ledger

ACCOUNT = "instagram:1001"
FUTURE, PAST, LATER = "2027-01-01", "2026-11-24", "2026-11-25"
"""The first night's clock went wrong."""


def at(day: str) -> tuple[str, str]:
    return f"{day}T01:00:00Z", f"{day}T01:01:00Z"


def begin(catalogue: Catalogue, make: Any, ledger: Ledger, day: str) -> str:
    run = make.uuid(day)
    moment = datetime.fromisoformat(day).replace(tzinfo=UTC)
    started = ledger.append(
        "run started",
        agent="program jejak 0.1.0",
        objects={"run": run},
        detail={"accounts": []},
        at=moment,
    )
    with catalogue.writing() as conn:
        apply_event(conn, started)
    return run


def take(catalogue: Catalogue, make: Any, day: str, run: str, **facts: Any) -> None:
    document = make.capture(f"capture {day}", *at(day), run=run, **facts)
    with catalogue.writing() as conn:
        commit_capture(conn, [], make.record(day), document)


def life(catalogue: Catalogue, make: Any, folder: Path) -> None:
    """As it was; gone; renamed, with another picture that came whole."""
    ledger = Ledger(folder / "ledger")
    picture = make.medium("1001-avatar", record=make.record("picture")) | {"role": "avatar"}
    cut = make.medium("1001-avatar", complete=False) | {"role": "avatar"}
    run = begin(catalogue, make, ledger, FUTURE)
    profile = make.profile(avatar=cut, evidence=[make.record("first")])
    take(catalogue, make, FUTURE, run, profile=profile)
    run = begin(catalogue, make, ledger, PAST)
    gone = {"code": "account_not_found", "detail": "x", "post_id": None, "media_id": None}
    problems = [gone | {"evidence": [make.record("gone"), make.record("asked")]}]
    failed = {"outcome": "failed", "reason": "account_not_found", "problems": problems}
    take(catalogue, make, PAST, run, **failed)
    run = begin(catalogue, make, ledger, LATER)
    profile = make.profile(handle="baru", avatar=picture, evidence=[make.record("last")])
    changed = [gone | {"code": "handle_changed", "evidence": [make.record("last")]}]
    take(catalogue, make, LATER, run, profile=profile, identity="humas", problems=changed)


def test_looks_stand_in_the_order_of_their_runs(
    catalogue: Catalogue, make: Any, tmp_path: Path
) -> None:
    life(catalogue, make, tmp_path)
    with catalogue.reading() as conn:
        first, second, third = accounts.looks(conn, ACCOUNT)
        last = accounts.last_profile(conn, ACCOUNT)
        assert accounts.looks(conn, "instagram:7") == ()
        assert accounts.last_profile(conn, "instagram:7") is None
    assert [one.at[:10] for one in (first, second, third)] == [FUTURE, PAST, LATER]
    assert first.profile and first.profile.handle == "tirtakencana" and first.avatar is None
    assert first.evidence == (make.record("first"),)
    assert (second.profile, second.reason) == (None, "account_not_found")
    assert second.evidence == (make.record("gone"), make.record("asked"))
    assert (third.avatar, third.identity) == (make.digest("1001-avatar"), "humas")
    assert third.evidence == (make.record("last"),), "its problems are not its evidence"
    assert last and last.handle == "baru", "though a wrong clock put the first behind it"


def test_who_was_met_under_another_handle(catalogue: Catalogue, make: Any, tmp_path: Path) -> None:
    life(catalogue, make, tmp_path)
    runs = [make.uuid(day) for day in (FUTURE, PAST, LATER)]
    with catalogue.reading() as conn:
        assert accounts.renamed_in(conn, runs[:2]) == {}
        found = accounts.renamed_in(conn, runs[1:])
    assert found == {(ACCOUNT, "tirtakencana"): "baru"}
    stranger = make.profile(native_id="666", handle="pencuri")
    ledger = Ledger(tmp_path / "ledger")
    run = begin(catalogue, make, ledger, "2026-12-01")
    take(catalogue, make, "2026-12-01", run, profile=stranger)
    with catalogue.reading() as conn:
        assert accounts.renamed_in(conn, [run]) == {}
        last = accounts.last_profile(conn, ACCOUNT)
    assert last and last.native_id == "1001"


def test_the_newest_posts_of_an_account_itself(catalogue: Catalogue, make: Any) -> None:
    days = {"A": "2026-11-01", "B": "2026-11-03", "C": "2026-11-02", "S": "2026-11-09"}
    with catalogue.writing() as conn:
        for code, day in days.items():
            kind = "story" if code == "S" else "photo"
            told = make.post(code, f"{LATER}T01:00:00Z", published_at=f"{day}T00:00:00Z", kind=kind)
            commit_post(conn, [], make.record(code), told)
    with catalogue.reading() as conn:
        assert posts.newest_own(conn, ACCOUNT, limit=2) == ("instagram:B", "instagram:C")
        assert posts.newest_own(conn, "instagram:7", limit=2) == ()
