"""Instagram accounts made of recorded story reels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from demo.standins import StandIns
from demo.world import Account, Asset, Collection, Item, Place, Slide

Recorded = Mapping[str, Any]


def story_account(reels: Sequence[Recorded], media: Path) -> Account:
    """The account that recorded reels belong to, with its stories.

    Ids, dates, names and places are the recorded ones. Titles and covers of
    highlights were not recorded: a highlight is called after its number and
    shows its first story.

    Args:
        reels: ``reels_media`` of the web query, all of one account.
        media: Where stand-ins are kept.
    """
    owner = reels[0]["owner"]
    makes = StandIns(media, owner["username"])
    account = Account(
        "instagram",
        owner["id"],
        owner["username"],
        owner["username"],
        verified=False,
        avatar=makes.avatar(),
    )
    known: dict[str, Item] = {}
    for number, reel in enumerate(reels, 1):
        items = [_item(recorded, makes) for recorded in reel["items"]]
        known.update((item.code, item) for item in items)
        if reel["__typename"] == "GraphHighlightReel":
            codes = tuple(item.code for item in items)
            cover = _cover(items[0])
            account.collections.append(Collection(reel["id"], f"Sorotan {number}", cover, codes))
    account.items = list(known.values())
    return account


def _item(recorded: Recorded, makes: StandIns) -> Item:
    tapped = recorded["tappable_objects"]
    places = [t for t in tapped if t["__typename"] == "GraphTappableLocation"]
    # One picture stands behind many stories: fifty would take the demo long to draw.
    still = makes.picture("cerita · story", 9, 16)
    film = makes.film("cerita · story") if recorded["is_video"] else None
    return Item(
        recorded["id"],
        recorded["id"],
        "story",
        "",
        datetime.fromtimestamp(recorded["taken_at_timestamp"], UTC),
        (Slide(recorded["id"], film or still, still if film else None),),
        place=Place(places[0]["id"], "") if places else None,
        tagged=tuple(t["username"] for t in tapped if t["__typename"] == "GraphTappableMention"),
    )


def _cover(item: Item) -> Asset:
    slide = item.slides[0]
    return slide.cover or slide.asset
