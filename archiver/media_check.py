"""Whether a media answer is the media item it was asked for. Pure."""

from __future__ import annotations

from connectors.media_type import misfit
from connectors.model import MediaRecord, Problem
from storage.records import Stored


def media_problem(
    answer: MediaRecord, stored: Stored | None, post_id: str | None
) -> Problem | None:
    """What is wrong with one media answer.

    Args:
        answer: What the connector says became of the item.
        stored: What storage knows of the answer; ``None`` without a record.
        post_id: The post it belongs to.

    Returns:
        ``None`` when the stored bytes are whole and of the right sort.
    """
    if answer.problem is not None:
        return answer.problem
    media = answer.media

    def problem(code: str, detail: str) -> Problem:
        evidence = (answer.record,) if answer.record and stored else ()
        return Problem(code, detail, evidence, post_id, media.media_id)

    if answer.record is None or stored is None:
        return problem("no_record", f"no answer for this {media.kind} was recorded")
    if stored.http_status not in (200, 203, 206):
        return problem("http_status", f"answered with status {stored.http_status}")
    if stored.truncated is not None:
        return problem("cut", f"the answer is cut ({stored.truncated})")
    if stored.sha256 is None:
        return problem("undecodable", "the answer could not be decoded")
    if stored.size_bytes == 0:
        return problem("empty", "the answer is empty")
    unlike = misfit(media.kind, stored.identified)
    if unlike is not None:
        return problem(*unlike)
    if stored.ends_early:
        return problem("ends_early", "the file says itself that its end is missing")
    return None
