"""Posts and their parts as JSON values, for ``--json``. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from storage.catalogue.comment_documents import CLASSIFICATION
from storage.catalogue.history import ObservationRow, VersionRow
from storage.catalogue.notes import PostNote
from storage.catalogue.posts import MediaRow, PostRow
from storage.catalogue.relations import PostAccount


def post_row(post: PostRow, notes: Sequence[PostNote] = ()) -> dict[str, object]:
    """One row of ``jejak posts --json``.

    Args:
        notes: The standing ones that hold for it.
    """
    return {
        "id": post.id,
        "platform": post.platform,
        "account": post.account,
        "kind": post.kind,
        "state": post.state,
        "caption": post.caption,
        "published_at": post.published_at,
        "permalink": post.permalink,
        "first_seen": post.first_seen,
        "last_seen": post.last_seen,
        "versions": post.versions,
        "media": [media_row(item) for item in post.media],
        "media_complete": post.media_complete,
        "evidence": list(post.evidence),
        "notes": [note_row(one) for one in notes],
    }


def note_row(one: PostNote) -> dict[str, object]:
    """One note of a post's row."""
    note = one.note
    return {
        "note": note.number,
        "kind": note.kind,
        "basis": one.basis,
        "reason": note.reason,
        "reference": note.reference,
        "from": note.since,
        "until": note.until,
    }


def media_row(item: MediaRow) -> dict[str, object]:
    """One media item of a row."""
    return {
        "media_id": item.media_id,
        "kind": item.kind,
        "role": item.role,
        "mime": item.mime,
        "size_bytes": item.size_bytes,
        "sha256": item.sha256,
        "record": item.record,
        "complete": item.complete,
    }


def full_row(
    post: PostRow,
    versions: Iterable[VersionRow],
    observations: Iterable[ObservationRow],
    notes: Sequence[PostNote] = (),
    accounts: Iterable[PostAccount] = (),
    comments: int = 0,
) -> dict[str, object]:
    """``jejak show --json``: the post with its versions and observations.

    ``versions`` is the list itself here; its length is ``posts``' number.
    """
    return post_row(post, notes) | {
        "versions": [
            {
                "number": version.number,
                "captured_at": version.captured_at,
                "last_captured_at": version.last_captured_at,
                "kind": version.kind,
                "caption": version.caption,
                "published_at": version.published_at,
                "permalink": version.permalink,
                "content_digest": version.content_digest,
                "media_complete": version.media_complete,
                "extra": dict(version.extra),
                "authors": [dict(author) for author in version.authors],
                "media": [media_row(item) for item in version.media],
                "documents": list(version.documents),
                "evidence": list(version.evidence),
            }
            for version in versions
        ],
        "accounts": [asdict(account) for account in accounts],
        "comments": {"kept": comments, "classification": CLASSIFICATION},
        "observations": [
            asdict(observation) | {"evidence": list(observation.evidence)}
            for observation in observations
        ],
    }
