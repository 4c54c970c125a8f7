"""Recorded profile answers -> `Profile`. Pure.

The same account is described in three dialects: what the logged-out page
carries, what the profile query answers, and the older ``web_profile_info``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from connectors.instagram.parse import PLATFORM
from connectors.instagram.reading import Unreadable, address, dig, digits, flag, number, text
from connectors.model import Media, MediaKind, MediaRole, Profile, RecordId

_HANDLE = re.compile(r"[A-Za-z0-9._]{1,30}")


def user_of_page(page: Sequence[Mapping[str, object]]) -> Mapping[str, object]:
    """All that a profile page says of its account, joined; empty if nothing.

    The page's own ``id`` is not the account's; ``pk`` is.
    """
    user: dict[str, object] = {}
    for data in page:
        part = data.get("xig_user_by_username")
        if isinstance(part, Mapping):
            user.update(part)
    if "pk" in user:
        user["id"] = user["pk"]
    return user


def user_of(answer: object) -> Mapping[str, object]:
    """The account in a profile answer; empty if it holds none."""
    user = dig(answer, "data", "user") or dig(answer, "user")
    return user if isinstance(user, Mapping) else {}


def profile(user: Mapping[str, object], evidence: tuple[RecordId, ...]) -> Profile:
    """One account as its platform shows it.

    Args:
        user: What `user_of_page` or `user_of` found.
        evidence: The records it was read from.

    Raises:
        Unreadable: There is no numeric id or no handle.
    """
    native_id = digits(user.get("pk")) or digits(user.get("id"))
    handle = text(user.get("username"))
    if native_id is None or handle is None or not _HANDLE.fullmatch(handle):
        raise Unreadable("no_profile", "the answer holds no account with id and handle")
    biography, name = user.get("biography"), user.get("full_name")
    return Profile(
        platform=PLATFORM,
        native_id=native_id,
        handle=handle,
        name=name if name == "" else text(name),
        biography=biography if biography == "" else text(biography),
        external_url=text(user.get("external_url")),
        is_private=flag(user.get("is_private")),
        is_verified=flag(user.get("is_verified")),
        followers=_count(user, "follower_count", "edge_followed_by"),
        following=_count(user, "following_count", "edge_follow"),
        declared_posts=_count(
            user, "media_count", "edge_owner_to_timeline_media", "all_media_count"
        ),
        avatar=_avatar(native_id, user),
        evidence=evidence,
    )


def is_detailed(found: Profile) -> bool:
    """Whether an answer told all that a profile page shows a visitor."""
    wanted = (found.name, found.biography, found.is_private, found.followers, found.declared_posts)
    return None not in wanted and found.avatar is not None


def _count(user: Mapping[str, object], *names: str) -> int | None:
    for name in names:
        value = user.get(name)
        found = number(dig(value, "count") if isinstance(value, Mapping) else value)
        if found is not None:
            return found
    return None


def _avatar(native_id: str, user: Mapping[str, object]) -> Media | None:
    wanted = (
        dig(user, "hd_profile_pic_url_info", "url"),
        user.get("profile_pic_url_hd"),
        user.get("profile_pic_url"),
    )
    for value in wanted:
        url = address(value)
        if url:
            return Media(f"{native_id}-avatar", MediaKind.IMAGE, MediaRole.AVATAR, 0, url)
    return None
