"""What changed in a post. Pure.

A version of a post is one distinct content: what a person sees by an act of its
owner. `CONTENT` names the facts that belong to it. Addresses of media files are
signed anew on every listing and counts move all day; neither is content.

``None`` means "not told": a route that does not tell a fact never makes a
version. A fact in ``Post.extra`` that is told to be off stands there as false,
empty or null.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from connectors.model import AuthorRole, MediaRole, Post, PostKind

Content = Mapping[str, object]


class Change(StrEnum):
    """How a listed post stands to what is already kept."""

    NEW = "new"
    EDITED = "edited"
    UNFINISHED = "unfinished"
    """Kept with the same content, but some of its media are missing."""
    UNSURE = "unsure"
    """Kept, but the listing gave only a stub: its own address must be read."""
    COVER = "cover"
    """Only the platform's key of its cover differs: the picture must be compared."""
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Kept:
    """What the archive already holds of a post.

    Attributes:
        content_digest: Of the newest version.
        media_complete: False when a media item of it is still missing.
        kind: Of the newest version.
        first_seen: UTC text; ``None`` for a post kept a moment ago.
        content: Asked only when digests differ; empty when not known.
        covers: Further keys under which its cover is known to be the same picture.
        pictures: Rows of media ids under which its pictures are known.
        published_at: UTC text; ``None`` when no answer ever told.
    """

    content_digest: str
    media_complete: bool
    kind: str = ""
    first_seen: str | None = None
    content: Callable[[], Content] = dict
    covers: Callable[[], frozenset[str]] = frozenset
    pictures: Callable[[], frozenset[tuple[str, ...]]] = frozenset
    published_at: str | None = None


AUTOMATIC_ALT = re.compile(
    r"may be an? |no photo description|mungkin (berisi )?gambar|tidak ada deskripsi foto"
    r"|^(photo|video) (shared )?by .* on |^(foto|video) (dibagikan )?oleh .* (pada|tanggal) ",
    re.IGNORECASE | re.DOTALL,
)
"""Alt texts that the platform makes itself, and makes anew when it likes."""


def _media(post: Post) -> object:
    slides = sorted(post.media, key=lambda item: item.position)
    return [item.media_id for item in slides if item.role is MediaRole.CONTENT]


def _owner(post: Post) -> object:
    owner = next((a.native_id for a in post.authors if a.role is AuthorRole.OWNER), None)
    return owner or post.ref.owner.native_id


def _coauthors(post: Post) -> object:
    if not post.authors:
        return None
    shared = (a for a in post.authors if a.role is AuthorRole.COAUTHOR)
    return sorted(author.native_id or "@" + author.handle.lower() for author in shared)


def _place(post: Post) -> object:
    if "location" not in post.extra and "location_id" not in post.extra:
        return None
    number, name = post.extra.get("location_id"), post.extra.get("location")
    if not number and not name:
        return {}
    return {"id": str(number) if number else None, "name": name or None}


def _alt_text(post: Post) -> object:
    told = post.extra.get("alt_text")
    if not isinstance(told, Mapping):
        return None
    return {
        key: text
        for key, text in told.items()
        if isinstance(text, str) and not AUTOMATIC_ALT.search(text)
    }


def _flag(name: str) -> Callable[[Post], object]:
    return lambda post: bool(post.extra[name]) if name in post.extra else None


def _text(name: str) -> Callable[[Post], object]:
    return lambda post: (post.extra[name] or "") if name in post.extra else None


CONTENT: Mapping[str, Callable[[Post], object]] = {
    "caption": lambda post: post.caption,
    "kind": lambda post: post.kind.value if post.kind else None,
    "owner": _owner,
    "coauthors": _coauthors,
    "media": _media,
    "place": _place,
    "alt_text": _alt_text,
    "comments_disabled": _flag("comments_disabled"),
    "title": _text("title"),
    "cover": _text("cover"),
}
"""Facts that make a version when they change; each gives ``None`` when not told.

Media are the ids of pictures and films in their order; sounds and subtitles are
left out, since platforms make them anew. Other ids, and the platform's key of a
cover, count only after the bytes were compared (`archiver.versions.pictures`).
"""


