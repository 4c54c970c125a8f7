"""Reading the comments under posts; what is kept of them holds no citizen's name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from archiver.documents import Document, Origin, problem_document, storable, time_text
from archiver.notes import Notes
from archiver.orders import Desk
from archiver.pseudonyms import Pseudonyms
from archiver.taking import ENDS_CAPTURE, Stopped, problem_of
from connectors.base import Connector
from connectors.errors import ConnectorError
from connectors.model import (
    AccountRef,
    Comment,
    PageEnd,
    Post,
    PostRef,
    Presence,
    Problem,
    RecordId,
)
from storage.catalogue import comments as kept_comments
from storage.catalogue.comment_documents import CLASSIFICATION
from storage.catalogue.intake import commit_comments

UNREAD = 200
"""So many posts of earlier nights are looked up in one capture."""


@dataclass(slots=True)
class Reading:
    """The comments of one post, while they are read."""

    post: Post
    comments: list[Comment]
    pages: int = 0
    end: str = "stopped"
    reason: str | None = None
    evidence: tuple[RecordId, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_comments(
    connector: Connector, origin: Origin, account: AccountRef, notes: Notes, desk: Desk
) -> None:
    """Read comments of posts that are new, or declare another number than when
    theirs were last read; then of kept posts whose comments were never read,
    while the night's requests last.
    """
    assert desk.pseudonyms is not None
    names = desk.pseudonyms()
    shown = [post for post in notes.whole.values() if ":story:" not in post.id]
    with desk.catalogue.reading() as conn:
        before = kept_comments.declared(conn, [post.id for post in shown])
        unread = kept_comments.unread(conn, account.key, limit=UNREAD)
    failed = {problem.post_id for problem in notes.failed}
    due = [p for p in shown if p.id not in failed and _is_due(p, before)]
    for post in due:
        if not _one(connector, origin, names, post, notes, desk):
            return
    for post_id in unread:
        if post_id in notes.whole:
            continue
        if desk.quota.left < 1:
            return
        visited = _visited(connector, account, post_id, notes)
        if visited is not None and not _one(connector, origin, names, visited, notes, desk):
            return


def _is_due(post: Post, before: Mapping[str, int | None]) -> bool:
    if post.id not in before:
        return True
    return post.metrics.comments is not None and post.metrics.comments != before[post.id]


def _visited(connector: Connector, account: AccountRef, post_id: str, notes: Notes) -> Post | None:
    try:
        seen = connector.look(PostRef(account.platform, post_id.partition(":")[2], account))
    except ENDS_CAPTURE:
        raise
    except ConnectorError as error:
        notes.problems.append(problem_of(error, post_id))
        return None
    return seen.post if seen.presence is Presence.PRESENT else None


def _one(
    connector: Connector,
    origin: Origin,
    names: Pseudonyms,
    post: Post,
    notes: Notes,
    desk: Desk,
) -> bool:
    """Read and keep one post's comments; ``False`` when requests are used up."""
    stop = desk.between_posts()
    if stop is not None:
        raise Stopped(stop)
    if desk.quota.left < 1:
        return False
    reading = Reading(post, [])
    error: ConnectorError | None = None
    try:
        _read(connector, reading, desk)
    except ConnectorError as caught:
        error = caught
        reading.reason = caught.code
        notes.problems.append(problem_of(caught, post.id))
    if reading.pages:
        _keep(origin, names, reading, desk)
    if isinstance(error, ENDS_CAPTURE):
        raise error
    return True


def _read(connector: Connector, reading: Reading, desk: Desk) -> None:
    for page in connector.comments(reading.post):
        reading.pages += 1
        reading.comments += page.comments
        reading.evidence += page.evidence
        reading.problems += page.problems
        if page.end is not PageEnd.MORE:
            reading.end, reading.reason = page.end.value, page.reason
            return
        if desk.quota.left < 1:
            reading.reason = "quota"
            return
    reading.end, reading.reason = "silent", "listing_ran_out"


def _keep(origin: Origin, names: Pseudonyms, reading: Reading, desk: Desk) -> None:
    at = desk.now()
    document = desk.sink.clean(comments_document(origin, names, reading, time_text(at)))
    record_id = desk.sink.write_metadata(
        "comments/1",
        document,
        target_uri=reading.post.permalink or f"urn:jejak:{reading.post.id}",
        at=at,
        concurrent_to=list(dict.fromkeys(reading.evidence)),
    )
    desk.sink.sync()
    rows = desk.sink.take_rows()
    with desk.catalogue.writing() as conn:
        commit_comments(conn, rows, record_id, document)


def comments_document(origin: Origin, names: Pseudonyms, reading: Reading, at: str) -> Document:
    """One reading of one post's comments, under pseudonyms."""
    post = reading.post
    problems = [
        replace(p, detail=names.text(post.ref.platform, p.detail, reading.comments))
        for p in reading.problems
    ]
    return {
        "schema": "jejak:comments/1",
        "post": post.id,
        "platform": post.ref.platform,
        "account": origin.account,
        "capture": origin.capture,
        "run": origin.run,
        "route": origin.route,
        "engine": origin.engine,
        "captured_at": at,
        "classification": CLASSIFICATION,
        # Of an unfinished reading nothing may be concluded: it is due again.
        "declared": post.metrics.comments if reading.end == "end" else None,
        "pages": reading.pages,
        "end": reading.end,
        "reason": reading.reason,
        "comments": _comments(names, post, reading.comments),
        "evidence": list(dict.fromkeys(reading.evidence)),
        "problems": [problem_document(problem) for problem in problems],
    }


def _comments(names: Pseudonyms, post: Post, comments: Sequence[Comment]) -> list[Document]:
    platform = post.ref.platform
    found: list[Document] = []
    for comment in comments:
        author, account = names.author(platform, comment)
        found.append(
            {
                "comment_id": comment.comment_id,
                "author": author,
                "account": account,
                "text": storable(names.text(platform, comment.text, comments)),
                "written_at": time_text(comment.written_at) if comment.written_at else None,
                "likes": comment.likes,
                "parent_id": comment.parent_id,
            }
        )
    return found
