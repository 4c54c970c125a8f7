"""What changed in a post. Pure.

A version of a post is one distinct content: what a person sees. Addresses of
media files are signed anew on every listing, and counts move all day; neither
is content.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from connectors.model import MediaRole, Post


class Change(StrEnum):
    """How a listed post stands to what is already kept."""

    NEW = "new"
    EDITED = "edited"
    UNFINISHED = "unfinished"
    """Kept with the same content, but some of its media are missing."""
    UNSURE = "unsure"
    """Kept, but the listing gave only a stub: its own address must be read."""
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Kept:
    """What the archive already holds of a post.

    Attributes:
        content_digest: Of the newest version.
        media_complete: False when a media item of it is still missing.
    """

    content_digest: str
    media_complete: bool


def content_digest(post: Post) -> str:
    """SHA-256 of what a person sees: caption, kind, owner, content in order.

    Covers, sounds and subtitles are left out: platforms make them anew
    without any act of the owner.

    Returns:
        ``sha256:`` and 64 lower-case hex digits.
    """
    content = {
        "caption": post.caption,
        "kind": post.kind.value if post.kind else None,
        "media": [
            item.media_id
            for item in sorted(post.media, key=lambda item: item.position)
            if item.role is MediaRole.CONTENT
        ],
        "owner": post.ref.owner.native_id,
        "platform": post.ref.platform,
    }
    # ensure_ascii keeps lone surrogates, which hostile JSON can carry, encodable.
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return "sha256:" + hashlib.sha256(text.encode("ascii")).hexdigest()


def judge(post: Post, kept: Mapping[str, Kept]) -> Change:
    """What must be done about a listed post.

    Dates play no part: pinned posts, restored posts and interrupted runs all
    break "newer than the last one".

    Args:
        post: As listed.
        kept: What is held of this account, by post id.
    """
    before = kept.get(post.id)
    if before is None:
        return Change.NEW
    if not before.media_complete:
        return Change.UNFINISHED
    if not post.is_complete:
        return Change.UNSURE
    if content_digest(post) != before.content_digest:
        return Change.EDITED
    return Change.UNCHANGED
