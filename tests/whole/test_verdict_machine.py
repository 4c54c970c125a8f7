"""Owners, troubles, crashes and people in any order: no post is called deleted in error.

The rooms are the real ones: run, recorder, segments, ledger, catalogue. Only the
platform is pretended, and it knows the truth that verdicts are held to.
``JEJAK_VERDICT_LIVES`` asks for so many other lives than the usual 24 (soak: 1,000).
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

import pytest
import time_machine
from hypothesis import HealthCheck, event, given, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

import archiver.books
from archiver.decisions import deciding
from archiver.run import run_captures
from connectors.model import PostKind, Section
from storage.catalogue import checks, posts, tombstones
from storage.catalogue.tombstones import CAUSE, CONFIRMED, DISPUTED, TombstoneRow


def _beside(name: str) -> ModuleType:
    """A module of this folder."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


platform_of = _beside("moody_platform")
house_of = _beside("moody_house")
connector_of = _beside("moody_connector")
watch_of = _beside("archive_watch")
dying_of = _beside("dying")
truth_of = _beside("verdict_truth")

BEGIN = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
ALL = (Section.POSTS, Section.REELS, Section.STORIES)
KINDS = (PostKind.PHOTO, PostKind.CAROUSEL, PostKind.REEL, PostKind.STORY)
OWNER = ("publish", "edit", "take_down", "take_down", "put_back", "pin", "slides")
numbers = st.integers(0, 11)
troubles = st.sampled_from(platform_of.TOGETHER) | st.lists(
    st.sampled_from(platform_of.TROUBLES), max_size=3
).map(tuple)


LIVES = int(os.environ.get("JEJAK_VERDICT_LIVES", "24"))
HEALING = 4
"""So many healthy nights, and the truth is known."""


