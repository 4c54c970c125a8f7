"""Real recorded media objects, served as recorded with addresses rewritten."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from demo.mediahosts import with_addresses
from demo.world import Account, Item, World


def recorded(item: Item, account: Account, world: World, now: datetime) -> dict[str, object]:
    """The recorded object of an item, pointing at files this world can serve.

    Args:
        item: A post with `Item.raw`.
        account: The account that shows it.

    Returns:
        A copy. Only media addresses differ from the recording, and caption,
        counts switch and pin where the world has changed them.
    """
    found = cast("dict[str, object]", with_addresses(item.raw, world, now))
    caption = found.get("caption")
    if isinstance(caption, dict) and caption.get("text") != item.caption:
        found["caption"] = {**caption, "text": item.caption}
    if item.pinned:
        found["timeline_pinned_user_ids"] = [account.native_id]
    if item.hide_counts:
        found.update({"like_count": -1, "like_and_view_counts_disabled": True})
    return found
