"""A place in a listing, to go on from in this or a later night. Pure.

The platform's own cursor is opaque, and one that it no longer knows may be
answered with the head of the listing, as if nothing had happened. A place
therefore also carries the newest post of the page before it: something of what
follows must be older. The oldest post would be the sharper mark, but posts
that stand out of order (pinned by a co-author, published long after they were
made) would then let good places be refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from connectors.model import Post

_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_PLACE = re.compile(r"([A-Za-z0-9_-]{0,64}):(.+)", re.DOTALL)
_SHORTCODE_LETTERS = 11
"""Longer shortcodes, of private accounts, have a key behind the number."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins.

    Attributes:
        cursor: The platform's own ``end_cursor``.
        newest: The shortcode of the newest post on the page before it; empty
            if unknown.
    """

    cursor: str
    newest: str = ""

    def __str__(self) -> str:
        """As it stands in `connectors.model.Page.cursor`."""
        return f"{self.newest}:{self.cursor}"


def place(text: str) -> Place:
    """A place from what `Page.cursor` held; a bare cursor is one too."""
    found = _PLACE.fullmatch(text)
    return Place(found[2], found[1]) if found else Place(text)


def newest(posts: Iterable[Post], before: str = "") -> str:
    """The shortcode of the newest post of a page; pinned ones do not count.

    Args:
        before: What it was on the page before, for a page without posts.
    """
    codes = [post.ref.code for post in posts if not post.pinned]
    return max(codes, key=age, default=before)


def goes_on(posts: Iterable[Post], entered: Place) -> bool:
    """Whether a page can follow a place: something on it is older."""
    codes = [post.ref.code for post in posts if not post.pinned]
    if not entered.newest or not codes:
        return True
    return any(age(code) < age(entered.newest) for code in codes)


def age(code: str) -> int:
    """The number of a post by its shortcode; it grows with time.

    *Source:* shortcodes are media ids in base 64, and media ids begin with
    the milliseconds of their making (Instagram Engineering, 2012).
    """
    number = 0
    for letter in code[:_SHORTCODE_LETTERS]:
        number = number * 64 + _DIGITS.index(letter)
    return number
