"""Ids as the platforms make them: the time of publication is inside."""

from __future__ import annotations

import hashlib
from datetime import datetime

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_INSTAGRAM_EPOCH_MS = 1_314_220_021_721


def _digits(seed: str, bits: int) -> int:
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()) % (1 << bits)


def instagram_pk(taken_at: datetime, seed: str) -> int:
    """A numeric media id; ``seed`` tells posts of one millisecond apart.

    Source: Instagram Engineering, "Sharding & IDs at Instagram" (2012):
    milliseconds since their epoch, then 13 bits of shard, then 10 of sequence.
    The last four bits are left free for the slides of a carousel.
    """
    since_ms = int(taken_at.timestamp() * 1000) - _INSTAGRAM_EPOCH_MS
    return (since_ms << 23) | (_digits(seed, 19) << 4)


def instagram_code(pk: int) -> str:
    """The shortcode of a media id: the number in base 64."""
    code = ""
    while pk:
        pk, digit = divmod(pk, 64)
        code = _ALPHABET[digit] + code
    return code


def instagram_pk_of(code: str) -> int:
    """The media id of a shortcode."""
    pk = 0
    for letter in code:
        pk = pk * 64 + _ALPHABET.index(letter)
    return pk


def tiktok_id(created_at: datetime, seed: str) -> str:
    """A 19-digit id: seconds since 1970 in the upper half.

    Source: recorded items; ``id >> 32`` equals their createTime to within
    minutes.
    """
    return str((int(created_at.timestamp()) << 32) | _digits(seed, 32))
