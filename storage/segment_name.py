"""Names and places of segments.

``JEJAK-<14 digits UTC>-<5 digit serial>-<host>.warc.gz`` in a folder per
month; ``.open`` behind the name while a writer owns it. The names work on
Windows too: no colon, lower-case host.

*Source:* WARC 1.1, annex C.1 (Prefix-Timestamp-Serial-Crawlhost).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

OPEN_SUFFIX: Final = ".open"
SIDECAR_SUFFIX: Final = ".cdxj"
_NAME = re.compile(r"JEJAK-(\d{4})(\d{2})\d{8}-\d{5,}-[a-z0-9.-]+\.warc\.gz")


def segment_name(begun_at: datetime, serial: int, host: str) -> str:
    """The name of a segment; ``host`` is reduced to letters, digits, dots, hyphens."""
    place = re.sub(r"[^a-z0-9.-]+", "-", host.lower()).strip(".-")[:40] or "localhost"
    return f"JEJAK-{begun_at.astimezone(UTC):%Y%m%d%H%M%S}-{serial:05d}-{place}.warc.gz"


def segment_path(segments: Path, name: str) -> Path:
    """Where a closed segment lies.

    Args:
        segments: ``<archive>/segments``.

    Raises:
        ValueError: ``name`` is no segment's name.
    """
    match = _NAME.fullmatch(name)
    if match is None:
        raise ValueError(f"not the name of a segment: {name!r}")
    return segments / f"{match.group(1)}-{match.group(2)}" / name


def sidecar_path(segment: Path) -> Path:
    """Where the CDXJ of a segment lies: ``.cdxj`` instead of ``.warc.gz``."""
    return segment.with_name(segment.name.removesuffix(".warc.gz") + SIDECAR_SUFFIX)
