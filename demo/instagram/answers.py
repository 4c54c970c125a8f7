"""What the pretend Instagram says about accounts and posts, as JSON values."""

from __future__ import annotations

import base64
from datetime import datetime

from demo.instagram.recorded import recorded
from demo.world import Account, Asset, Item, Slide, World

MEDIA_HOST = "scontent.cdninstagram.com"
PAGE_SIZE = 12
TIMELINE = "xdt_api__v1__feed__user_timeline_graphql_connection"
ANONYMOUS_TIMELINE = "polaris_ordered_timeline_connection"
SINGLE = "xdt_api__v1__media__shortcode__web_info"

Json = dict[str, object]


class Voice:
    """Describes the world at one moment; media addresses are signed afresh."""

    def __init__(self, world: World, now: datetime) -> None:
        self._world = world
        self._now = now

    def sign(self, asset: Asset) -> str:
        """A media address that no earlier answer contained."""
        return self._world.sign(MEDIA_HOST, asset, self._now)

    # -- accounts ---------------------------------------------------------

    def short_user(self, account: Account) -> Json:
        """An account as it stands inside a post."""
        return {
            "pk": account.native_id,
            "id": account.native_id,
            "username": account.handle,
            "full_name": account.name,
            "is_private": account.private,
            "is_verified": account.verified,
            "profile_pic_url": self._avatar(account),
        }

    def user(self, account: Account) -> Json:
        """An account as the profile query answers it."""
        return {
            **self.short_user(account),
            "biography": account.biography,
            "external_url": account.external_url or None,
            "follower_count": account.followers,
            "following_count": account.following,
            "media_count": declared(account),
            "is_business": True,
            "category": "Government organization",
            "hd_profile_pic_url_info": {"url": self._avatar(account)},
            "friendship_status": {"following": False, "blocking": False},
        }

    def page_user(self, account: Account) -> Json:
        """An account as the logged-out profile page carries it."""
        user = self.user(account)
        del user["media_count"], user["friendship_status"], user["hd_profile_pic_url_info"]
        return {**user, "id": page_id(account), "all_media_count": declared(account)}

    def web_profile(self, account: Account) -> Json:
        """An account in the older shape of ``web_profile_info``."""
        return {
            "id": account.native_id,
            "username": account.handle,
            "full_name": account.name,
            "biography": account.biography,
            "external_url": account.external_url or None,
            "is_private": account.private,
            "is_verified": account.verified,
            "edge_followed_by": {"count": account.followers},
            "edge_follow": {"count": account.following},
            "edge_owner_to_timeline_media": {"count": declared(account), "edges": []},
            "profile_pic_url": self._avatar(account),
            "profile_pic_url_hd": self._avatar(account),
        }

    def _avatar(self, account: Account) -> str | None:
        return self.sign(account.avatar) if account.avatar else None

    # -- posts --------------------------------------------------------------

    def media(self, account: Account, item: Item) -> Json:
        """One post, complete; a recorded object if the item has one."""
        if item.raw is not None:
            return recorded(item, account, self._world, self._now)
        found: Json = {
            "pk": item.native_id,
            "id": f"{item.native_id}_{account.native_id}",
            "code": item.code,
            "taken_at": int(item.taken_at.timestamp()),
            "product_type": _product(item),
            "caption": {"pk": "1", "text": item.caption} if item.caption else None,
            "caption_is_edited": False,
            "user": self.short_user(account),
            "owner": {"id": account.native_id},
            "has_liked": False,
            "like_count": -1 if item.hide_counts else item.likes,
            "like_and_view_counts_disabled": item.hide_counts,
            "comment_count": item.comments,
            "comments_disabled": None,
            "coauthor_producers": [],
            "location": None,
            "timeline_pinned_user_ids": [account.native_id] if item.pinned else [],
            "view_count": None,
            "play_count": item.plays if item.kind == "reel" and not item.hide_counts else None,
        }
        if item.kind == "carousel":
            slides = [self._slide(slide) for slide in item.slides]
            cover = {"image_versions2": self._slide(item.slides[0])["image_versions2"]}
            return {**found, **cover, "media_type": 8, "carousel_media": slides}
        return {
            **found,
            **self._slide(item.slides[0]),
            "pk": item.native_id,
            "carousel_media": None,
        }

    def _slide(self, slide: Slide) -> Json:
        film = slide.asset.mime.startswith("video/")
        picture = slide.cover if film else slide.asset
        found: Json = {
            "pk": slide.media_id,
            "media_type": 2 if film else 1,
            "original_width": slide.asset.width,
            "original_height": slide.asset.height,
            "accessibility_caption": None,
            "image_versions2": {"candidates": self._sizes(picture) if picture else []},
            "video_versions": None,
        }
        if film:
            found["video_duration"] = slide.asset.duration_s
            found["video_versions"] = [
                {**size, "type": kind, "bandwidth": 1_200_000}
                for kind in (101, 103)
                for size in self._sizes(slide.asset)[:1]
            ]
        return found

    def _sizes(self, asset: Asset) -> list[Json]:
        return [
            {"width": asset.width // part, "height": asset.height // part, "url": self.sign(asset)}
            for part in (1, 2)
        ]

    def stub(self, item: Item) -> Json:
        """One post as the logged-out listing shows it: little more than its code."""
        return {
            "__typename": "XIGPolarisMedia",
            "code": item.code,
            "timeline_pinned_user_ids": ["0"] if item.pinned else [],
        }


def connection(account: Account, nodes: list[Json], start: int) -> Json:
    """One page of a listing from ``start``, with its page_info."""
    total = len(shown(account))
    end = start + len(nodes)
    return {
        "edges": [{"node": node, "cursor": node["code"]} for node in nodes],
        "page_info": {
            "has_next_page": end < total,
            "end_cursor": cursor(end) if end < total else None,
            "has_previous_page": start > 0,
            "start_cursor": None,
        },
    }


def shown(account: Account) -> list[Item]:
    """What a visitor who does not follow the account sees."""
    return [] if account.private else account.public()


def declared(account: Account) -> int:
    """The number of posts the profile claims."""
    return len(account.public()) + account.declared_extra


def page_id(account: Account) -> str:
    """The id the logged-out page uses; deliberately not the account's own."""
    return f"1784{int(account.native_id):013d}"


def cursor(position: int) -> str:
    """An opaque place in a listing."""
    return "QVFC" + base64.urlsafe_b64encode(f"at:{position}".encode()).decode().rstrip("=")


def position(text: str) -> int:
    """Where a cursor points; 0 for anything else."""
    try:
        coded = text.removeprefix("QVFC")
        plain = base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)).decode()
        return int(plain.removeprefix("at:"))
    except ValueError:
        return 0


def _product(item: Item) -> str:
    return {"carousel": "carousel_container", "reel": "clips", "video": "igtv"}.get(
        item.kind, "feed"
    )
