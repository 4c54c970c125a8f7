"""Hostile and broken answers, from the wire to the exit code.

Every case runs a night in which one Instagram and one TikTok account meet the
same trouble, then a clean one. Whatever comes: the other accounts are kept,
the trouble is recorded and told, nobody outside the platforms is asked, and
the next night makes everything whole.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from demo import faults
from demo.city import City
from demo.faults import Fault, Match
from demo.instagram import faults as instagram
from demo.tiktok import faults as tiktok

PLATFORM_HOSTS = ("instagram.com", "cdninstagram.com", "tiktok.com", "tiktokcdn.com")
ALWAYS: dict[str, int | None] = {"count": None}


@dataclass(frozen=True)
class Told:
    """What the archive must say of the account that met the trouble.

    Attributes:
        problems: Codes that stand in its ``capture/1`` or ``post/1``.
        truncated: WARC-Truncated of the answers that were cut.
    """

    outcome: str
    reason: str | None
    problems: tuple[str, ...] = ()
    truncated: str | None = None


@dataclass(frozen=True)
class Places:
    """Where trouble is planned: one film, one picture, one listing, one page."""

    film: Match
    picture: Match
    listing: Match
    page: Match


@dataclass(frozen=True)
class Case:
    """One trouble for both platforms, or for one of them."""

    name: str
    plan: Callable[[Places, str], Fault]
    code: int
    instagram: Told | None = None
    tiktok: Told | None = None


def places(town: City) -> dict[str, Places]:
    reel, photo = town.instagram.items[1], town.instagram.items[0]
    clip = town.tiktok.items[0]
    assert clip.slides[0].cover is not None
    return {
        "instagram": Places(
            Match("*.cdninstagram.com", f"/v/{reel.slides[0].asset.name}"),
            Match("*.cdninstagram.com", f"/v/{photo.slides[0].asset.name}"),
            instagram.TIMELINE_QUERY,
            instagram.START_PAGE,
        ),
        "tiktok": Places(
            Match("v*-webapp-prime.tiktok.com", f"/v/{clip.slides[0].asset.name}"),
            Match("*.tiktokcdn.com", f"/v/{clip.slides[0].cover.name}"),
            replace(tiktok.LISTING, fields={"secUid": town.tiktok.sec_uid}),
            Match("www.tiktok.com", f"/@*/video/{clip.code}"),
        ),
    }


def film(problem: str, truncated: str | None = None) -> Told:
    return Told("partial", "media_incomplete", (problem,), truncated)


def failed(reason: str, truncated: str | None = None) -> Told:
    return Told("failed", reason, (reason,), truncated)


def on_film(name: str, make: Callable[[Match], Fault], ig: Told, tt: Told, code: int = 3) -> Case:
    return Case(name, lambda at, _: make(at.film), code, ig, tt)


def on_listing(
    name: str, make: Callable[[Match], Fault], ig: Told, tt: Told, code: int = 4
) -> Case:
    return Case(name, lambda at, _: make(at.listing), code, ig, tt)


def redirected(to: str) -> Callable[[Match], Fault]:
    return lambda match: faults.redirect(to, match, **ALWAYS)


MB = 1024**2
CASES = (
    on_film(
        "oversized film, announced",
        lambda m: faults.oversized(3 * MB, m, **ALWAYS),
        film("limit_exceeded", "length"),
        film("limit_body_bytes", "length"),
    ),
    on_film(
        "oversized film, chunk by chunk",
        lambda m: faults.oversized(3 * MB, m, announced=False, **ALWAYS),
        film("limit_exceeded", "length"),
        film("limit_body_bytes", "length"),
    ),
    on_listing(
        "oversized listing",
        lambda m: faults.oversized(3 * MB, m, content_type="application/json", **ALWAYS),
        failed("limit_exceeded", "length"),
        failed("limit_exceeded", "length"),
    ),
    on_listing(
        "gzip bomb",
        lambda m: faults.gzip_bomb(5 * MB, m, **ALWAYS),
        failed("limit_exceeded", "length"),
        failed("limit_exceeded", "length"),
    ),
    on_listing(
        "deep JSON",
        lambda m: faults.deep_json(5000, m, **ALWAYS),
        failed("limit_exceeded"),
        failed("limit_exceeded"),
    ),
    on_film("redirect loop", faults.redirect_loop, film("limit_exceeded"), film("limit_redirects")),
    on_listing(
        "redirect loop of a listing",
        faults.redirect_loop,
        failed("malformed_answer"),
        failed("limit_exceeded"),
    ),
    on_film(
        "redirect to this machine",
        redirected("http://127.0.0.1:9/"),
        film("address_refused"),
        film("address_refused"),
    ),
    on_film(
        "redirect to cloud metadata",
        redirected("http://169.254.169.254/latest/meta-data/"),
        film("address_refused"),
        film("address_refused"),
    ),
    on_film(
        "redirect to a stranger",
        redirected("https://elsewhere.example/film.mp4"),
        film("address_refused"),
        film("address_refused"),
    ),
    Case(
        "redirect of a page to this machine",
        lambda at, _: redirected("https://[::1]:443/")(at.page),
        4,
        failed("malformed_answer"),
        film("address_refused"),
    ),
    on_film(
        "Content-Length too long",
        lambda m: faults.wrong_length(500, m, **ALWAYS),
        film("cut", "disconnect"),
        film("incomplete", "disconnect"),
    ),
    on_film(
        "Content-Length too short",
        lambda m: faults.wrong_length(-500, m, **ALWAYS),
        film("ends_early"),
        film("ends_early"),
    ),
    on_listing(
        "Content-Length of a listing too short",
        lambda m: faults.wrong_length(-500, m, **ALWAYS),
        failed("malformed_answer"),
        failed("malformed_answer"),
    ),
    Case(
        "HTML for a picture",
        lambda at, _: faults.html(at.picture, **ALWAYS),
        3,
        film("not_a_picture"),
        film("not_a_picture"),
    ),
    on_listing(
        "HTML for a listing",
        lambda m: faults.html(m, **ALWAYS),
        failed("malformed_answer"),
        failed("malformed_answer"),
    ),
    on_listing(
        "cut JSON",
        lambda m: faults.cut_text(m, **ALWAYS),
        failed("malformed_answer"),
        failed("malformed_answer"),
    ),
    on_film(
        "stalled connection",
        lambda m: faults.stall(5, m, after_bytes=2000, **ALWAYS),
        film("cut", "time"),
        film("incomplete", "time"),
    ),
    on_film(
        "dripping connection",
        lambda m: faults.drip(10, 0.1, m, **ALWAYS),
        film("limit_exceeded", "time"),
        film("limit_stalled", "time"),
    ),
    on_film(
        "TCP reset",
        lambda m: faults.reset(2000, m, **ALWAYS),
        film("cut", "disconnect"),
        film("incomplete", "disconnect"),
    ),
    on_listing(
        "TCP reset of a listing",
        lambda m: faults.reset(50, m, **ALWAYS),
        failed("network_failure", "disconnect"),
        failed("network_failure", "disconnect"),
    ),
    on_listing(
        "429 with Retry-After",
        lambda m: faults.status(429, m, retry_after_s=60, **ALWAYS),
        failed("rate_limited"),
        failed("rate_limited"),
    ),
    on_film(
        "429 for a film",
        lambda m: faults.status(429, m, retry_after_s=60, **ALWAYS),
        Told("partial", "rate_limited", ("rate_limited",)),
        Told("partial", "rate_limited", ("rate_limited",)),
        code=4,
    ),
    on_film(
        "no TLS",
        lambda m: faults.tls_failure(m.host, **ALWAYS),
        film("no_answer"),
        film("no_answer"),
    ),
)


def _malformed(at: Places, platform: str) -> Fault:
    if platform == "instagram":
        return instagram.spoiled_item(0, lambda node: node.pop("code"))
    return replace(tiktok.malformed_item(), match=at.listing)


def _other_post(at: Places, platform: str) -> Fault:
    # Only a stranger's visit asks Instagram for single posts.
    return (
        instagram.other_post("Cxyz")
        if platform == "instagram"
        else replace(tiktok.another_item(), match=at.page)
    )


def _wall(at: Places, platform: str) -> Fault:
    if platform == "instagram":
        return instagram.login_wall(at.listing, count=None)
    return replace(tiktok.login_redirect(tiktok.USER_PAGE, **ALWAYS))


def _challenge(at: Places, platform: str) -> Fault:
    if platform == "instagram":
        return instagram.challenge_redirect(at.listing, count=None)
    return tiktok.captcha(at.page, **ALWAYS)


UNREADABLE = Told("partial", "items_unreadable", ("malformed_item",))
PLATFORM_CASES = (
    Case("malformed item", _malformed, 3, UNREADABLE, UNREADABLE),
    Case(
        "another post's answer",
        _other_post,
        3,
        Told("partial", "posts_failed", ("wrong_object",)),
        Told("partial", "posts_failed", ("wrong_object",)),
    ),
    Case("login wall", _wall, 4, failed("session_expired"), failed("login_wall")),
    Case(
        "challenge",
        _challenge,
        4,
        failed("challenge"),
        Told("partial", "challenge", ("challenge",)),
    ),
)


@pytest.mark.parametrize("case", [*CASES, *PLATFORM_CASES], ids=lambda case: case.name)
def test_trouble_is_kept_told_and_healed(house, case):
    faults_now, where = house.platforms.faults, places(house.town)
    mark = house.platforms.log.mark()
    planned = [faults_now.add(case.plan(where[name], name)) for name in ("instagram", "tiktok")]
    done = house.jejak("capture")
    assert all(faults_now.fired(fault) for fault in planned), "the trouble was not met"
    faults_now.clear()
    assert done.code == case.code, done.text
    captures = {document["account"]: document for document in house.documents("capture/1")}
    assert len(captures) == 4
    _check_told(house, case, captures)
    _check_others(case, captures)
    house.platforms.log.settle(20)
    _check_recorded(house, mark)
    _check_healed(house)


def _check_told(house: Any, case: Case, captures: dict[str, Any]) -> None:
    cut = {
        (member.field("WARC-Target-URI") or "").split("/")[2]: member.field("WARC-Truncated")
        for _, member in house.members()
        if member.field("WARC-Truncated")
    }
    for platform, told in (("instagram", case.instagram), ("tiktok", case.tiktok)):
        assert told is not None
        mine = [
            document
            for document in (*captures.values(), *house.documents("post/1"))
            if document["account"].startswith(platform)
        ]
        problems = {
            problem["code"]
            for document in mine
            for problem in (*document["problems"], *document.get("failed", ()))
        }
        assert set(told.problems) <= problems, (platform, problems)
        ends = {(c["outcome"], c["reason"]) for c in mine if "outcome" in c}
        assert (told.outcome, told.reason) in ends, (platform, ends)
        found = {why for host, why in cut.items() if _platform_of(host) == platform}
        assert found == ({told.truncated} if told.truncated else set()), (platform, found)


def _check_others(case: Case, captures: dict[str, Any]) -> None:
    """No account is lost to another's trouble, unless the visitor was refused."""
    refused = ("identity_refused", "login_wall")
    trouble = {told.reason for told in (case.instagram, case.tiktok) if told}
    for document in captures.values():
        assert document["outcome"] == "complete" or document["reason"] in {*trouble, *refused} | {
            "posts_failed"
        }
    if "rate_limited" not in trouble:
        whole = [c for c in captures.values() if c["outcome"] == "complete"]
        assert whole or case.name in ("redirect of a page to this machine", "no TLS"), captures


def _platform_of(host: str) -> str:
    return "instagram" if "instagram" in host else "tiktok"


def _check_recorded(house: Any, mark: int) -> None:
    """Every request that came is recorded; every tunnel led to a platform."""
    served = [entry.url for entry in house.platforms.log.entries(since=mark)]
    recorded = [
        member.field("WARC-Target-URI")
        for _, member in house.members()
        if member.field("WARC-Type") in ("response", "revisit")
    ]
    assert sorted(served) == sorted(recorded)
    assert house.platforms.log.refused == ()
    for host, port in house.platforms.log.connects:
        assert port == 443
        assert host.endswith(PLATFORM_HOSTS), host


def _check_healed(house: Any) -> None:
    done = house.jejak("capture")
    assert done.code == 0, done.text
    healed = house.documents("capture/1")[4:]
    assert [(c["outcome"], c["reason"]) for c in healed] == [("complete", None)] * 4
    rows = house.rows("posts")
    shown = {f"{a.platform}:{item.code}" for a in house.town.accounts for item in a.items}
    assert {row["id"] for row in rows} == shown
    assert all(medium["complete"] and medium["sha256"] for row in rows for medium in row["media"])
    verified = house.jejak("verify", "--full")
    assert verified.code == 0, verified.text
