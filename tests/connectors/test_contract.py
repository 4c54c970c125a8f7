"""What every connector owes, whatever its platform."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors import PLATFORMS, connect, platform, rules
from connectors.base import Network, SecretRules
from connectors.errors import AccountNotFound, AccountUnavailable, WaitRequired
from connectors.model import AccountRef, MediaRole, PageEnd, PostRef, Presence

POST_ID = re.compile(r"(instagram|tiktok):[A-Za-z0-9_:-]+")


def test_the_profile_comes_with_its_records(subject: Any) -> None:
    profile = subject.connector.profile(subject.ref)
    assert profile.key == f"{subject.account.platform}:{subject.account.native_id}"
    assert profile.handle == subject.account.handle and profile.name == subject.account.name
    assert profile.declared_posts == len(subject.account.public())
    assert profile.evidence and set(profile.evidence) <= subject.sink.ids()
    assert profile.avatar and profile.avatar.role is MediaRole.AVATAR
    record = subject.connector.fetch(profile.avatar)
    assert record.problem is None and record.record in subject.sink.ids()


def test_every_public_post_is_listed_once(subject: Any) -> None:
    pages = list(subject.connector.list_posts(subject.ref))
    posts = [post for page in pages for post in page.posts]
    assert pages[-1].end is PageEnd.END
    assert all(page.end is PageEnd.MORE and page.reason is None for page in pages[:-1])
    assert sorted(p.ref.code for p in posts) == sorted(i.code for i in subject.account.public())
    assert all(POST_ID.fullmatch(post.id) for post in posts)
    assert all(post.evidence and set(post.evidence) <= subject.sink.ids() for post in posts)
    pinned = {item.code for item in subject.account.public() if item.pinned}
    assert {post.ref.code for post in posts if post.pinned} == pinned


def test_posts_and_media_are_whole(subject: Any) -> None:
    kinds = {}
    for page in subject.connector.list_posts(subject.ref):
        for post in page.posts:
            item = next(i for i in subject.account.items if i.code == post.ref.code)
            kinds.setdefault(item.kind, (post, item))
    for post, item in kinds.values():
        if not post.is_complete:
            seen = subject.connector.look(post.ref)
            assert seen.presence is Presence.PRESENT and seen.post.is_complete
            post = seen.post
        assert (post.kind, post.caption) == (item.kind, item.caption)
        assert post.published_at == item.taken_at and post.published_at.tzinfo is not None
        assert len({media.media_id for media in post.media}) == len(post.media)
        content = [media for media in post.media if media.role is MediaRole.CONTENT]
        assert [media.position for media in content] == list(range(len(item.slides)))
        records = list(subject.connector.fetch_media(post))
        assert [record.media.media_id for record in records] == [m.media_id for m in post.media]
        assert all(r.problem is None and r.record in subject.sink.ids() for r in records)


def test_a_post_that_is_gone_is_an_answer(subject: Any) -> None:
    ref = PostRef(subject.account.platform, subject.account.public()[0].code, subject.ref)
    assert subject.connector.look(ref).presence is Presence.PRESENT
    subject.platforms.world.delete(subject.account, ref.code)
    seen = subject.connector.look(ref)
    assert seen.presence is Presence.GONE and seen.post is None
    assert seen.reason and seen.evidence and set(seen.evidence) <= subject.sink.ids()


def test_an_account_nobody_has(subject: Any) -> None:
    with pytest.raises(AccountUnavailable) as told:
        subject.connector.profile(AccountRef(subject.account.platform, "tidak.ada.sama.sekali"))
    assert told.value.hint and told.value.code
    assert set(told.value.evidence) <= subject.sink.ids()


def test_a_renamed_account_is_found_by_its_id(subject: Any) -> None:
    connector, ref = subject.connector, subject.ref
    subject.platforms.world.rename(subject.account, "nama.baru")
    with pytest.raises(AccountNotFound):
        connector.profile(ref)
    if subject.account.platform == "instagram" and connector.whoami() is None:
        with pytest.raises(AccountUnavailable) as told:
            connector.profile_by_id(ref)
        assert not isinstance(told.value, AccountNotFound), "it was not asked"
        assert told.value.hint
        return
    found = connector.profile_by_id(ref)
    assert (found.native_id, found.handle) == (ref.native_id, "nama.baru")
    assert found.is_private is False and found.avatar
    assert found.evidence and set(found.evidence) <= subject.sink.ids()
    subject.account.gone = True
    with pytest.raises(AccountNotFound) as gone:
        connector.profile_by_id(ref)
    assert gone.value.evidence and gone.value.hint


def test_every_sighting_tells_when_it_was_answered(subject: Any) -> None:
    ref = PostRef(subject.account.platform, subject.account.public()[0].code, subject.ref)
    for change in (subject.platforms.world.restore, subject.platforms.world.delete):
        change(subject.account, ref.code)
        seen = subject.connector.look(ref)
        assert abs(datetime.now(UTC) - seen.answered_at) < timedelta(minutes=1)


def test_everything_the_platform_saw_is_recorded_and_was_admitted(subject: Any) -> None:
    subject.connector.profile(subject.ref)
    page = next(subject.connector.list_posts(subject.ref))
    post = subject.connector.look(page.posts[0].ref).post
    list(subject.connector.fetch_media(post))
    subject.platforms.log.settle()
    seen = [(entry.request.method, entry.url) for entry in subject.platforms.log.entries()]
    exchanges = subject.sink.exchanges
    assert sorted((e.start.method, e.start.url) for e in exchanges) == sorted(seen)
    assert sorted(subject.asked) == sorted(url for _, url in seen)
    for exchange in exchanges:
        assert exchange.steps[0] == "sent" and exchange.steps[-1] == "finish"
        assert exchange.steps.count("head") == exchange.steps.count("finish") == 1
        assert exchange.start.started_at.tzinfo is not None


def test_a_closed_gate_lets_nothing_out(subject: Any) -> None:
    def closed(url: str) -> None:
        raise WaitRequired("closed", retry_after_s=60)

    network = Network(proxy=subject.platforms.proxy_url, ca_file=str(subject.platforms.ca_file))
    connector = connect(
        subject.connector.platform,
        subject.connector.route,
        sink=subject.sink,
        network=network,
        identity=None,
        gate=closed,
    )
    ref = PostRef(subject.account.platform, subject.account.public()[0].code, subject.ref)
    with pytest.raises(WaitRequired):
        connector.profile(subject.ref)
    with pytest.raises(WaitRequired):
        connector.look(ref)
    connector.close()
    assert not subject.platforms.log.entries() and not subject.sink.exchanges


def test_it_says_who_reads(subject: Any) -> None:
    connector = subject.connector
    assert connector.platform in PLATFORMS and connector.route in PLATFORMS[connector.platform]
    assert re.search(r"\d", connector.engine)
    name = connector.whoami()
    assert (name is None) is (subject.asked == [])
    assert all(isinstance(value, str) for value in connector.cookies().values())


@pytest.mark.parametrize("platform", sorted(PLATFORMS))
def test_secret_rules_can_be_applied(platform: str) -> None:
    found = rules(platform)
    assert isinstance(found, SecretRules)
    assert {"cookie", "authorization"} <= found.request_headers
    assert "set-cookie" in found.response_headers
    for names in (found.request_headers, found.response_headers):
        assert all(name == name.lower() for name in names)
    assert all(list(pattern.groupindex) == ["secret"] for pattern in found.body_patterns)


@pytest.mark.parametrize("name", sorted(PLATFORMS))
def test_people_can_name_its_accounts_and_posts(name: str, city: Any) -> None:
    known = platform(name)
    account = city.instagram if name == "instagram" else city.tiktok
    assert known.name == name and known.session_cookies
    assert known.handle.fullmatch(account.handle)
    for wrong in ("", "..", "a/b", "a b", "a?b", "../a", "@a", "a" * 200):
        assert not known.handle.fullmatch(wrong)
    assert all(known.post.fullmatch(item.code) for item in account.public())
    assert all("code" in pattern.groupindex for pattern in known.post_paths)


def test_what_nobody_reads_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"instagram\.web"):
        connect("myspace", "web", sink=None, network=Network(), identity=None, gate=print)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="tiktok"):
        rules("myspace")
    with pytest.raises(ValueError, match="tiktok"):
        platform("myspace")
