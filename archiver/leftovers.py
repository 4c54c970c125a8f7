"""Posts that no listing showed tonight and that are not kept whole: one visit each."""

from __future__ import annotations

from collections.abc import Collection

from archiver.notes import Notes
from archiver.orders import Desk
from archiver.taking import ENDS_CAPTURE, Taking, problem_of
from connectors.base import Connector
from connectors.errors import ConnectorError
from connectors.model import AccountRef, PostRef, Presence, Problem
from storage.catalogue import posts

NEVER_KEPT = 20
"""So many posts that could not be kept are tried again in one capture."""


def read_leftovers(
    connector: Connector,
    account: AccountRef,
    taking: Taking,
    notes: Notes,
    desk: Desk,
    settled: Collection[str] = (),
) -> None:
    """Visit posts whose media are incomplete, and posts that could not be kept.

    One visit each is cheaper than reading a long listing to its end every
    night for a post that is perhaps no longer there. When the night's requests
    are spent, the rest waits, and the capture says what it still lacks.

    Args:
        settled: Posts that need no visit: asked already, or known to be gone.
    """
    with desk.catalogue.reading() as conn:
        lost = posts.never_kept(conn, account.key, limit=NEVER_KEPT)
    unfinished = [post_id for post_id, known in taking.kept.items() if not known.media_complete]
    for post_id in dict.fromkeys((*unfinished, *lost)):
        # A story has no address of its own once it is gone from the tray.
        if post_id in notes.changes or ":story:" in post_id or post_id in settled:
            continue
        if desk.quota.left < 1:
            notes.unfinished += post_id in taking.kept
            if post_id not in taking.kept:
                notes.section_reason = notes.section_reason or "posts_failed"
            continue
        _visit(connector, account, taking, notes, post_id, kept=post_id in taking.kept)


def _visit(
    connector: Connector,
    account: AccountRef,
    taking: Taking,
    notes: Notes,
    post_id: str,
    *,
    kept: bool,
) -> None:
    reference = PostRef(account.platform, post_id.partition(":")[2], account)
    try:
        sighting = connector.look(reference)
    except ENDS_CAPTURE:
        raise
    except ConnectorError as error:
        (notes.problems if kept else notes.failed).append(problem_of(error, post_id))
        return
    if sighting.presence is Presence.PRESENT and sighting.post is not None:
        taking.post(sighting.post)
        return
    detail = f"its media stay incomplete: {sighting.reason}"
    code = "unfinished_not_seen"
    if not kept:
        gone = sighting.presence is Presence.GONE
        code = posts.FAILED_GONE if gone else "failed_post_not_seen"
        detail = f"it was listed once and never kept: {sighting.reason}"
    notes.problems.append(Problem(code, detail, sighting.evidence, post_id))
