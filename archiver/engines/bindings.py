"""What jejak takes hold of inside a library: are the points still there?"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from importlib import import_module
from types import MappingProxyType

RAISING: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "instagram": ("instaloader.exceptions",),
        "tiktok": (
            "yt_dlp.networking.exceptions",
            "yt_dlp.utils",
            "yt_dlp.utils._utils",
            "yt_dlp.utils.networking",
            "yt_dlp.utils.traversal",
            "yt_dlp.extractor.tiktok",
        ),
    }
)
"""Modules that define what a library raises where jejak calls it, by platform."""

HELD: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "instagram": (
            "instaloader.instaloadercontext:requests.Session",
            "instaloader.instaloadercontext:InstaloaderContext.error",
            "instaloader.instaloadercontext:InstaloaderContext.get_page_data",
            "instaloader.instaloadercontext:InstaloaderContext.get_json",
            "instaloader.instaloadercontext:InstaloaderContext.load_session",
            "instaloader.instaloadercontext:RateController.sleep",
            "instaloader:Profile.from_username",
            "instaloader:Profile.from_id",
            "instaloader:Profile.own_profile",
            "instaloader:Profile.get_posts",
            "instaloader:Profile._obtain_metadata",
            "instaloader:Post.from_shortcode",
            "instaloader:NodeIterator._query",
        ),
        "tiktok": (
            "yt_dlp.globals:all_plugins_loaded.value",
            "yt_dlp:YoutubeDL.build_request_director",
            "yt_dlp:YoutubeDL.urlopen",
            "yt_dlp.networking._helper:make_ssl_context",
            "yt_dlp.networking._helper:get_redirect_method",
            "yt_dlp.networking._requests:RequestsRH._create_instance",
            "yt_dlp.networking._requests:RequestsRH._make_sslcontext",
            "yt_dlp.networking._requests:RequestsRH._send",
            "yt_dlp.networking._curlcffi:CurlCFFIRH._send",
            "yt_dlp.networking._curlcffi:CurlCFFIRH._get_impersonate_headers",
            "yt_dlp.networking._curlcffi:CurlCFFIRH._SUPPORTED_IMPERSONATE_TARGET_MAP",
            "yt_dlp.networking._curlcffi:CurlCFFIRH._calculate_timeout",
            "yt_dlp.extractor.tiktok:TikTokIE._extract_web_data_and_status",
            "yt_dlp.extractor.tiktok:TikTokUserIE._build_web_query",
            "yt_dlp.extractor.tiktok:TikTokUserIE._API_BASE_URL",
        ),
    }
)
"""Names that the connectors override or call, ``module:path``, by platform."""


def loose_ends(platform: str) -> list[str]:
    """Names that are gone, and exceptions that no table knows; empty when all fits."""
    return [*_missing(platform), *_unknown(platform)]


def _missing(platform: str) -> Iterator[str]:
    for name in HELD[platform]:
        module, _, path = name.partition(":")
        try:
            here: object = import_module(module)
            for part in path.split("."):
                here = getattr(here, part)
        except (ImportError, AttributeError):
            yield f"{name} is not there any more"


def _unknown(platform: str) -> Iterator[str]:
    known = _table(platform)
    package = RAISING[platform][0].partition(".")[0]
    seen = set()
    for name in RAISING[platform]:
        try:
            module = import_module(name)
        except ImportError:
            yield f"{name} is not there any more"
            continue
        for kind in vars(module).values():
            if (
                inspect.isclass(kind)
                and issubclass(kind, BaseException)
                and kind.__module__.partition(".")[0] == package
                and not kind.__name__.startswith("compat_")
                and kind.__name__ not in known
                and kind not in seen
            ):
                seen.add(kind)
                yield f"{kind.__module__}.{kind.__name__} is an exception that no table knows"


def _table(platform: str) -> Mapping[str, object]:
    if platform == "instagram":
        from connectors.instagram.meaning import LIBRARY_EXCEPTIONS

        return LIBRARY_EXCEPTIONS
    from connectors.tiktok.meaning import EXCEPTIONS

    return EXCEPTIONS
