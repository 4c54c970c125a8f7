"""What the city shows besides its ordinary posts: every further kind.

Stories and highlights, shared posts, replays, smaller accounts with difficult
names, and an account whose name falls into a stranger's hands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from demo import agenda
from demo.agenda import DISASTER_OFFICE, FESTIVAL, FIRE_BRIGADE, OFFICE, VILLAGE_OFFICE, Topic
from demo.citizens import remarks
from demo.city import City
from demo.city_instagram import instagram_item
from demo.films import subtitles
from demo.ids import instagram_pk
from demo.studio import COVER, Studio
from demo.world import Account, Collection, Item, Place, Slide, Song

PHOTO, REEL = 0, 1
"""Places in a listing where these kinds stand."""

_FOLK_SONG = Song("2410089911", "Lesung Jumengglung", "Karawitan Tirta Laras")
_SHARED = 6
"""The disaster agency's post that the city shares; a carousel."""


@dataclass(frozen=True, slots=True)
class LivelyCity:
    """The city with everything that a government body can publish.

    Attributes:
        city: Its four accounts; what is upcoming has a story too.
        fire: The fire brigade on Instagram, its name between underscores.
        village: A village office on Instagram, whose name will be taken.
        festival: A citizens' committee on Instagram that is not archived.
        shared: Code of the disaster agency's post that is the city's too; it has comments.
        invited: Code of the committee's post that is the city's too.
    """

    city: City
    fire: Account
    village: Account
    festival: Account
    shared: str
    invited: str

    @property
    def accounts(self) -> tuple[Account, ...]:
        """The accounts that are archived from the first night on."""
        return (*self.city.accounts, self.fire)

    def lose_name(self) -> Account:
        """The village office closes its account; a stranger opens the name anew."""
        world, village = self.city.world, self.village
        with world.lock:
            handle, village.gone = village.handle, True
            # A closed account lets go of its name.
            village.handle = f"deleted_{village.native_id}"
        return world.add(_stranger(handle, world.now(), village))


def live_in(city: City, media: Path) -> LivelyCity:
    """Show every kind of post in a city.

    Args:
        city: As `demo.city.build_city` made it; its accounts get more posts.
        media: Folder where pictures and films are kept from run to run.
    """
    studio, world = Studio(media), city.world
    now = world.now().replace(microsecond=0)
    festival = _festival(studio, now, city.instagram)
    fire, village = _fire_brigade(studio, now), _village(studio, now)
    for account in (festival, fire, village):
        world.add(account)
    _tell_stories(city, studio, now)
    _publish_further_kinds(city, studio, now)
    _enrich_instagram(city)
    _enrich_tiktok(city, studio)
    day = _story(studio, agenda.STORY_OF_THE_DAY, DISASTER_OFFICE, now)
    lively = replace(city, upcoming=(*city.upcoming, (city.disaster, day)))
    shared = city.disaster.items[_SHARED].code
    return LivelyCity(lively, fire, village, festival, shared, festival.items[0].code)


# -- stories ----------------------------------------------------------------------


def _story(
    studio: Studio, topic: Topic, office: str, taken_at: datetime, *, filmed: bool = False
) -> Item:
    pk = str(instagram_pk(taken_at, topic.title + office))
    if filmed:
        slide = studio.film(pk, topic, office)
    else:
        slide = Slide(pk, studio.poster(topic, office, COVER))
    return Item(pk, pk, "story", topic.title, taken_at, (slide,))


def _tell_stories(city: City, studio: Studio, now: datetime) -> None:
    """Stories on show and older ones, and the highlights that keep some of them."""

    def at(**ago: float) -> datetime:
        return now - timedelta(**ago)

    def told(office: str) -> Iterator[Item]:
        ages = [(5.0, False), (2.0, True), (24 * 61.0, False), (24 * 33.0, False)]
        own = agenda.STORIES[:4]
        if office == DISASTER_OFFICE:
            ages = [(1.0, False), (24 * 12.2, False), (24 * 12.5, True)]
            own = agenda.STORIES[4:]
        for topic, (hours, filmed) in zip(own, ages, strict=True):
            yield _story(studio, topic, office, at(hours=hours), filmed=filmed)

    queue, drill, older, newer = told(OFFICE)
    queue = replace(
        queue,
        links=("https://tirtakencana.example/antrean?loket=sabtu",),
        alt_texts=("Loket pelayanan dengan layar nomor antrean",),
    )
    drill = replace(drill, tagged=(city.disaster.handle,))
    gauge, kitchen, boat = told(DISASTER_OFFICE)
    gauge = replace(gauge, place=_GATE)
    for account, stories in (
        (city.instagram, (queue, drill, older, newer)),
        (city.disaster, (gauge, kitchen, boat)),
    ):
        for story in stories:
            city.world.publish(account, story)
    # One of the stories in it is still on show.
    for account, native_id, title, kept in (
        (city.instagram, "17930188842011771", "Layanan", (older, newer, queue)),
        (city.disaster, "17930188842011905", "Banjir 2026", (boat, kitchen)),
    ):
        cover, codes = kept[-1].slides[0].asset, tuple(story.code for story in kept)
        account.collections.append(Collection(native_id, title, cover, codes))


# -- posts ------------------------------------------------------------------------

_GATE = Place("236690043", "Pintu Air Lembayung", "Jalan Lembayung 1, Tirta Kencana")
_HALL = Place("212988663", "Balai Kota Tirta Kencana", "Jalan Merdeka 1, Tirta Kencana")


