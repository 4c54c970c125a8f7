"""Draining one media file and judging whether it is what was asked for."""

from __future__ import annotations

from typing import Protocol

from connectors.errors import AddressRefused, LimitExceeded
from connectors.media_type import misfit, sniff
from connectors.model import Media, MediaRecord, Problem, RecordId
from connectors.tiktok import meaning
from connectors.tiktok.visit import Download

ATTEMPTS = 2
_PASSING = frozenset({"no_answer", "incomplete", "unreadable", "empty"})
"""Problems of the moment, worth one more request (as are 5xx answers)."""


class Downloads(Protocol):
    """What fetching needs of the client."""

    def download(self, url: str, referer: str) -> Download:
        """Drain one file into the sink."""


def fetch(client: Downloads, media: Media, referer: str, post_id: str | None) -> MediaRecord:
    """Drain one media item; never twice after an answer that will not change.

    Args:
        referer: The page it stands on; film hosts want it.
        post_id: For problems; ``None`` for an avatar.

    Raises:
        ConnectorError: TikTok blocks this visitor, or the gate says stop.
    """
    problem: Problem | None = None
    record = None
    for _ in range(ATTEMPTS):
        try:
            download = client.download(media.url, referer)
        except (AddressRefused, LimitExceeded) as stopped:
            return _stopped(media, stopped, post_id)
        entry = download.last
        record = entry.record_id if entry else record
        if entry and entry.status == 429:
            blocked = meaning.of_status(entry)
            assert blocked is not None
            raise blocked
        found = meaning.of_download(download) or misfit(media.kind, sniff(download.first))
        if found is None:
            return MediaRecord(media, record)
        evidence = (record,) if record else ()
        problem = Problem(found[0], found[1], evidence, post_id, media.media_id)
        if found[0] not in _PASSING and not found[0].startswith("http_5"):
            break
    return MediaRecord(media, record, problem)


def _stopped(
    media: Media, error: AddressRefused | LimitExceeded, post_id: str | None
) -> MediaRecord:
    """One file that a guard stopped; the rest of the night goes on."""
    code = f"limit_{error.limit}" if isinstance(error, LimitExceeded) else error.code
    evidence: tuple[RecordId, ...] = error.evidence
    problem = Problem(code, str(error), evidence, post_id, media.media_id)
    return MediaRecord(media, evidence[-1] if evidence else None, problem)
