"""Which post a person means: an id, or any address they paste. Pure."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from archiver.errors import UsageProblem
from archiver.i18n import N_
from connectors import PLATFORMS, platform


def post_id(pasted: str) -> str:
    """The catalogue id of the post a person named.

    Args:
        pasted: ``instagram:CODE``, ``tiktok:ID`` or an address with ``/p/``,
            ``/reel/``, ``/tv/``, ``/stories/NAME/``, ``/video/`` or ``/photo/``;
            what follows ``?`` or ``#`` (tracking) is ignored.

    Raises:
        UsageProblem: It names no post, for example a short link, which only
            its platform can resolve.
    """
    text = pasted.strip().strip("<>\"'")
    host, path = _host_and_path(text)
    for name in PLATFORMS:
        known = platform(name)
        if text.startswith(f"{name}:") and known.post.fullmatch(text.removeprefix(f"{name}:")):
            return text
        if host == known.domain or host.endswith("." + known.domain):
            for begin, patterns in (("", known.post_paths), ("story:", known.story_paths)):
                for pattern in patterns:
                    if found := pattern.fullmatch(path):
                        return f"{name}:{begin}{found['code']}"
            if any(pattern.fullmatch(path) for pattern in known.collection_paths):
                raise UsageProblem(
                    N_("{pasted} names a highlight: a collection of stories, not one of them."),
                    hint=N_("Open a story of it; `jejak posts --kind highlight` lists those kept."),
                    pasted=pasted[:200],
                )
    raise UsageProblem(
        N_("{pasted} names no post."),
        hint=N_(
            "Give an id such as instagram:CODE, or the address that the browser shows when the"
            " post is open."
        ),
        pasted=pasted[:200],
    )


def _host_and_path(text: str) -> tuple[str, str]:
    try:
        parts = urlsplit(text if "://" in text else "https://" + text)
        return (parts.hostname or "").lower(), unquote(parts.path)
    except ValueError:
        # Python refuses some malformed hosts outright.
        return "", ""
