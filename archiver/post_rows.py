"""Posts and their parts as JSON values, for ``--json``. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from archiver.post_history import PostHistory
from archiver.state_words import tombstone_of
from archiver.versions.difference_rows import difference_rows
from storage.catalogue.comment_documents import CLASSIFICATION
from storage.catalogue.history import VersionRow
from storage.catalogue.notes import PostNote
from storage.catalogue.posts import MediaRow, PostRow
from storage.catalogue.relations import PostAccount
from storage.catalogue.states import DELETED
from storage.catalogue.tombstones import TombstoneRow


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
        "state_reason": post.state_reason,
        "state_since": post.state_since,
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


def window_row(post: PostRow, tombstones: Sequence[TombstoneRow]) -> dict[str, object]:
    """Between which moments a withdrawn post vanished; nothing for other posts."""
    stone = tombstone_of(post, tombstones)
    if post.state != DELETED or stone is None:
        return {}
    return {"absent_after": stone.absent_after, "absent_by": stone.absent_by}


def full_row(
    post: PostRow,
    history: PostHistory,
    notes: Sequence[PostNote] = (),
    accounts: Iterable[PostAccount] = (),
    comments: int = 0,
) -> dict[str, object]:
    """``jejak show --json``: the post with all that is kept of it over time.

    ``versions`` is the list itself here; its length is ``posts``' number.
    """
    return post_row(post, notes) | {
        **window_row(post, history.tombstones),
        "versions": [_version_row(version, history) for version in history.versions],
        "accounts": [asdict(account) for account in accounts],
        "comments": {"kept": comments, "classification": CLASSIFICATION},
        "observations": [_lists(asdict(observation)) for observation in history.observations],
        "checks": [_lists(asdict(check)) for check in history.checks],
        "tombstones": [_lists(asdict(stone)) for stone in history.tombstones],
    }


def _version_row(version: VersionRow, history: PostHistory) -> dict[str, object]:
    return {
        "number": version.number,
        "captured_at": version.captured_at,
        "last_captured_at": version.last_captured_at,
        "kind": version.kind,
        "caption": version.caption,
        "published_at": version.published_at,
        "permalink": version.permalink,
        "content_digest": version.content_digest,
        "media_complete": version.media_complete,
        "changed": difference_rows(history.changes.get(version.number, ())),
        "extra": dict(version.extra),
        "authors": [dict(author) for author in version.authors],
        "media": [media_row(item) for item in version.media],
        "documents": list(version.documents),
        "evidence": list(version.evidence),
    }


def _lists(row: dict[str, object]) -> dict[str, object]:
    return {name: list(v) if isinstance(v, tuple) else v for name, v in row.items()}
