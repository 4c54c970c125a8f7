"""The state of the pretend platforms: accounts, posts, visitors, files.

Sites read it; the demo, the tests and the benchmarks change it between
nights through its verbs (publish, edit, delete, restore, hide, rename …).
"""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

STORY_LIFE = timedelta(hours=24)
"""How long a story is shown."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A real file a platform serves.

    Attributes:
        name: Stable file name in addresses, for example ``banjir-1.jpg``.
        path: Where its bytes lie.
        mime: ``image/jpeg``, ``video/mp4``, ``text/vtt``, ``audio/mp4``.
    """

    name: str
    path: Path
    mime: str
    width: int = 0
    height: int = 0
    duration_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Slide:
    """One picture or film of a post; a film has a cover, maybe subtitles."""

    media_id: str
    asset: Asset
    cover: Asset | None = None
    subtitles: tuple[tuple[str, Asset], ...] = ()
    """Pairs of language code (``ind-ID``) and WebVTT file."""
    sound: Asset | None = None
    """The music: a part of TikTok photo posts; of films only a by-thing."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a post says it was made."""

    native_id: str
    name: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Song:
    """The music a post names."""

    native_id: str
    title: str
    artist: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A citizen's comment under a post; invented, like the citizen."""

    native_id: str
    author_id: str
    author: str
    text: str
    written_at: datetime
    likes: int = 0
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Collection:
    """A highlight: stories an account keeps on its profile.

    Attributes:
        codes: `Item.code` of its stories, oldest first.
    """

    native_id: str
    title: str
    cover: Asset
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One publication.

    Attributes:
        code: Instagram shortcode or TikTok id.
        native_id: Instagram numeric pk; for TikTok the same as ``code``.
        kind: ``photo``, ``carousel``, ``reel``, ``video``, ``photo-mode``,
            ``story`` (its code is its pk) or ``live``.
        state: ``public``, ``deleted`` or ``hidden`` (archived by its owner).
        raw: A real recorded object to serve instead of a generated one. Where
            a media address stood it holds ``asset://HOST/NAME``; serve it with
            `demo.mediahosts.with_addresses`.
    """

    code: str
    native_id: str
    kind: str
    caption: str
    taken_at: datetime
    slides: tuple[Slide, ...]
    likes: int = 0
    comments: int = 0
    plays: int = 0
    shares: int = 0
    hide_counts: bool = False
    pinned: bool = False
    state: str = "public"
    raw: Mapping[str, object] | None = None
    coauthors: tuple[str, ...] = ()
    """Native ids of further accounts of this world under which it is shown."""
    place: Place | None = None
    song: Song | None = None
    alt_texts: tuple[str, ...] = ()
    """One per slide; empty text where the platform has none."""
    tagged: tuple[str, ...] = ()
    """Handles tagged in it."""
    comments_off: bool = False
    caption_edited: bool = False
    off_grid: bool = False
    """A reel that its owner shows only among the reels."""
    remarks: tuple[Remark, ...] = ()
    links: tuple[str, ...] = ()
    """Addresses that stand on a story as stickers."""


@dataclass(slots=True)
class Account:
    """A government body's account on one platform."""

    platform: str
    native_id: str
    handle: str
    name: str
    biography: str = ""
    external_url: str = ""
    verified: bool = True
    private: bool = False
    gone: bool = False
    followers: int = 0
    following: int = 0
    sec_uid: str = ""
    avatar: Asset | None = None
    items: list[Item] = field(default_factory=list)
    declared_extra: int = 0
    """How many more posts the profile declares than its listing shows."""
    collections: list[Collection] = field(default_factory=list)
    """Highlights, as they stand on the profile."""

    def public(self) -> list[Item]:
        """Posts of its own that a visitor sees among the posts: pinned first,
        then newest first. Stories stand elsewhere (`World.stories`)."""
        shown = [
            item
            for item in self.items
            if item.state == "public" and item.kind != "story" and not item.off_grid
        ]
        return sorted(shown, key=lambda i: (not i.pinned, -i.taken_at.timestamp(), i.code))


@dataclass(slots=True)
class Visitor:
    """A logged-in session a platform accepts, by its cookies."""

    platform: str
    user_id: str
    username: str
    cookies: dict[str, str]
    expired: bool = False


