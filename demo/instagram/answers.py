"""What the pretend Instagram says about accounts and posts, as JSON values."""

from __future__ import annotations

from datetime import datetime

from demo.instagram.recorded import recorded
from demo.world import Account, Asset, Item, Slide, World

MEDIA_HOST = "scontent.cdninstagram.com"
TIMELINE = "xdt_api__v1__feed__user_timeline_graphql_connection"
ANONYMOUS_TIMELINE = "polaris_ordered_timeline_connection"
REELS = "xdt_api__v1__clips__user__connection_v2"
SINGLE = "xdt_api__v1__media__shortcode__web_info"

PAGE_SIZE = 12
"""Posts in one page of a listing, at most."""

Json = dict[str, object]


class Voice:
    """Describes the world at one moment; media addresses are signed afresh."""

    def __init__(self, world: World, now: datetime, page_size: int = PAGE_SIZE) -> None:
        self.world = world
        self.now = now
        self.page_size = page_size

    def sign(self, asset: Asset) -> str:
        """A media address that no earlier answer contained."""
        # The covers of highlights belong to no post that registers them.
        self.world.assets.setdefault(asset.name, asset)
        return self.world.sign(MEDIA_HOST, asset, self.now)

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
            "profile_pic_url": self.avatar(account),
        }

    def user(self, account: Account) -> Json:
        """An account as the profile query answers it."""
        return {
            **self.short_user(account),
            "biography": account.biography,
            "external_url": account.external_url or None,
            "follower_count": account.followers,
            "following_count": account.following,
            "media_count": self.declared(account),
            "is_business": True,
            "category": "Government organization",
            "hd_profile_pic_url_info": {"url": self.avatar(account)},
            "friendship_status": {"following": False, "blocking": False},
        }

    def page_user(self, account: Account) -> Json:
        """An account as the logged-out profile page carries it."""
        user = self.user(account)
        del user["media_count"], user["friendship_status"], user["hd_profile_pic_url_info"]
        return {**user, "id": page_id(account), "all_media_count": self.declared(account)}

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
            "edge_owner_to_timeline_media": {"count": self.declared(account), "edges": []},
            "profile_pic_url": self.avatar(account),
            "profile_pic_url_hd": self.avatar(account),
        }

    def avatar(self, account: Account) -> str | None:
        """A fresh address of the profile picture, if there is one."""
        return self.sign(account.avatar) if account.avatar else None

    def declared(self, account: Account) -> int:
        """The number of posts the profile claims; shared ones count for all."""
        return len(self.world.timeline(account)) + account.declared_extra

    # -- posts --------------------------------------------------------------

    def media(self, account: Account, item: Item) -> Json:
        """One post, complete; a recorded object if the item has one."""
        if item.raw is not None:
            return recorded(item, account, self.world, self.now)
        found: Json = {
            "pk": item.native_id,
            "id": f"{item.native_id}_{account.native_id}",
            "code": item.code,
            "taken_at": int(item.taken_at.timestamp()),
            "product_type": _product(item),
            "caption": {"pk": "1", "text": item.caption} if item.caption else None,
            "caption_is_edited": item.caption_edited,
            "user": self.short_user(account),
            "owner": {"id": account.native_id},
            "has_liked": False,
            "like_count": -1 if item.hide_counts else item.likes,
            "like_and_view_counts_disabled": item.hide_counts,
            "comment_count": item.comments,
            "comments_disabled": True if item.comments_off else None,
            "coauthor_producers": self._coauthors(item),
            "invited_coauthor_producers": [],
            "location": self._place(item),
            "usertags": self._tagged(item),
            "timeline_pinned_user_ids": [account.native_id] if item.pinned else [],
            "view_count": None,
            "play_count": item.plays if item.kind == "reel" and not item.hide_counts else None,
            **self._music(item),
        }
        if item.kind == "live":
            found["is_post_live"] = True
        slides = [self.slide(slide, _at(item.alt_texts, n)) for n, slide in enumerate(item.slides)]
        if item.kind == "carousel":
            cover = {"image_versions2": slides[0]["image_versions2"]}
            return {**found, **cover, "media_type": 8, "carousel_media": slides}
        return {**found, **slides[0], "pk": item.native_id, "carousel_media": None}

    def slide(self, slide: Slide, alt_text: str | None = None) -> Json:
        """One picture or film, in all the sizes the platform offers."""
        film = slide.asset.mime.startswith("video/")
        picture = slide.cover if film else slide.asset
        found: Json = {
            "pk": slide.media_id,
            "media_type": 2 if film else 1,
            "original_width": slide.asset.width,
            "original_height": slide.asset.height,
            "accessibility_caption": alt_text or None,
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

    def stub(self, item: Item) -> Json:
        """One post as the logged-out listing shows it: little more than its code."""
        return {
            "__typename": "XIGPolarisMedia",
            "code": item.code,
            "timeline_pinned_user_ids": ["0"] if item.pinned else [],
        }

    def reel(self, account: Account, item: Item) -> Json:
        """One reel as the reels tab shows it: a cover and counts, no caption."""
        whole = self.media(account, item)
        names = (
            "pk",
            "id",
            "code",
            "media_type",
            "product_type",
            "image_versions2",
            "original_width",
            "original_height",
            "like_count",
            "comment_count",
            "play_count",
            "view_count",
            "like_and_view_counts_disabled",
        )
        user = {"pk": account.native_id, "id": account.native_id}
        kept = {name: whole.get(name) for name in names}
        return {**kept, "user": user, "clips_tab_pinned_user_ids": []}

    def _sizes(self, asset: Asset) -> list[Json]:
        return [
            {"width": asset.width // part, "height": asset.height // part, "url": self.sign(asset)}
            for part in (1, 2)
        ]

    def _coauthors(self, item: Item) -> list[Json]:
        found = (self.world.accounts.get(f"instagram:{other}") for other in item.coauthors)
        return [self.short_user(account) for account in found if account and not account.gone]

    def _place(self, item: Item) -> Json | None:
        place = item.place
        if place is None:
            return None
        return {
            "pk": place.native_id,
            "id": place.native_id,
            "name": place.name,
            "short_name": place.name,
            "address": place.address,
            "city": "",
            "lat": None,
            "lng": None,
            "has_viewer_saved": False,
        }

    def _tagged(self, item: Item) -> Json | None:
        if not item.tagged:
            return None
        people = []
        for handle in item.tagged:
            account = self.world.by_handle("instagram", handle)
            user: Json = {"username": handle, "full_name": "", "is_verified": False}
            user["pk"] = user["id"] = account.native_id if account else "1"
            people.append({"position": [0.5, 0.5], "user": user})
        return {"in": people}

    def _music(self, item: Item) -> Json:
        if item.song is None:
            return {"clips_metadata": None, "music_metadata": None}
        info = {"music_asset_info": song(item), "music_consumption_info": {"is_bookmarked": False}}
        if item.kind == "reel":
            clips = {"audio_type": "licensed_music", "music_info": info}
            return {"clips_metadata": {**clips, "original_sound_info": None}}
        return {"music_metadata": {"audio_type": "licensed_music", "music_info": info}}


def song(item: Item) -> Json:
    """The music of a post, named."""
    assert item.song is not None
    return {
        "audio_cluster_id": item.song.native_id,
        "id": item.song.native_id,
        "title": item.song.title,
        "display_artist": item.song.artist,
        "is_explicit": False,
    }


def page_id(account: Account) -> str:
    """The id the logged-out page uses; deliberately not the account's own."""
    return f"1784{int(account.native_id):013d}"


def _at(texts: tuple[str, ...], place: int) -> str | None:
    return texts[place] if place < len(texts) else None


def _product(item: Item) -> str:
    return {
        "carousel": "carousel_container",
        "reel": "clips",
        "video": "igtv",
        "live": "igtv",
        "story": "story",
    }.get(item.kind, "feed")
