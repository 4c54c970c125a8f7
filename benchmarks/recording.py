"""A recorder on a fresh segment, as one run of the archive has it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from connectors.base import Limits, SecretRules
from storage.recorder import CaptureSink, Recorder
from storage.warc_writer import SegmentWriter


@contextmanager
def capture(folder: Path, *, rules: SecretRules | None = None) -> Iterator[CaptureSink]:
    """One capture's sink; the segment is closed when the block ends."""
    writer = SegmentWriter.open(
        folder / "segments",
        started_at=datetime.now(UTC),
        host="bench",
        info={"software": "jejak benchmark"},
    )
    spool = folder / "spool"
    spool.mkdir(parents=True, exist_ok=True)
    recorder = Recorder(
        writer, spool_dir=spool, limits=Limits(), known_payload=lambda account, digest: None
    )
    try:
        yield recorder.scope("tiktok:1", rules or SecretRules(), ())
    finally:
        recorder.close()
        writer.close()
