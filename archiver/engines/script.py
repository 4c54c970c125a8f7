"""The questions of the contract run: the same ones to every candidate.

They are asked through the connectors, of platforms that answer as they were
recorded; what the connectors make of the answers is the result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from hashlib import sha256
from typing import Protocol, TypeVar

from archiver.engines.heard import HeardSink
from connectors.base import Connector, Identity
from connectors.model import AccountRef, Page, PostRef, Section, Sighting

T = TypeVar("T")

INSTAGRAM = AccountRef("instagram", "kota.contoh", "4242424242")
TIKTOK = AccountRef("tiktok", "kota_contoh", "6900000000000004242", "MS4wLjABAAAA" + "kontoh" * 8)
SESSION = Identity(
    "uji",
    "instagram",
    {"sessionid": "77%3Arecorded%3A1", "csrftoken": "recordedtoken", "ds_user_id": "77"},
    "arsip.contoh",
)
"""Accounts and a session that exist on no platform."""

DELETED = {"instagram": "Cdihapus_-x", "tiktok": "7276437262283859205"}
PHOTO_MODE = "7400000000000000900"
SLIDES = "Cgaleri_-xx"
_LEFT_OUT = frozenset({"evidence", "record", "cursor"})


class Stage(Protocol):
    """Where a script is played: before recorded answers, or while recording them."""

    sink: HeardSink

    def visitor(self, platform: str, identity: Identity | None) -> Connector:
        """A connector whose exchanges are heard; closed by the stage."""

    def step(self, name: str, ask: Callable[[], T], show: Callable[[T], object]) -> T | None:
        """Play one step; its result is ``show`` of what came, or how it failed.

        Returns:
            What came; ``None`` when it failed.
        """


Script = Callable[[Stage], None]


def instagram(stage: Stage) -> None:
    """Instagram, as an identity and as a stranger see it."""
    member = stage.visitor("instagram", SESSION)
    stage.step("profile", lambda: member.profile(INSTAGRAM), plain)
    pages = stage.step("listing", lambda: list(member.list_posts(INSTAGRAM)), plain)
    _onward(stage, member, INSTAGRAM, pages)
    _post_and_media(stage, member, pages, "post")
    _slides = PostRef("instagram", SLIDES, INSTAGRAM)
    _post_and_media(stage, member, [], "slides", _slides)
    for section in (Section.REELS, Section.STORIES, Section.HIGHLIGHTS):
        _section(stage, member, section)
    gone = PostRef("instagram", DELETED["instagram"], INSTAGRAM)
    stage.step("deleted", lambda: member.look(gone), plain)
    stage.step("blocked", lambda: member.look(gone), plain)
    stranger = stage.visitor("instagram", None)
    stage.step("stranger profile", lambda: stranger.profile(INSTAGRAM), plain)
    stage.step("stranger listing", lambda: list(stranger.list_posts(INSTAGRAM)), plain)
    stage.step("stranger blocked", lambda: stranger.profile(INSTAGRAM), plain)


def tiktok(stage: Stage) -> None:
    """TikTok, as a new visitor sees it."""
    web = stage.visitor("tiktok", None)
    stage.step("profile", lambda: web.profile(TIKTOK), plain)
    pages = stage.step("listing", lambda: list(web.list_posts(TIKTOK)), plain)
    _onward(stage, web, TIKTOK, pages)
    _post_and_media(stage, web, pages, "post")
    _post_and_media(stage, web, [], "photo mode", PostRef("tiktok", PHOTO_MODE, TIKTOK))
    gone = PostRef("tiktok", DELETED["tiktok"], TIKTOK)
    stage.step("deleted", lambda: web.look(gone), plain)
    stage.step("challenge sum", lambda: web.profile(TIKTOK), plain)
    stage.step("blocked", lambda: web.profile(TIKTOK), plain)


SCRIPTS: Mapping[str, Script] = {"instagram": instagram, "tiktok": tiktok}
"""By platform."""


def _post_and_media(
    stage: Stage, web: Connector, pages: list[Page] | None, name: str, ref: PostRef | None = None
) -> None:
    """Look at a post, the newest one listed unless told which, and fetch its media."""
    asked = ref or next((post.ref for page in pages or [] for post in page.posts), None)
    if asked is None:
        return  # the listing failed, which is told already
    seen = stage.step(name, lambda: web.look(asked), _shown)
    if seen is not None and (post := seen.post) is not None:
        stage.step(f"{name} media", lambda: list(web.fetch_media(post)), stage_media(stage.sink))


def _onward(stage: Stage, web: Connector, ref: AccountRef, pages: list[Page] | None) -> None:
    """The listing from its second page on, as another night would continue it."""
    cursor = pages[0].cursor if pages else None
    if cursor is not None:
        stage.step("onward", lambda: list(web.list_posts(ref, after=cursor)), plain)


def _section(stage: Stage, web: Connector, section: Section) -> None:
    """A further listing, and the media of its first whole post."""
    name = section.value
    pages = stage.step(name, lambda: list(web.list_posts(INSTAGRAM, section)), plain)
    whole = [post for page in pages or [] for post in page.posts if post.is_complete][:1]
    media = [media for post in whole for media in post.media]
    if media:
        stage.step(
            f"{name} media", lambda: list(web.fetch_media(whole[0])), stage_media(stage.sink)
        )


def _shown(seen: Sighting) -> object:
    """The post as it was read; without one, all that was said about it."""
    return plain(seen if seen.post is None else seen.post)


def stage_media(sink: HeardSink) -> Callable[[object], object]:
    """Shows media records with the digest of the bytes that came."""

    def show(found: object) -> object:
        assert isinstance(found, list)
        rows = []
        for record in found:
            row = plain(record)
            assert isinstance(row, dict)
            rows.append({**row, "sha256": sha256(sink.body_of(record.record)).hexdigest()})
        return rows

    return show


def plain(value: object) -> object:
    """A result as JSON holds it: without evidence, and without what is not told."""
    if is_dataclass(value) and not isinstance(value, type):
        told = {
            field.name: plain(getattr(value, field.name))
            for field in fields(value)
            if field.name not in _LEFT_OUT
        }
        return {name: held for name, held in told.items() if held not in (None, [], {}, "")}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): plain(held) for name, held in sorted(value.items())}
    if isinstance(value, list | tuple):
        return [plain(held) for held in value]
    return value
