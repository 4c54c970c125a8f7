"""Telling a media type from the first bytes, whatever a server claims.

Pure, and the one place for it: connectors judge by it whether an answer is the
media item that was asked for, and storage writes it beside each record.

*Source:* the formats' own signatures; WHATWG MIME Sniffing for HTML.
"""

from __future__ import annotations

import re

from connectors.model import MediaKind

SNIFF_BYTES = 1024
"""How many first bytes are looked at."""

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
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
_BRANDS = {
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"heic": "image/heic",
    b"heim": "image/heic",
    b"heix": "image/heic",
    b"hevc": "image/heic",
    b"mif1": "image/heif",
    b"M4A ": "audio/mp4",
    b"qt  ": "video/quicktime",
}
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_HTML = re.compile(rb"<(?:!doctype html|html|head|body|script|title|meta|!--)[\s>]?", re.IGNORECASE)
_SUBRIP = re.compile(rb"\d+\s*\r?\n\d\d:\d\d:\d\d,\d{3} --> ")


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


def misfit(kind: MediaKind, identified: str | None) -> tuple[str, str] | None:
    """Why bytes cannot be a media item of a kind.

    Args:
        identified: What `sniff` told of their beginning.

    Returns:
        Code and sentence of a `connectors.model.Problem`, or ``None`` if they fit.
    """
    if _fits(kind, identified):
        return None
    return _MISFITS[kind], f"expected {kind.value}, the bytes are {identified or 'unknown'}"


_MISFITS = {
    MediaKind.IMAGE: "not_a_picture",
    MediaKind.VIDEO: "not_a_film",
    MediaKind.AUDIO: "not_a_sound",
    MediaKind.SUBTITLE: "not_a_subtitle",
}


def _fits(kind: MediaKind, identified: str | None) -> bool:
    match kind:
        case MediaKind.SUBTITLE:
            return identified in ("text/vtt", "application/x-subrip", "application/json")
        case MediaKind.AUDIO:
            # An MP4 that holds only sound is still identified by its container.
            return identified == "video/mp4" or (identified or "").startswith("audio/")
    return (identified or "").startswith(f"{kind.value}/")


def _sniff_text(first: bytes) -> str | None:
    text = first.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text or b"\x00" in text:
        return None
    if text.startswith(b"WEBVTT"):
        return "text/vtt"
    if _SUBRIP.match(text):
        return "application/x-subrip"
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
