"""What the first bytes of a file tell, and for which media items they will do."""

from __future__ import annotations

import pytest

from connectors.media_type import is_media, misfit, sniff
from connectors.model import MediaKind

BEGINNINGS = {
    b"\xff\xd8\xff\xe0\x00\x10JFIF": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"RIFF\0\0\0\0WEBPVP8 ": "image/webp",
    b"\0\0\0\x18ftypheic": "image/heic",
    b"\0\0\0\x18ftypisom": "video/mp4",
    b"\0\0\0\x18ftypM4A ": "audio/mp4",
    b"\x1aE\xdf\xa3": "video/webm",
    b"ID3\x04": "audio/mpeg",
    b"WEBVTT\n\n00:00.000 --> 00:01.000": "text/vtt",
    b"\xef\xbb\xbfWEBVTT\n": "text/vtt",
    b"1\r\n00:00:00,000 --> 00:00:01,000\r\n": "application/x-subrip",
    b'{"utterances": []}': "application/json",
    b"<!DOCTYPE html><title>Login": "text/html",
    "Selamat pagi, Tirta Kencan\xe1"[:-1].encode() + b"\xc3": "text/plain",
    b"\x00\x01\x02": None,
    b"": None,
}


@pytest.mark.parametrize("first", BEGINNINGS, ids=repr)
def test_the_first_bytes_tell_the_type(first):
    assert sniff(first) == BEGINNINGS[first]


@pytest.mark.parametrize("first", BEGINNINGS, ids=repr)
@pytest.mark.parametrize("kind", MediaKind)
def test_only_the_right_bytes_will_do(kind, first):
    allowed = {
        MediaKind.IMAGE: {"image/jpeg", "image/png", "image/webp", "image/heic"},
        MediaKind.VIDEO: {"video/mp4", "video/webm"},
        MediaKind.AUDIO: {"audio/mp4", "audio/mpeg", "video/mp4"},
        MediaKind.SUBTITLE: {"text/vtt", "application/x-subrip", "application/json"},
    }
    told = BEGINNINGS[first]
    wrong = misfit(kind, told)
    assert (wrong is None) == (told in allowed[kind])
    if wrong is not None:
        assert (told or "unknown") in wrong[1]


def test_media_are_told_from_texts():
    assert [is_media(name) for name in ("image/jpeg", "video/mp4", "text/html", None)] == [
        True,
        True,
        False,
        False,
    ]