class World:
    """Everything the pretend platforms know. Safe for several threads."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.now = now
        self.accounts: dict[str, Account] = {}
        """By ``platform:native_id``."""
        self.visitors: list[Visitor] = []
        self.assets: dict[str, Asset] = {}
        """By `Asset.name`; everything the media hosts can serve."""
        self.lock = threading.RLock()
        self.url_lifetime = timedelta(hours=24)
        self._secret = b"pretend-platform-signing-key"
        self._listing = 0

    # -- looking things up ------------------------------------------------

    def by_handle(self, platform: str, handle: str) -> Account | None:
        """The account now using a handle (case does not matter), if any."""
        with self.lock:
            for account in self.accounts.values():
                if account.platform == platform and account.handle.lower() == handle.lower():
                    return None if account.gone else account
        return None

    def item(self, platform: str, code: str) -> tuple[Account, Item] | None:
        """A post by its shortcode, pk or TikTok id, whatever its state."""
        with self.lock:
            for account in self.accounts.values():
                if account.platform != platform:
                    continue
                for item in account.items:
                    if code in (item.code, item.native_id):
                        return account, item
        return None

    def visitor(self, platform: str, cookie: str, value: str | None) -> Visitor | None:
        """The live session whose cookie has this value, if any."""
        with self.lock:
            for visitor in self.visitors:
                if visitor.platform == platform and value and visitor.cookies.get(cookie) == value:
                    return None if visitor.expired else visitor
        return None

    def timeline(self, account: Account) -> list[tuple[Account, Item]]:
        """What stands among an account's posts, with whose each is: its own and
        those it is a co-author of; pinned first, then newest first."""
        with self.lock:
            shown = [(account, item) for item in account.public()]
            shown += [
                (other, item)
                for other in self.accounts.values()
                if other is not account and not other.gone and not other.private
                for item in other.public()
                if account.native_id in item.coauthors
            ]
        return sorted(
            shown,
            key=lambda pair: (
                not (pair[1].pinned and pair[0] is account),
                -pair[1].taken_at.timestamp(),
                pair[1].code,
            ),
        )

    def stories(self, account: Account, now: datetime) -> list[Item]:
        """Stories on show now, oldest first: for `STORY_LIFE` after publication."""
        with self.lock:
            return sorted(
                (
                    item
                    for item in account.items
                    if item.kind == "story"
                    and item.state == "public"
                    and item.taken_at <= now < item.taken_at + STORY_LIFE
                ),
                key=lambda item: item.taken_at,
            )

    # -- changing the world -------------------------------------------------

    def add(self, account: Account) -> Account:
        """Open an account."""
        with self.lock:
            self.accounts[f"{account.platform}:{account.native_id}"] = account
            for item in account.items:
                self._register(item)
            if account.avatar:
                self.assets[account.avatar.name] = account.avatar
        return account

    def publish(self, account: Account, item: Item) -> Item:
        """Put up a post."""
        with self.lock:
            account.items.append(item)
            self._register(item)
        return item

    def edit(self, account: Account, code: str, **changes: object) -> Item:
        """Change fields of a post: caption, slides, likes, pinned …"""
        with self.lock:
            for index, item in enumerate(account.items):
                if item.code == code:
                    account.items[index] = replace(item, **changes)  # type: ignore[arg-type]
                    self._register(account.items[index])
                    return account.items[index]
        raise KeyError(f"{account.handle} has no post {code}")

    def delete(self, account: Account, code: str) -> None:
        """Remove a post from view for good."""
        self.edit(account, code, state="deleted")

    def hide(self, account: Account, code: str) -> None:
        """Archive a post, as an owner can."""
        self.edit(account, code, state="hidden")

    def restore(self, account: Account, code: str) -> None:
        """Show a deleted or hidden post again."""
        self.edit(account, code, state="public")

    def rename(self, account: Account, handle: str) -> None:
        """Give an account another handle; its id stays."""
        with self.lock:
            account.handle = handle

    def _register(self, item: Item) -> None:
        for slide in item.slides:
            for asset in (slide.asset, slide.cover, slide.sound, *(s[1] for s in slide.subtitles)):
                if asset:
                    self.assets[asset.name] = asset

    # -- signed addresses -----------------------------------------------------

    def sign(self, host: str, asset: Asset, now: datetime) -> str:
        """A media address that expires and differs on every listing."""
        with self.lock:
            self._listing += 1
            serial = self._listing
        expires = int((now + self.url_lifetime).timestamp())
        query = {"oe": f"{expires:x}", "n": str(serial)}
        query["sig"] = self._signature(asset.name, query)
        return f"https://{host}/v/{asset.name}?{urlencode(query)}"

    def signature_valid(self, name: str, query: Mapping[str, str], now: datetime) -> bool:
        """Whether a media address is ours, untouched and not yet expired."""
        wanted = {"oe": query.get("oe", ""), "n": query.get("n", "")}
        try:
            fresh = int(wanted["oe"], 16) >= now.timestamp()
        except ValueError:
            return False
        return fresh and hmac.compare_digest(self._signature(name, wanted), query.get("sig", ""))

    def _signature(self, name: str, query: Mapping[str, str]) -> str:
        text = f"{name}|{query['oe']}|{query['n']}".encode()
        return hmac.new(self._secret, text, hashlib.sha256).hexdigest()[:32]
