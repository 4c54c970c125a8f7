"""Keeping one post: media, ``post/1``, one sync, one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from archiver.documents import KeptMedia, Origin, post_document
from archiver.media_check import media_problem
from archiver.versions.changes import Content
from connectors.base import Connector
from connectors.errors import ConnectorError
from connectors.model import MediaRecord, Post, Problem
from storage.catalogue import Catalogue
from storage.catalogue.intake import commit_post
from storage.recorder import CaptureSink


@dataclass(frozen=True, slots=True)
class Fetched:
    """A post's media, and what stopped the fetching, if anything did."""

    media: tuple[KeptMedia, ...]
    error: ConnectorError | None

    @property
    def complete(self) -> bool:
        """Whether every item's bytes are there and are the item."""
        return all(item.problem is None for item in self.media)


def fetch_media(connector: Connector, sink: CaptureSink, post: Post) -> Fetched:
    """Fetch every media item of a post; an item without a record is a problem.

    Args:
        post: Complete, with its media.

    Returns:
        One `KeptMedia` per item of ``post.media``, in its order, also when the
        connector yielded fewer or stopped with an error.
    """
    answers: dict[tuple[str, str], MediaRecord] = {}
    error: ConnectorError | None = None
    try:
        for answer in connector.fetch_media(post):
            answers[answer.media.media_id, answer.media.role] = answer
    except ConnectorError as caught:
        error = caught
    kept = []
    for media in post.media:
        answer = answers.get((media.media_id, media.role)) or MediaRecord(media, None)
        kept.append(judge_media(sink, answer, post.id, error))
    return Fetched(tuple(kept), error)


def judge_media(
    sink: CaptureSink, answer: MediaRecord, post_id: str | None, error: ConnectorError | None = None
) -> KeptMedia:
    """One media answer with what is stored of it and what is wrong with it."""
    stored = sink.stored(answer.record) if answer.record else None
    problem = media_problem(answer, stored, post_id)
    if problem is not None and problem.code == "no_record" and error is not None:
        problem = Problem(error.code, str(error), error.evidence, post_id, answer.media.media_id)
    return KeptMedia(answer.media, stored, problem)


def keep_post(
    sink: CaptureSink,
    catalogue: Catalogue,
    origin: Origin,
    post: Post,
    fetched: Fetched,
    now: Callable[[], datetime],
    content: Content | None = None,
) -> None:
    """Store one version of a post; when this returns, it is acknowledged.

    Args:
        content: As it is now known; what the post tells by itself when absent.

    The order is the promise: every byte is in the segment and synced before
    the catalogue speaks of it.
    """
    at = now()
    document = sink.clean(post_document(origin, post, fetched.media, at, content))
    records = [item.stored.record_id for item in fetched.media if item.stored]
    record_id = sink.write_metadata(
        "post/1",
        document,
        target_uri=post.permalink or f"urn:jejak:{post.id}",
        at=at,
        concurrent_to=list(dict.fromkeys([*post.evidence, *records])),
    )
    sink.sync()
    rows = sink.take_rows()
    with catalogue.writing() as conn:
        commit_post(conn, rows, record_id, document)