class VerdictMachine(RuleBasedStateMachine):
    """One town hall's account over many nights."""

    def __init__(self, template: Path, folder: Path, opened: Any) -> None:
        super().__init__()
        self.opened = opened
        self.folder = folder
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(template, folder)
        self.now = BEGIN
        self.is_settled = False
        self.captured = False
        self.checked: set[int] = set()
        self.refusals: list[datetime] = []

    # -- time -------------------------------------------------------------------

    @contextmanager
    def moment(self) -> Iterator[None]:
        """The machine's own time, which goes on a little."""
        with time_machine.travel(self.now, tick=True):
            yield
            self.now = datetime.now(UTC) + timedelta(minutes=7)

    @initialize(
        page_size=st.integers(2, 3),
        sections=st.sampled_from([(Section.POSTS,), ALL]),
        sweep=st.sampled_from([100, 100, 7]),
        canary=st.booleans(),
        knows_ids=st.booleans(),
        kinds=st.lists(st.sampled_from(KINDS), min_size=3, max_size=8),
    )
    def begin(
        self,
        page_size: int,
        sections: tuple[Section, ...],
        sweep: int,
        canary: bool,
        knows_ids: bool,
        kinds: list[PostKind],
    ) -> None:
        """An account with some posts, captured once."""
        self.site = platform_of.MoodyPlatform(page_size, sections, knows_ids)
        self.site.opens = connector_of.MoodyConnector
        text = house_of.config(sweep, canary=canary)
        self.world = house_of.world_in(self.folder, self.site.connect, text)
        self.is_swept = sweep == 100
        self.watch = watch_of.ArchiveWatch(self.world.config, self.opened)
        for kind in (PostKind.PHOTO, *kinds):
            self.now += timedelta(hours=5)
            with self.moment():
                self.site.publish(kind)
                self.site.remember()
        self.capture(5)

    # -- what owners and platforms do ---------------------------------------------

    @rule(act=st.sampled_from(OWNER), number=numbers, kind=st.sampled_from(KINDS))
    def owner_acts(self, act: str, number: int, kind: PostKind) -> None:
        """Something happens to one post."""
        with self.moment():
            self.do(act, number, kind)
            self.site.remember()

    def shown(self, code: str, shown: bool) -> None:
        """A post is taken down, or put back."""
        with self.moment():
            self.site.show(code, shown)
            self.site.remember()

    def do(self, act: str, number: int, kind: PostKind = PostKind.PHOTO) -> None:
        """One act of an owner, or of the platform on a post."""
        site = self.site
        if act == "publish":
            site.publish(kind, slides=1 + number % 2)
            return
        codes = site.codes(shown=act != "put_back")
        if not codes:
            return
        code = codes[number % len(codes)]
        if act in ("take_down", "put_back"):
            site.show(code, act == "put_back")
        elif act == "edit":
            site.change(code, caption=f"disunting {number}")
        elif act == "slides":
            site.slides(code, 1 + number % 3)
        else:
            site.change(code, pinned=not site.items[code].post.pinned)

    @rule(act=st.sampled_from(["rename", "private", "gone", *("back",) * 4]), number=numbers)
    def account_acts(self, act: str, number: int) -> None:
        """Something happens to the account as a whole."""
        site = self.site
        with self.moment():
            if act == "rename":
                site.rename(f"pemkot{number}", "7777" if number % 2 else None)
            site.private = act == "private"
            site.gone = act == "gone"
            site.remember()

    @rule(names=troubles, number=numbers, count=st.integers(0, 2))
    def trouble(self, names: tuple[str, ...], number: int, count: int) -> None:
        """The platform is in trouble until further notice, some nights at least."""
        self.site.troubles = dict.fromkeys(names, number)
        self.nights(count)

    # -- what the program does ------------------------------------------------------

    @rule(
        hours=st.sampled_from([1, 24, 24, 26, 49]),
        acts=st.dictionaries(
            st.sampled_from([*(0,) * 9, *range(1, 15)]),
            st.tuples(st.sampled_from(OWNER), numbers),
            max_size=3,
        ),
    )
    def night(self, hours: int, acts: dict[int, tuple[str, int]]) -> None:
        """A capture, before which or while owners go on."""
        if before := acts.get(0):
            self.owner_acts(*before, kind=PostKind.PHOTO)
        self.site.during = {at: partial(self.do, *act) for at, act in acts.items()}
        self.capture(hours)

    @rule(count=st.integers(1, 2))
    def nights(self, count: int) -> None:
        """Captures of a platform as it is."""
        for _ in range(count):
            self.capture(24)

    @rule(taken_down=st.none() | numbers, count=st.integers(1, 2))
    def clean_nights(self, taken_down: int | None, count: int) -> None:
        """Captures of a healthy platform, perhaps with one post less."""
        self.site.troubles = {}
        if taken_down is not None:
            self.owner_acts("take_down", taken_down, PostKind.PHOTO)
        self.nights(count)

    @rule(
        hours=st.sampled_from([1, 24]),
        where=st.sampled_from(dying_of.PLACES),
        request=st.integers(1, 20),
        kills=st.booleans(),
    )
    def crash(self, hours: int, where: str, request: int, kills: bool) -> None:
        """A capture in the middle of which the program dies."""
        self.now += timedelta(hours=hours)
        with ExitStack() as stack:
            die = partial(os._exit, 9) if kills else dying_of.die
            stack.enter_context(dying_of.dying(where, die))
            if where == "request":
                self.site.dies, self.site.die = request, die
            run = self.killed if die is not dying_of.die else self.run
            run()
        self.site.dies = None
        self.is_settled = False

    def capture(self, hours: int) -> None:
        """A run that ends by itself."""
        self.now += timedelta(hours=hours)
        assert self.run(), "nothing told it to die"
        self.is_settled = True

    def run(self) -> bool:
        """One run; whether it came to its end."""
        self.site.begins()
        with self.moment():
            try:
                report = run_captures(self.world, self.world.config.accounts)
            except dying_of.Died:
                return False
            finally:
                self.captured = True
                self.refusals += [self.world.now()] if self.site.refused else []
                self.site.during.clear()
                self.site.remember()
        assert report.stopped is None, report
        (result,) = report.captures
        note(f"{self.now:%d %H:%M} {result.outcome} {result.reason} {result.withdrawn}")
        assert result.reason != "bug", result
        return True

    def killed(self) -> None:
        """One run in a process of its own, which is gone all at once."""
        self.site.begins()
        with self.moment():
            child = os.fork()
            if child == 0:
                try:
                    run_captures(self.world, self.world.config.accounts)
                finally:
                    os._exit(0)
            _, status = os.waitpid(child, 0)
        self.captured = True
        event(f"killed: {os.waitstatus_to_exitcode(status)}")

    # -- what people do -------------------------------------------------------------

    def stones(self) -> tuple[TombstoneRow, ...]:
        """All tombstones."""
        with self.watch.catalogue() as conn:
            found = [tombstones.of_post(conn, post.id) for post in posts.find(conn)]
        return tuple(stone for some in found for stone in some)

    def states(self) -> dict[str, str]:
        """Of each kept post."""
        with self.watch.catalogue() as conn:
            return {post.id: post.state for post in posts.find(conn)}

    @precondition(lambda self: self.checked)
    @rule(said=st.sampled_from([DISPUTED, CONFIRMED, CAUSE]), number=numbers)
    def person(self, said: str, number: int) -> None:
        """A person says something of a withdrawal."""
        stones = self.stones()
        stone = stones[number % len(stones)]
        objects = {"account": stone.account, "post": stone.post, "tombstone": str(stone.number)}
        detail = {"reason": "surat", "cause": "owner_deleted", "source": "surat 12"}
        with self.moment(), deciding(self.world.config, self.world.now) as books:
            books.note(said, objects, detail=detail, by="person sari")
        self.captured = True

    @precondition(lambda self: self.is_settled)
    @rule()
    def rebuild(self) -> None:
        """Segments and ledger alone say the same as the catalogue."""
        self.watch.rebuilt_is_the_same(self.folder)

    # -- what must hold -------------------------------------------------------------

    @invariant()
    def holds(self) -> None:
        """Everything that may be asked after any step."""
        if not self.captured:
            return
        self.captured = False
        self.watch.look()
        stones = self.stones()
        with self.watch.catalogue() as conn:
            truth_of.absences_are_true(self.site, conn)
            for stone in stones:
                if stone.number not in self.checked:
                    truth_of.withdrawal_is_true(self.site, stone, self.refusals)
                    truth_of.undoubted(stone, checks.of_post(conn, stone.post))
                    self.checked.add(stone.number)
                    event("a withdrawal was proved")
            truth_of.told_once(stones, posts.find(conn))

    def teardown(self) -> None:
        """Healthy nights mend everything: the truth wins, and the books agree."""
        if not hasattr(self, "world") or sys.exc_info()[0] is not None:
            return
        with self.moment():
            self.site.private = self.site.gone = False
            self.site.knows_ids = True
            self.site.remember()
        self.clean_nights(None, HEALING)
        self.holds()
        self.rebuild()
        if self.is_swept:
            with self.watch.catalogue() as conn:
                truth_of.truth_wins(self.site, posts.find(conn))


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Callable[[], VerdictMachine]]:
    """Begins another life in an archive in which nothing is yet."""
    template, house = tmp_path / "template", tmp_path / "house"
    house_of.build(template)
    shutil.copytree(template, house)
    opened = watch_of.KeptOpen()
    with mock.patch.object(archiver.books, "open_catalogue", opened):
        yield partial(VerdictMachine, template, house, opened)


