"""Whether a picture or film ends before its own structure says it does.

A server that announces too little is believed by every HTTP client: the rest
of the file is then missing without a word. The file itself tells.

*Source:* ISO/IEC 14496-12, 4.2 (boxes); ITU-T T.81, B.1.1.3 (EOI); PNG, 11.2.5
(IEND); the RIFF header of WebP.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

Read = Callable[[int, int], bytes]
"""Bytes of the body from a position, so many; fewer at its end."""

_TAIL_BYTES: Final = 64 * 1024
"""Cameras and editors append a little behind the end of a picture."""
_MOST_BOXES: Final = 100_000
_BOXES: Final = frozenset(
    b"ftyp styp moov moof mfra mdat free skip wide uuid meta sidx ssix pdin emsg prft udta".split()
)
_DESCRIPTIONS: Final = frozenset({b"moov", b"moof", b"meta"})
_BOXED: Final = frozenset({"video/mp4", "video/quicktime", "audio/mp4", "image/heic", "image/avif"})


def ends_early(identified: str | None, size_bytes: int, read: Read) -> bool:
    """Whether bytes are missing at the end of a media file.

    Args:
        identified: Its media type, told from its first bytes.
        size_bytes: How many bytes there are.
        read: Gives some of them.

    Returns:
        False for types whose end cannot be told.
    """
    if identified in _BOXED:
        return _box_ends_beyond(size_bytes, read)
    if identified == "image/webp":
        return int.from_bytes(read(4, 4), "little") + 8 > size_bytes
    marker = {"image/jpeg": b"\xff\xd9", "image/png": b"IEND"}.get(identified or "")
    if marker is None:
        return False
    start = max(0, size_bytes - _TAIL_BYTES)
    return marker not in read(start, size_bytes - start)


def _box_ends_beyond(size_bytes: int, read: Read) -> bool:
    position, described = 0, False
    for _ in range(_MOST_BOXES):
        head = read(position, 16)
        if len(head) < 8:
            # The cut may fall between two boxes: without its description no film plays.
            return not described
        if head[4:8] not in _BOXES:
            # Something else was appended behind the last box.
            return False
        described = described or head[4:8] in _DESCRIPTIONS
        length = int.from_bytes(head[:4], "big")
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        if length < 8:
            # 0 reaches to the end, by definition; anything else is no box.
            return False
        position += length
        if position > size_bytes:
            return True
    return False
