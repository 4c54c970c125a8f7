"""The small account of each run, on pretend platforms that a process starts once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from demo.city import archive_visitor
from demo.films import film
from demo.past import maker
from demo.pictures import Scene as Drawing
from demo.pictures import picture
from demo.server import Platforms
from demo.sites import pretend_platforms
from demo.world import Account, Asset, Item, Slide, World

FIRST_NIGHT = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
NIGHT_TO_NIGHT = timedelta(hours=22)
PAGE_SIZE = 3
POSTS = 8
_REELS = (2, 6)
_TARGET, _WITHDRAWN, _CONTROL = 3, 1, POSTS - 1
_NUMBERS = {"instagram": ("57310400501", "57310400502"), "tiktok": ("71902644501", "71902644502")}
_UIDS = {"instagram": ("", ""), "tiktok": ("MS4wLjABAAAA" + "d" * 64, "MS4wLjABAAAA" + "k" * 64)}


@dataclass(slots=True)
class Scene:
    """One account on one platform, and what becomes of its posts.

    Attributes:
        account: ``dinas.cuaca``; its newest post is the control post.
        canary: An account that is known to be there.
        target: A living post, to which faults happen.
        withdrawn: The post that is truly withdrawn on the first night with the fault.
        night: Begins when the archive reads; the platform's time.
        story: Instagram only: on show on the first two nights.
        clock_error: How far the archive's machine is ahead of the platform.
    """

    platforms: Platforms
    platform: str
    account: Account
    canary: Account
    target: Item
    withdrawn: Item
    control: Item
    make: Callable[[datetime], Item]
    night: datetime = FIRST_NIGHT
    clock_error: timedelta = timedelta()
    jump: Callable[[timedelta], None] = lambda by: None
    """Moves the clock of the archive's machine while it works."""
    story: Item | None = None

    @property
    def world(self) -> World:
        """Everything the platforms know."""
        return self.platforms.world

    @property
    def reel(self) -> Item:
        """A living post that stands in two listings, on Instagram."""
        return self.account.items[_REELS[0]]

    @property
    def living(self) -> frozenset[str]:
        """Ids of the posts that nobody ever withdrew."""
        return frozenset(self.id_of(i) for i in self.account.items if i.code != self.withdrawn.code)

    def id_of(self, item: Item) -> str:
        """A post as the archive names it."""
        code = f"story:{item.code}" if item.kind == "story" else item.code
        return f"{self.platform}:{code}"

    def publish(self) -> Item:
        """A new post of an hour before this night."""
        return self.world.publish(self.account, self.make(self.night - timedelta(hours=1)))

    def machine_jumps(self, by: timedelta) -> None:
        """The clock of the archive's machine is moved; the platform's is not."""
        self.clock_error += by
        self.jump(by)


@dataclass(slots=True)
class Stage:
    """The pretend platforms of one process, and the scene now played on them."""

    platforms: Platforms
    media: Path
    fresh: Path
    scene: Scene | None = None

    def play(self, platform: str) -> Scene:
        """Clear the stage for one platform's account."""
        world = self.platforms.world
        self.platforms.faults.clear()
        self.platforms.log.clear()
        world.accounts.clear()
        world.visitors[:] = [archive_visitor()]
        make = maker(platform, self.media, self.fresh)
        account, canary = (
            Account(platform, number, handle, name, sec_uid=uid)
            for number, uid, handle, name in zip(
                _NUMBERS[platform],
                _UIDS[platform],
                ("dinas.cuaca", "kanal.tetap"),
                ("Dinas Cuaca", "Kanal Tetap"),
                strict=True,
            )
        )
        account.avatar = _small(self.media)
        for number in range(POSTS):
            item = make(FIRST_NIGHT - timedelta(days=3 * (POSTS - number), hours=5))
            if platform == "instagram" and number in _REELS:
                item = _as_reel(item, self.media)
            account.items.append(item)
        story = None
        if platform == "instagram":
            story = make(FIRST_NIGHT - timedelta(minutes=30))
            story = replace(story, kind="story", code=story.native_id)
            account.items.append(story)
        canary.items.append(make(FIRST_NIGHT - timedelta(days=40)))
        world.add(account)
        world.add(canary)
        self.scene = Scene(
            self.platforms,
            platform,
            account,
            canary,
            account.items[_TARGET],
            account.items[_WITHDRAWN],
            account.items[_CONTROL],
            make,
            story=story,
        )
        return self.scene

    def now(self) -> datetime:
        """The platforms' time: the machine's, less its error."""
        error = self.scene.clock_error if self.scene else timedelta()
        return datetime.now(UTC) - error


@contextmanager
def stage(folder: Path, media: Path) -> Iterator[Stage]:
    """Start the platforms.

    Args:
        folder: For certificates and the files of posts.
        media: Where drawn pictures and films are kept from run to run.
    """
    fresh = folder / "berkas"
    fresh.mkdir(parents=True)
    world = World()
    platforms = pretend_platforms(
        world, folder / "platforms", page_size=PAGE_SIZE, dated_by_world=True
    )
    made = Stage(platforms, media, fresh)
    world.now = made.now
    with platforms:
        yield made


def _small(media: Path) -> Asset:
    return picture(media, Drawing("Kabar", "", "warga", "teal", "", (32, 40), words=False))


def _as_reel(item: Item, media: Path) -> Item:
    drawing = Drawing("Kabar", "", "warga", "teal", "", (32, 40), words=False)
    slide = Slide(item.native_id, film(media, drawing, duration_s=0.2), _small(media))
    return replace(item, kind="reel", slides=(slide,))
