"""Which engines a process uses: decided once, before any library is imported.

The only place where ``sys.path`` changes. Connectors import their libraries when
they are opened, so it is enough to call `use` where a `World` is made.
"""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass
from pathlib import Path

from archiver.engines.kinds import ENGINES, Engine
from archiver.engines.shelf import ShelfDamaged, damage, read_shelf, shelf_folder


@dataclass(frozen=True, slots=True)
class Fallback:
    """An engine of the shelf that is not used; the built-in one is.

    Attributes:
        reason: ``missing``, ``altered``, ``unreadable``, ``shelf`` or ``loaded``.
    """

    name: str
    version: str
    reason: str


def use(archive: Path) -> list[Fallback]:
    """Put the archive's current engines in front of the built-in ones.

    Returns:
        Those that cannot be used. A damaged engine never stops the program.
    """
    try:
        shelf = read_shelf(archive)
    except ShelfDamaged:
        return [Fallback(name, "?", "shelf") for name in ENGINES]
    fallen = []
    for engine in ENGINES.values():
        kept = shelf.current_of(engine.name)
        if kept is None:
            if version := shelf.current.get(engine.name):
                fallen.append(Fallback(engine.name, version, "shelf"))
            continue
        folder = shelf_folder(archive) / kept.folder_name
        reason = damage(archive, kept) or put_in_front(engine, folder)
        if reason:
            fallen.append(Fallback(engine.name, kept.version, reason))
    return fallen


def put_in_front(engine: Engine, folder: Path) -> str | None:
    """Let an engine be imported from a folder from now on.

    Returns:
        ``loaded`` when it was imported from elsewhere before, else ``None``.
    """
    loaded = sys.modules.get(engine.package)
    if loaded is not None:
        where = Path(getattr(loaded, "__file__", None) or "/")
        return None if where.is_relative_to(folder) else "loaded"
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
        importlib.invalidate_caches()
    return None