def content_of(post: Post) -> dict[str, object]:
    """What a post's own answer tells of its content; only facts that were told."""
    told = {name: fact(post) for name, fact in CONTENT.items()}
    return {"platform": post.ref.platform} | {k: v for k, v in told.items() if v is not None}


def settled(post: Post, before: Content) -> dict[str, object]:
    """The content as it is now known: what is not told stands as it last was.

    Args:
        before: The content of the newest version; empty for a new post.
    """
    now = content_of(post)
    merged = {**before, **now}
    if not post.authors and "owner" in before:
        merged["owner"] = before["owner"]
    if before.get("kind") == PostKind.HIGHLIGHT and post.kind is PostKind.STORY:
        # Its owner keeps it: that it still runs in the tray takes nothing away.
        merged["kind"] = before["kind"]
    if _same_place(before.get("place"), now.get("place")):
        merged["place"] = before["place"]
    if isinstance(before.get("alt_text"), Mapping) and "alt_text" in now:
        merged["alt_text"] = {**before["alt_text"], **now["alt_text"]}  # type: ignore[dict-item]
    return merged


def under_first_ids(now: Content, before: Content) -> dict[str, object]:
    """The content with its pictures under the ids that they had before, by their place."""
    old, new = before.get("media"), now.get("media")
    if not isinstance(old, list) or not isinstance(new, list) or len(old) != len(new):
        return dict(now)
    names, told = dict(zip(new, old, strict=True)), now.get("alt_text")
    texts = {names.get(k, k): text for k, text in told.items()} if isinstance(told, Mapping) else {}
    return {**now, "media": old} | ({"alt_text": texts} if "alt_text" in now else {})


def _same_place(before: object, now: object) -> bool:
    """Whether two descriptions mean one place: platforms rename places."""
    if not isinstance(before, Mapping) or not isinstance(now, Mapping):
        return False
    if before.get("id") and now.get("id"):
        return bool(before["id"] == now["id"])
    return bool(before.get("name") and before.get("name") == now.get("name"))


def digest_of(content: Content) -> str:
    """SHA-256 of a content.

    Returns:
        ``sha256:`` and 64 lower-case hex digits.
    """
    # What is told to be empty and what was never told are one content.
    shown = {name: value for name, value in content.items() if value or name == "media"}
    # ensure_ascii keeps lone surrogates, which hostile JSON can carry, encodable.
    text = json.dumps(shown, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return "sha256:" + hashlib.sha256(text.encode("ascii")).hexdigest()


def content_digest(post: Post, before: Content | None = None) -> str:
    """SHA-256 of what a person sees, with what is not told standing as before."""
    return digest_of(settled(post, before or {}))


def media_ids(content: Content) -> tuple[str, ...]:
    """The ids of its pictures and films in their order."""
    told = content.get("media")
    return tuple(told) if isinstance(told, list) else ()


def judge(post: Post, kept: Mapping[str, Kept]) -> Change:
    """What must be done about a listed post.

    Dates play no part: pinned posts, restored posts and interrupted runs all
    break "newer than the last one".

    Args:
        post: As listed.
        kept: What is held, by post id.
    """
    before = kept.get(post.id)
    if before is None:
        return Change.NEW
    if not before.media_complete:
        return Change.UNFINISHED
    if not post.is_complete:
        return Change.UNSURE
    if content_digest(post) == before.content_digest:
        return Change.UNCHANGED
    content = before.content()
    now = settled(post, content)
    if digest_of(now) == before.content_digest:
        return Change.UNCHANGED
    if now.get("media") != content.get("media") and media_ids(now) in before.pictures():
        now = under_first_ids(now, content)
        if digest_of(now) == before.content_digest:
            return Change.UNCHANGED
    if digest_of({**now, "cover": content.get("cover")}) != before.content_digest:
        return Change.EDITED
    return Change.UNCHANGED if now.get("cover") in before.covers() else Change.COVER
