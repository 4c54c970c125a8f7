"""Keys whose order is the order of publication. Pure.

A key is the second of publication and, within it, bits of the id's hash, so it
follows from the post alone. When two posts want one key, the smaller id has it
and the other the next: the outcome is the same in whatever order they come.
*Source*: O. Amble and D. E. Knuth, Ordered hash tables (1974).
"""

from __future__ import annotations

import hashlib
from datetime import datetime

_HASH_BITS = 29
_SPAN_BITS = _HASH_BITS + 20
SPAN = 1 << _SPAN_BITS
"""Keys in a stretch of twelve days."""
_LATEST_S = 2**34 - 1


def second_key(moment: str | None) -> int:
    """The smallest key of a second; posts without a date have the smallest of all.

    Args:
        moment: UTC text as `storage.timestamps` writes it.
    """
    if moment is None:
        return 0
    seconds = int(datetime.fromisoformat(moment).timestamp())
    return min(max(seconds, 1), _LATEST_S) << _HASH_BITS


def span(key: int) -> int:
    """Which stretch of twelve days a key lies in, counted from 1970."""
    return key >> _SPAN_BITS


def span_token(key: int) -> str:
    """The token by which PostgreSQL's index narrows to a stretch of time."""
    return f"^{span(key)}"


def wanted_key(post_id: str, published_at: str | None) -> int:
    """The key a post has unless another one holds it."""
    digest = hashlib.sha256(post_id.encode("utf-8", "surrogatepass")).digest()
    return second_key(published_at) | int.from_bytes(digest[:8]) >> (64 - _HASH_BITS)
