"""What owners do to what they have published: the deeds that the nights must find out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from demo.agenda import DISASTER_OFFICE, OFFICE, Topic
from demo.city import as_of
from demo.city_instagram import instagram_item
from demo.city_life import PHOTO
from demo.claims import files_of, id_of, sha256_of
from demo.stage import Stage
from demo.studio import COVER, SQUARE, Studio
from demo.world import Account, Item, Slide

EDIT = (
    ("di tiga kecamatan", "di lima kecamatan"),
    ("182 cm, siaga dua", "204 cm, siaga satu"),
)
"""What the flood warning said, and what it says afterwards."""

_PANTRY = Topic("Dapur umum pindah", "Sejak siang ini di Balai Arjuna.", "warga", "PoskoTirta")
_TYPO = Topic("Siaga banjir di Kali Sonno", "Ralat menyusul.", "banjir", "SiagaBanjir")


@dataclass(frozen=True, slots=True)
class Subject:
    """A post that something is done to.

    Attributes:
        served: Digests of its files, as the platform showed them.
    """

    account: Account
    code: str
    id: str
    title: str
    kind: str
    served: frozenset[str]


def subject(account: Account, item: Item) -> Subject:
    """A post as it is before anything is done to it."""
    served = frozenset(sha256_of(part.path) for part in files_of(item))
    title = item.caption.partition("\n")[0].partition(". ")[0].rstrip(".")
    return Subject(account, item.code, id_of(account.platform, item), title, item.kind, served)


@dataclass(frozen=True, slots=True)
class Drama:
    """The posts and stories that the later nights are about.

    Attributes:
        warning: Its caption is edited.
        album: One of its slides is swapped.
        speech: Is withdrawn and stays so.
        clip: Is withdrawn and comes back; on TikTok.
        quiet: Is made private by its owner; on TikTok.
        bridge: Is withdrawn; the night after, the platform bars the visitor.
    """

    warning: Subject
    album: Subject
    speech: Subject
    clip: Subject
    quiet: Subject
    bridge: Subject


def drama_of(stage: Stage) -> Drama:
    """Choose the posts; all of them are ones that the first two nights kept."""
    city = stage.city
    speech = next(item for item in city.disaster.items if item.kind == "video")
    return Drama(
        warning=subject(city.disaster, city.disaster.items[0]),
        album=subject(city.instagram, city.instagram.items[2]),
        speech=subject(city.disaster, speech),
        clip=subject(city.tiktok, city.tiktok.items[1]),
        quiet=subject(city.transport, city.transport.items[1]),
        bridge=subject(city.instagram, city.instagram.items[3]),
    )


def do(stage: Stage, moment: datetime, key: str, post: Subject, act: Callable[[], object]) -> None:
    """Do something to a post, and say so.

    Args:
        key: Of the sentence.
    """
    act()
    stage.tells(
        moment,
        key,
        handle=post.account.handle,
        kind=stage.words(f"kind-{post.kind}"),
        title=post.title,
    )


def edit_caption(stage: Stage, post: Subject) -> None:
    """The flood warning is corrected."""
    _, item = _found(stage, post)
    caption = item.caption
    for before, after in EDIT:
        assert before in caption
        caption = caption.replace(before, after)
    stage.city.world.edit(post.account, post.code, caption=caption, caption_edited=True)


def swap_slide(stage: Stage, post: Subject) -> None:
    """The last picture of a carousel is exchanged for another."""
    _, item = _found(stage, post)
    studio = Studio(item.slides[0].asset.path.parent)
    topic = Topic(post.title, "Jadwal baru per puskesmas.", "sehat", "TirtaSehat")
    picture = studio.poster(topic, OFFICE, SQUARE, "Jadwal baru")
    slides = (*item.slides[:-1], Slide(str(int(item.native_id) + 9), picture))
    stage.city.world.edit(post.account, post.code, slides=slides)


def tell_story(stage: Stage, *, mistaken: bool) -> Subject:
    """The disaster agency shows a story; a mistaken one it will take down soon."""
    account, world = stage.city.disaster, stage.city.world
    moment = world.now().replace(microsecond=0) - timedelta(seconds=1)
    topic = _TYPO if mistaken else _PANTRY
    studio = Studio(account.items[0].slides[0].asset.path.parent)
    drawn = instagram_item(studio, topic, DISASTER_OFFICE, PHOTO, moment)
    told = replace(
        drawn,
        kind="story",
        caption=topic.title,
        slides=(Slide(drawn.native_id, studio.poster(topic, DISASTER_OFFICE, COVER)),),
    )
    return subject(account, world.publish(account, as_of(told, account.platform, moment)))


def _found(stage: Stage, post: Subject) -> tuple[Account, Item]:
    found = stage.city.world.item(post.account.platform, post.code)
    assert found is not None
    return found
