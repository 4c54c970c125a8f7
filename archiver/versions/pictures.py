"""Are these other pictures, or the same ones under other names?

Platforms give a file another key, or a picture another id, without any act of
its owner. A name alone, without a picture to compare, is no change.
"""

from __future__ import annotations

from archiver.keeping import Fetched, judge_media
from archiver.versions.changes import Content, under_first_ids
from archiver.versions.slides import Slide, same_pictures
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
    """
    shown = next((item for item in post.media if item.role is MediaRole.COVER), None)
    if shown is None:
        return False, None
    answer = judge_media(sink, connector.fetch(shown), post.id)
    if answer.problem is not None or answer.stored is None:
        return False, answer.problem or Problem("no_record", "no cover came", (), post.id)
    return answer.stored.sha256 not in _covers(catalogue, post.id), None


def by_their_bytes(
    catalogue: Catalogue, post_id: str, now: Content, before: Content, fetched: Fetched
) -> dict[str, object]:
    """The content with the names that its pictures and cover had before, where
    their bytes are the same.

    Args:
        now: As it was settled.
        before: Of the newest version, whose media are asked from the catalogue.
        fetched: The media of ``now``.
    """
    compared = dict(now)
    if now.get("media") != before.get("media"):
        with catalogue.reading() as conn:
            row = posts.get(conn, post_id)
        kept = [
            Slide(item.media_id, item.sha256 if item.complete else None)
            for item in (row.media if row else ())
            if item.role == MediaRole.CONTENT
        ]
        if same_pictures(kept, _fetched_slides(fetched)):
            compared = under_first_ids(now, before)
    if now.get("cover") != before.get("cover"):
        came = (
            i.stored for i in fetched.media if i.media.role is MediaRole.COVER and not i.problem
        )
        shown = {stored.sha256 for stored in came if stored is not None}
        if shown & _covers(catalogue, post_id):
            compared["cover"] = before.get("cover")
    return compared


def _fetched_slides(fetched: Fetched) -> list[Slide]:
    slides = [item for item in fetched.media if item.media.role is MediaRole.CONTENT]
    return [
        Slide(
            item.media.media_id,
            item.stored.sha256 if item.stored is not None and item.problem is None else None,
        )
        for item in sorted(slides, key=lambda item: item.media.position)
    ]


def _covers(catalogue: Catalogue, post_id: str) -> set[str | None]:
    with catalogue.reading() as conn:
        row = posts.get(conn, post_id)
    return {
        item.sha256
        for item in (row.media if row else ())
        if item.role == MediaRole.COVER and item.complete
    }
