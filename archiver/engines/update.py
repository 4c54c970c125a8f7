"""Renewing an engine, and taking it back.

A candidate is fetched and unpacked beside everything, examined by another
process, and only then put on the shelf and made current, while the archive is
held for writing: no capture sees half an engine, and none changes it midway.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from packaging.version import InvalidVersion, Version

from archiver.archive_folder import require_archive
from archiver.books import open_books
from archiver.config import Config
from archiver.engines import trial
from archiver.engines.kinds import Engine
from archiver.engines.shelf import (
    UNFINISHED,
    Kept,
    Shelf,
    ShelfDamaged,
    damage,
    read_shelf,
    shelf_folder,
    sync_folder,
    tree_digest,
    write_shelf,
)
from archiver.engines.wheels import EngineRefused, Wheel, fetch, unpack
from archiver.errors import StorageProblem, UsageProblem, WriterBusy
from archiver.i18n import N_
from archiver.os_words import reason_of
from archiver.person import person
from archiver.startup import start_up
from archiver.version import library_version
from archiver.writer_lock import writer_lock

PASSED, LEFT_OUT = "passed", "left out"
KEPT_VERSIONS = 3
"""So many of an engine stay on the shelf; older ones are removed."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asks for.

    Attributes:
        folder: Where wheels lie; ``None`` for where pip looks by itself.
        version: An exact one; the newest when ``None``.
        canary: Whether the canaries are to be asked.
    """

    engine: Engine
    folder: Path | None = None
    version: str | None = None
    canary: bool = True


@dataclass(frozen=True, slots=True)
class Change:
    """What came of it.

    Attributes:
        before / after: Versions; ``before`` is what was used until now.
        changed: False when it was the newest already.
    """

    engine: str
    before: str
    after: str
    changed: bool
    wheel_sha256: str = ""
    checks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Workshop:
    """What an update is given from outside.

    Attributes:
        tell: Told which step is at hand (``fetch``, ``contract``, ``canary``).
    """

    config: Config
    now: Callable[[], datetime]
    language: str = "en"
    tell: Callable[[str], None] = lambda step: None


def update(workshop: Workshop, wish: Wish) -> Change:
    """Fetch an engine, examine it, and make it current if it passes.

    Raises:
        UsageProblem: No canary is configured, and none was waived.
        EngineRefused: It did not pass; everything is as it was.
        WriterBusy: A capture is under way, or another update.
        StorageProblem: The archive cannot be written.
    """
    engine, archive = wish.engine, workshop.config.archive
    require_archive(workshop.config)
    _require_canary(workshop.config, wish)
    with _bench(workshop) as place:
        shelf = read_shelf(archive)
        here = used_version(archive, shelf, engine)
        workshop.tell("fetch")
        wheel = fetch(
            engine,
            place,
            folder=wish.folder,
            wanted=wish.version,
            proxy=workshop.config.content.network.proxy,
        )
        if wheel.version == here:
            return Change(engine.name, here, here, False)
        _check_order(engine, wheel, here, wish)
        _check_known(shelf, engine, wheel)
        tree = place / "tree"
        unpack(wheel, tree)
        digest = tree_digest(tree)
        checks = _examined(workshop, wish, wheel, tree)
        if tree_digest(tree) != digest:
            raise EngineRefused(
                N_("{name} {version} changed its own files while it was examined."),
                name=engine.name,
                version=wheel.version,
            )
        kept = Kept(
            name=engine.name,
            version=wheel.version,
            wheel=wheel.file.name,
            wheel_sha256=wheel.sha256,
            tree_sha256=digest,
            installed_at=workshop.now().astimezone(UTC).isoformat(timespec="seconds"),
            released=wheel.released,
            previous=shelf.current.get(engine.name),
            checks=checks,
        )
        _switch(workshop, kept, tree, here)
    return Change(engine.name, here, wheel.version, True, wheel.sha256, checks)


def roll_back(workshop: Workshop, engine: Engine) -> Change:
    """Make the engine current that was so before the last update.

    Raises:
        UsageProblem: The built-in one is current.
        WriterBusy, StorageProblem: The archive cannot be written now.
    """
    config, now = workshop.config, workshop.now
    require_archive(config)
    with writer_lock(config.archive, now()), open_books(config, now) as books:
        start_up(config.archive, books)
        shelf = _shelf(config.archive)
        here = shelf.current.get(engine.name)
        if here is None:
            raise UsageProblem(
                N_("{name} is the one jejak came with; there is nothing to go back to."),
                name=engine.name,
            )
        back = shelf.taken_back(engine.name)
        after = back.current.get(engine.name) or library_version(engine.name) or "?"
        books.note(
            "engine rolled back",
            {"engine": engine.name},
            by=f"person {person()}",
            detail={
                "version": after,
                "previous": here,
                "built_in": engine.name not in back.current,
            },
        )
        write_shelf(config.archive, back)
    return Change(engine.name, here, after, True)


def used_version(archive: Path, shelf: Shelf, engine: Engine) -> str:
    """The version a run would use now."""
    kept = shelf.current_of(engine.name)
    if kept is not None and damage(archive, kept) is None:
        return kept.version
    return library_version(engine.name) or "?"


def _require_canary(config: Config, wish: Wish) -> None:
    known = any(canary.platform == wish.engine.platform for canary in config.content.canaries)
    if wish.canary and not known:
        raise UsageProblem(
            N_("There is no canary for {platform} in {file}."),
            hint=N_("Add [[canaries]], or waive it with --without-canary."),
            platform=wish.engine.platform,
            file=config.file.name,
        )


@contextmanager
def _bench(workshop: Workshop) -> Iterator[Path]:
    """A folder to work in, for one update at a time; gone afterwards.

    Whoever writes into the archive now is noticed at once, and not after the
    candidate was fetched and examined.
    """
    archive, folder = workshop.config.archive, shelf_folder(workshop.config.archive)
    with writer_lock(archive, workshop.now()):
        try:
            folder.mkdir(exist_ok=True)
        except OSError as error:
            raise _unwritable(error) from None
    with writer_lock(folder, workshop.now()):
        _sweep(archive)
        place = folder / f"{UNFINISHED}{os.getpid()}"
        try:
            place.mkdir()
            yield place
        except OSError as error:
            raise _unwritable(error) from None
        finally:
            shutil.rmtree(place, ignore_errors=True)


def _sweep(archive: Path) -> None:
    """Remove what interrupted updates left: folders the shelf does not name."""
    known = {kept.folder_name for kept in _shelf(archive).kept}
    for path in shelf_folder(archive).iterdir():
        if path.is_dir() and path.name not in known:
            shutil.rmtree(path, ignore_errors=True)


def _shelf(archive: Path) -> Shelf:
    try:
        return read_shelf(archive)
    except ShelfDamaged as error:
        raise StorageProblem(
            N_("The list of engines cannot be read: {reason}."),
            hint=N_("Remove {file}; the built-in engines are used then."),
            reason=error,
            file=shelf_folder(archive) / "current.json",
        ) from None


def _check_order(engine: Engine, wheel: Wheel, here: str, wish: Wish) -> None:
    """Nobody goes back by accident, as an old folder of wheels would make it."""
    try:
        older = Version(wheel.version) < Version(here)
    except InvalidVersion:
        older = False
    if older and wish.version is None:
        raise EngineRefused(
            N_("{name} {version} is older than {here}, which is used now."),
            hint=N_("Name it with --version if it is meant; `jejak engines rollback` goes back."),
            name=engine.name,
            version=wheel.version,
            here=here,
        )


def _check_known(shelf: Shelf, engine: Engine, wheel: Wheel) -> None:
    before = shelf.find(engine.name, wheel.version)
    if before is not None and before.wheel_sha256 != wheel.sha256:
        raise EngineRefused(
            N_("{name} {version} was here before as another file ({before}); this is {now}."),
            hint=N_("One version never has two contents; find out which of the two is genuine."),
            name=engine.name,
            version=wheel.version,
            before=before.wheel_sha256,
            now=wheel.sha256,
        )


def _examined(workshop: Workshop, wish: Wish, wheel: Wheel, tree: Path) -> dict[str, str]:
    """Both checks, in the order in which they cost less."""
    workshop.tell("contract")
    _judge(wish.engine, wheel, trial.examine(wish.engine.name, wheel.version, tree))
    if not wish.canary:
        return {"contract": PASSED, "canary": LEFT_OUT}
    workshop.tell("canary")
    verdict = trial.ask_canaries(
        wish.engine.name, wheel.version, tree, workshop.config.file, workshop.language
    )
    _judge(wish.engine, wheel, verdict)
    return {"contract": PASSED, "canary": PASSED}


def _judge(engine: Engine, wheel: Wheel, verdict: trial.Verdict) -> None:
    if verdict.held_up:
        raise WriterBusy(
            N_("A capture began meanwhile, so the canary could not be asked."),
            hint=N_("Run `jejak engines update` again when it has ended."),
        )
    if not verdict.passed:
        raise EngineRefused(
            N_("{name} {version} is refused; everything stays as it was.\n{found}"),
            hint=N_("Wait for the next version; jejak may need to be renewed itself."),
            name=engine.name,
            version=wheel.version,
            found="\n".join(f"  {line}" for line in (*verdict.found, *verdict.log)),
        )


def _switch(workshop: Workshop, kept: Kept, tree: Path, here: str) -> None:
    """Put it on the shelf and make it current: ledger first, the file last."""
    config = workshop.config
    archive, folder = config.archive, shelf_folder(config.archive)
    with writer_lock(archive, workshop.now()), open_books(config, workshop.now) as books:
        start_up(archive, books)
        final = folder / kept.folder_name
        shutil.rmtree(final, ignore_errors=True)
        tree.replace(final)
        sync_folder(folder)
        books.note(
            "engine changed",
            {"engine": kept.name},
            by=f"person {person()}",
            detail={
                "version": kept.version,
                "previous": here,
                "wheel": kept.wheel,
                "wheel_sha256": kept.wheel_sha256,
                "tree_sha256": kept.tree_sha256,
                "checks": dict(kept.checks),
            },
        )
        shelf, gone = _pruned(read_shelf(archive).with_current(kept), kept.name)
        write_shelf(archive, shelf)
    for old in gone:
        shutil.rmtree(folder / old.folder_name, ignore_errors=True)


def _pruned(shelf: Shelf, name: str) -> tuple[Shelf, tuple[Kept, ...]]:
    """The shelf without an engine's oldest versions, and those."""
    mine = sorted((k for k in shelf.kept if k.name == name), key=lambda k: k.installed_at)
    here = shelf.current_of(name)
    spared = {here.folder_name if here else "", f"{name}-{here.previous if here else ''}"}
    gone = tuple(k for k in mine[:-KEPT_VERSIONS] if k.folder_name not in spared)
    return Shelf(shelf.current, tuple(k for k in shelf.kept if k not in gone)), gone


def _unwritable(error: OSError) -> StorageProblem:
    return StorageProblem(
        N_("The folder of the engines cannot be written: {reason}."),
        hint=N_("Check disk space and rights with `jejak doctor`."),
        reason=reason_of(error),
    )
