"""A place in a listing, to go on from in this or a later night. Pure.

The platform's own cursor is opaque, and one that it no longer knows may be
answered with the head of the listing, as if nothing had happened. A place
therefore also carries the oldest post before it: what follows must be older.
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
        oldest: The shortcode of the oldest post before it; empty if unknown.
    """

    cursor: str
    oldest: str = ""

    def __str__(self) -> str:
        """As it stands in `connectors.model.Page.cursor`."""
        return f"{self.oldest}:{self.cursor}"


def place(text: str) -> Place:
    """A place from what `Page.cursor` held; a bare cursor is one too."""
    found = _PLACE.fullmatch(text)
    return Place(found[2], found[1]) if found else Place(text)


def oldest(posts: Iterable[Post], before: str = "") -> str:
    """The shortcode of the oldest post; pinned ones stand out of order.

    Args:
        before: What was oldest on earlier pages.
    """
    codes = [post.ref.code for post in posts if not post.pinned]
    return min([*codes, before] if before else codes, key=age, default="")


def goes_on(posts: Iterable[Post], before: Place) -> bool:
    """Whether a page can follow a place: something on it is older."""
    codes = [post.ref.code for post in posts if not post.pinned]
    return not before.oldest or not codes or any(age(code) < age(before.oldest) for code in codes)


def age(code: str) -> int:
    """The number of a post by its shortcode; it grows with time.

    *Source:* shortcodes are media ids in base 64, and media ids begin with
    the milliseconds of their making (Instagram Engineering, 2012).
    """
    number = 0
    for letter in code[:_SHORTCODE_LETTERS]:
        number = number * 64 + _DIGITS.index(letter)
    return number
