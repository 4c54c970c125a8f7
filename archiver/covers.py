"""Is it another cover, or the same picture under another key?"""

from __future__ import annotations

from archiver.keeping import judge_media
from connectors.base import Connector
from connectors.model import MediaRole, Post, Problem
from storage.catalogue import Catalogue, posts
from storage.recorder import CaptureSink


def cover_differs(
    connector: Connector, sink: CaptureSink, catalogue: Catalogue, post: Post
) -> tuple[bool, Problem | None]:
    """Fetch a post's cover and compare it with the kept one by SHA-256.

    Returns:
        Whether it is another picture, and why that could not be told, if so.
        A key alone, without a picture to compare, is no change.
    """
    shown = next((item for item in post.media if item.role is MediaRole.COVER), None)
    if shown is None:
        return False, None
    answer = judge_media(sink, connector.fetch(shown), post.id)
    if answer.problem is not None or answer.stored is None:
        return False, answer.problem or Problem("no_record", "no cover came", (), post.id)
    with catalogue.reading() as conn:
        row = posts.get(conn, post.id)
    kept = {
        item.sha256
        for item in (row.media if row else ())
        if item.role == MediaRole.COVER and item.complete
    }
    return answer.stored.sha256 not in kept, None
