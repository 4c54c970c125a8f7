"""Telling a media type from the first bytes, whatever a server claims.

*Source:* the formats' own signatures; WHATWG MIME Sniffing for HTML.
"""

from __future__ import annotations

import re
from typing import Final

SNIFF_BYTES: Final = 1024

_SIGNATURES: Final[tuple[tuple[bytes, str], ...]] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"\xff\xf1", "audio/aac"),
    (b"\xff\xf9", "audio/aac"),
    (b"OggS", "audio/ogg"),
    (b"%PDF-", "application/pdf"),
    (b"#EXTM3U", "application/vnd.apple.mpegurl"),
)
_BRANDS: Final = {
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"mif1": "image/heif",
    b"M4A ": "audio/mp4",
    b"qt  ": "video/quicktime",
}
_RIFF: Final = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_HTML = re.compile(rb"<(?:!doctype html|html|head|body|script|title|meta|!--)[\s>]?", re.IGNORECASE)


def sniff(first: bytes) -> str | None:
    """The media type that ``first`` (the first bytes of an entity) begins.

    Returns:
        ``None`` when nothing is recognised, or nothing is there.
    """
    first = first[:SNIFF_BYTES]
    for signature, name in _SIGNATURES:
        if first.startswith(signature):
            return name
    if first[4:8] == b"ftyp":
        return _BRANDS.get(first[8:12], "video/mp4")
    if first.startswith(b"RIFF"):
        return _RIFF.get(first[8:12])
    return _sniff_text(first)


def is_media(name: str | None) -> bool:
    """Whether a type told from the bytes is an image, audio or video."""
    return name is not None and name.startswith(("image/", "audio/", "video/"))


def _sniff_text(first: bytes) -> str | None:
    text = first.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text or b"\x00" in text:
        return None
    if text.startswith(b"WEBVTT"):
        return "text/vtt"
    if text.startswith(b"<?xml"):
        return "application/xml"
    if _HTML.match(text):
        return "text/html"
    if text.startswith((b"{", b"[")):
        return "application/json"
    # The cut may fall inside a character, hence the tolerance at the end.
    for cut in range(4):
        try:
            text[: len(text) - cut].decode("utf-8")
        except UnicodeDecodeError:
            continue
        return "text/plain"
    return None