def _publish_further_kinds(city: City, studio: Studio, now: datetime) -> None:
    greeting, session, counter, speech = agenda.LIFE[:4]
    publish, own = city.world.publish, city.instagram
    photo = instagram_item(studio, greeting, OFFICE, PHOTO, now - timedelta(days=1, hours=9))
    publish(own, replace(photo, caption=agenda.festive_caption(greeting)))
    replay = instagram_item(studio, session, OFFICE, REEL, now - timedelta(days=1, hours=19))
    publish(own, replace(replay, kind="live", plays=0))
    reel = instagram_item(studio, counter, OFFICE, REEL, now - timedelta(days=2, hours=6))
    publish(own, replace(reel, off_grid=True, song=_FOLK_SONG))
    speech_at = now - timedelta(days=2, hours=14)
    film = instagram_item(studio, speech, DISASTER_OFFICE, REEL, speech_at)
    publish(city.disaster, replace(film, kind="video", plays=0))


def _enrich_instagram(city: City) -> None:
    """Facts on posts that are there already: places, songs, people, comments."""
    edit, own, disaster = city.world.edit, city.instagram, city.disaster
    bridge, park, album, hall = (own.items[n] for n in (3, 1, 2, 12))
    texts = ("Warga menyeberangi jembatan yang baru", "", "Jembatan dilihat dari hilir")
    edit(own, bridge.code, place=_HALL, caption_edited=True, alt_texts=texts[:1])
    edit(own, park.code, song=_FOLK_SONG)
    edit(own, album.code, alt_texts=texts)
    edit(own, hall.code, comments_off=True, comments=0, tagged=(disaster.handle,))
    # Only what the world holds is shown under the agency's posts.
    for item in list(disaster.items):
        edit(disaster, item.code, comments=0)
    shared = disaster.items[_SHARED]
    said = remarks(shared.native_id, shared.taken_at, disaster.native_id, disaster.handle)
    edit(
        disaster,
        shared.code,
        coauthors=(own.native_id,),
        remarks=said,
        comments=len(said),
        place=_GATE,
    )


def _enrich_tiktok(city: City, studio: Studio) -> None:
    """Subtitles in three languages, a place, a song, comments switched off."""
    edit, own = city.world.edit, city.tiktok
    spoken, place, quiet, photos = (own.items[n] for n in (0, 1, 2, 3))
    (film,) = spoken.slides
    texts = (
        ("jav-ID", ["Mal Pelayanan Publik bikak Setu", "KTP lan KK rampung ing papan."]),
        ("eng-US", ["The public service mall opens on Saturday", "Papers are done on the spot."]),
    )
    more = tuple((language, subtitles(studio.media, said)) for language, said in texts)
    edit(own, spoken.code, slides=(replace(film, subtitles=film.subtitles + more),))
    edit(own, place.code, place=replace(_HALL, native_id="21568846351"), song=_FOLK_SONG)
    edit(own, quiet.code, comments_off=True, comments=0)
    edit(own, photos.code, song=replace(_FOLK_SONG, native_id="7012881190"))


# -- further accounts -------------------------------------------------------------


def _fire_brigade(studio: Studio, now: datetime) -> Account:
    items = [
        instagram_item(studio, topic, FIRE_BRIGADE, number, now - timedelta(days=2.5 * number + 2))
        for number, topic in enumerate(agenda.LIFE[5:8])
    ]
    return Account(
        "instagram",
        "61877300415",
        "_damkar.tirtakencana_",
        FIRE_BRIGADE,
        biography="Pantang pulang sebelum padam. 113",
        followers=9_204,
        following=11,
        avatar=studio.avatar("damkar", "jalan", "rust"),
        items=items,
    )


def _village(studio: Studio, now: datetime) -> Account:
    items = [
        instagram_item(studio, topic, VILLAGE_OFFICE, PHOTO, now - timedelta(days=5 * number + 3))
        for number, topic in enumerate(agenda.LIFE[8:10])
    ]
    return Account(
        "instagram",
        "60411873920",
        "kel_embung.kencana",
        VILLAGE_OFFICE,
        biography="Melayani warga Embung Kencana.",
        followers=2_318,
        avatar=studio.avatar("kelurahan", "warga", "blue"),
        items=items,
    )


def _stranger(handle: str, now: datetime, village: Account) -> Account:
    """Somebody with a shop, in good faith; the pictures are new ones."""
    picture = village.items[0].slides[0].asset
    studio = Studio(picture.path.parent)
    moment = now.replace(microsecond=0)
    items = [
        instagram_item(studio, topic, "Toko Ponsel", PHOTO, moment - timedelta(minutes=9 * n + 2))
        for n, topic in enumerate(agenda.LIFE[10:])
    ]
    return Account(
        "instagram",
        "77120934586",
        handle,
        "Toko Ponsel Embung",
        verified=False,
        followers=12,
        avatar=studio.avatar("toko", "pasar", "teal"),
        items=items,
    )


def _festival(studio: Studio, now: datetime, city: Account) -> Account:
    topic = agenda.LIFE[4]
    item = instagram_item(studio, topic, FESTIVAL, PHOTO, now - timedelta(days=2, hours=8))
    item = replace(
        item, caption=agenda.javanese_caption(topic), coauthors=(city.native_id,), song=_FOLK_SONG
    )
    return Account(
        "instagram",
        "58812004377",
        "payung_kertas.fest",
        FESTIVAL,
        verified=False,
        followers=5_120,
        avatar=studio.avatar("festival", "pasar", "rust"),
        items=[item],
    )
