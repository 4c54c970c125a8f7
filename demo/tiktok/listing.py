"""Pages of an account's listing, found without reading all its posts.

The order of an account's posts is worked out once and kept until one of its
posts is added or changed; a page is then found by its cursor.
"""

from __future__ import annotations

import operator
import time
from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime, timedelta

from demo.world import Account, Item, World

CLOCKS_DIFFER_MS = 600_000


@dataclass(frozen=True, slots=True)
class Order:
    """The posts of one account.

    Attributes:
        made_of: Its items when the order was made.
        pinned: Public pinned posts, newest first.
        others: The other public posts, newest first.
        moments: When each of ``others`` was posted, negative milliseconds, so
            that they rise.
        by_code: Every post, whatever its state.
    """

    made_of: tuple[Item, ...]
    pinned: tuple[Item, ...]
    others: tuple[Item, ...]
    moments: tuple[int, ...]
    by_code: dict[str, Item]

    def is_of(self, items: list[Item]) -> bool:
        """Whether these are still the items it was made of."""
        return len(items) == len(self.made_of) and all(map(operator.is_, items, self.made_of))


def order(account: Account) -> Order:
    """Work out the order of an account's posts."""
    public = account.public()
    others = tuple(item for item in public if not item.pinned)
    return Order(
        tuple(account.items),
        tuple(item for item in public if item.pinned),
        others,
        tuple(-milliseconds(item) for item in others),
        {item.code: item for item in account.items},
    )


class Orders:
    """The orders of a world's accounts, each made anew when its items change."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, str], Order] = {}

    def of(self, world: World, account: Account) -> Order:
        """The order of one account as it is now."""
        key = (id(world), account.native_id)
        with world.lock:
            kept = self._kept.get(key)
            if kept is None or not kept.is_of(account.items):
                kept = self._kept[key] = order(account)
        return kept

    def post(self, world: World, code: str) -> tuple[Account, Item] | None:
        """A post by its id, whatever its state; also one of an account that is gone."""
        for account in list(world.accounts.values()):
            if account.platform == "tiktok":
                found = self.of(world, account).by_code.get(code)
                if found is not None:
                    return account, found
        return None


def milliseconds(item: Item) -> int:
    """When an item was posted, as the cursor counts."""
    return int(item.taken_at.timestamp()) * 1000


def page_of(
    known: Order, cursor: int, size: int, now: datetime, lookback: timedelta | None = None
) -> tuple[list[Item], bool]:
    """One page of a listing and whether an older one follows.

    Pinned posts stand first on the first page only, out of their order.
    Posts of one second are never split: the cursor could not tell them apart.

    Args:
        cursor: The page holds posts from before this moment.
        lookback: How far before it the platform looks; a longer pause between
            posts gives empty pages. ``None``: as far as it takes.
    """
    first = _is_beginning(known, cursor)
    since = max(cursor, int(now.timestamp() * 1000)) if first else cursor
    begin = 0 if first else bisect_right(known.moments, -cursor)
    room = max(1, size - len(known.pinned)) if first else size
    end = min(begin + room, len(known.others))
    while (
        0 < end < len(known.others) and known.moments[end] == known.moments[end - 1] and end > begin
    ):
        end += 1
    if lookback is not None:
        earliest = since - int(lookback.total_seconds() * 1000)
        end = min(end, max(begin, bisect_right(known.moments, -earliest)))
    shown = [*(known.pinned if first else ()), *known.others[begin:end]]
    return shown, end < len(known.others)


def _is_beginning(known: Order, cursor: int) -> bool:
    """Whether a cursor is the client's own clock: it asks for the newest.

    The demo's clock may run ahead of the client's, so the machine's is asked;
    a post's own second is always a place in the listing.
    """
    at = bisect_right(known.moments, -cursor)
    is_a_posts = at > 0 and known.moments[at - 1] == -cursor
    return not is_a_posts and abs(time.time() * 1000 - cursor) < CLOCKS_DIFFER_MS