USUAL = settings(
    max_examples=LIVES,
    derandomize="JEJAK_VERDICT_LIVES" not in os.environ,
    stateful_step_count=25,
    deadline=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_no_post_is_called_deleted_in_error(life: Callable[[], VerdictMachine]) -> None:
    run_state_machine_as_test(life, settings=USUAL)


@pytest.mark.soak
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_no_post_is_called_deleted_in_error_in_a_thousand_lives(
    life: Callable[[], VerdictMachine],
) -> None:
    many = settings(USUAL, max_examples=1000, derandomize=False, stateful_step_count=40)
    run_state_machine_as_test(life, settings=many)


@settings(USUAL, max_examples=8)
@given(
    page_size=st.integers(2, 3),
    sections=st.sampled_from([(Section.POSTS,), ALL]),
    kinds=st.lists(st.sampled_from(KINDS[:3]), min_size=3, max_size=8),
    number=numbers,
)
def test_two_clean_nights_prove_a_withdrawal_and_one_a_return(
    life: Callable[[], VerdictMachine],
    page_size: int,
    sections: tuple[Section, ...],
    kinds: list[PostKind],
    number: int,
) -> None:
    """Doubt keeps a post; where there is none, the truth is told without delay."""
    machine = life()
    machine.begin(page_size, sections, 100, canary=True, knows_ids=True, kinds=kinds)
    kept = sorted(machine.states())
    post = kept[number % len(kept)]
    code = post.partition(":")[2]
    machine.shown(code, False)
    machine.nights(2)
    assert machine.states() == {**dict.fromkeys(kept, "present"), post: "deleted"}
    machine.shown(code, True)
    machine.nights(1)
    assert machine.states() == {**dict.fromkeys(kept, "present"), post: "returned"}
    machine.holds()
