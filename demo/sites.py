"""Both pretend platforms and their content networks, ready to start."""

from __future__ import annotations

from pathlib import Path

from demo.http import Site
from demo.instagram.site import InstagramSite
from demo.mediahosts import media_hosts
from demo.server import Platforms
from demo.tiktok.site import TikTokSite
from demo.world import World


def pretend_platforms(
    world: World,
    folder: Path,
    *,
    keep_body_bytes: int = 1024 * 1024,
    page_size: int | None = None,
    dated_by_world: bool = False,
) -> Platforms:
    """Instagram, TikTok and their content networks; not yet started.

    Args:
        world: What they show.
        folder: Where the throw-away certificates are made.
        keep_body_bytes: See `demo.server.Platforms`.
        page_size: Posts in one page of a listing, for accounts of few posts that
            shall have pages; ``None`` for as many as the platforms show.
        dated_by_world: See `demo.server.Platforms`.
    """
    instagram, tiktok = InstagramSite(), TikTokSite()
    if page_size is not None:
        instagram.page_size = tiktok.page_size = page_size
    sites: tuple[Site, ...] = (instagram, tiktok, *media_hosts())
    return Platforms(
        world, sites, folder, keep_body_bytes=keep_body_bytes, dated_by_world=dated_by_world
    )
