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
    world: World, folder: Path, *, keep_body_bytes: int = 1024 * 1024
) -> Platforms:
    """Instagram, TikTok and their content networks; not yet started.

    Args:
        world: What they show.
        folder: Where the throw-away certificates are made.
        keep_body_bytes: See `demo.server.Platforms`.
    """
    sites: tuple[Site, ...] = (InstagramSite(), TikTokSite(), *media_hosts())
    return Platforms(world, sites, folder, keep_body_bytes=keep_body_bytes)
