"""The shelf: which engines an archive keeps, and which of them is current.

One folder for each version, ``engines/NAME-VERSION/``, and one small file,
``engines/current.json``, replaced as a whole. A folder the file does not name is
what an interrupted update left; it is never used.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from pathlib import Path

FORMAT = "engines/1"
FOLDER = "engines"
FILE = "current.json"
UNFINISHED = ".new-"
"""Folders of this prefix are being made."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One engine on the shelf.

    Attributes:
        wheel / wheel_sha256: The file it came in.
        tree_sha256: Of all its files; see `tree_digest`.
        released: ISO date, when version or wheel tell it.
        previous: The version that was current before; ``None`` the built-in.
        checks: Outcome by check: ``passed`` or ``left out``.
    """

    name: str
    version: str
    wheel: str
    wheel_sha256: str
    tree_sha256: str
    installed_at: str
    released: str | None
    previous: str | None
    checks: Mapping[str, str]

    @property
    def folder_name(self) -> str:
        """Its folder on the shelf."""
        return f"{self.name}-{self.version}"


@dataclass(frozen=True, slots=True)
class Shelf:
    """What ``current.json`` says.

    Attributes:
        current: Version by engine name; engines not named are the built-in ones.
    """

    current: Mapping[str, str] = field(default_factory=dict)
    kept: tuple[Kept, ...] = ()

    def find(self, name: str, version: str | None) -> Kept | None:
        """One kept engine."""
        return next((k for k in self.kept if (k.name, k.version) == (name, version)), None)

    def current_of(self, name: str) -> Kept | None:
        """The current engine; ``None`` when it is the built-in one."""
        return self.find(name, self.current.get(name))

    def with_current(self, fresh: Kept) -> Shelf:
        """The shelf after an engine was put on it as the current one."""
        others = tuple(k for k in self.kept if k.folder_name != fresh.folder_name)
        return Shelf({**self.current, fresh.name: fresh.version}, (*others, fresh))

    def taken_back(self, name: str) -> Shelf:
        """The shelf after the current engine was taken back; it stays kept."""
        here = self.current_of(name)
        rest = {other: version for other, version in self.current.items() if other != name}
        if here is None or here.previous is None or self.find(name, here.previous) is None:
            return replace(self, current=rest)
        return replace(self, current={**rest, name: here.previous})


class ShelfDamaged(Exception):
    """``current.json`` cannot be read."""


def shelf_folder(archive: Path) -> Path:
    """Where an archive's engines lie."""
    return archive / FOLDER


def read_shelf(archive: Path) -> Shelf:
    """What is kept; nothing when there never was an update.

    Raises:
        ShelfDamaged: The file is not one that this program wrote.
    """
    try:
        held = json.loads((shelf_folder(archive) / FILE).read_bytes())
        if held["format"] != FORMAT:
            raise ShelfDamaged(f"{FILE} is {held['format']!r}, not {FORMAT!r}")
        return Shelf(dict(held["current"]), tuple(Kept(**raw) for raw in held["kept"]))
    except FileNotFoundError:
        return Shelf()
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ShelfDamaged(f"{FILE}: {type(error).__name__}") from None


def write_shelf(archive: Path, shelf: Shelf) -> None:
    """Replace the file as a whole; after it, the new engine is current."""
    folder = shelf_folder(archive)
    content = {
        "format": FORMAT,
        "current": dict(shelf.current),
        "kept": [asdict(kept) for kept in shelf.kept],
    }
    fresh = folder / f".{FILE}.{os.getpid()}"
    with fresh.open("w", encoding="utf-8") as out:
        json.dump(content, out, indent=1)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(folder / FILE)
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Make names in a folder survive a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def tree_digest(folder: Path) -> str:
    """``sha256:`` over names and digests of all files, compiled ones left out."""
    total = sha256()
    for path in sorted(folder.rglob("*")):
        if "__pycache__" in path.parts or (path.is_dir() and not path.is_symlink()):
            continue
        # A link would let other files than those that were examined be loaded.
        what = bytes(path.readlink()) if path.is_symlink() else path.read_bytes()
        kind = "link" if path.is_symlink() else "file"
        name = path.relative_to(folder).as_posix()
        total.update(f"{kind} {name} {sha256(what).hexdigest()}\n".encode())
    return f"sha256:{total.hexdigest()}"


def damage(archive: Path, kept: Kept) -> str | None:
    """Why a kept engine cannot be used, in one word; ``None`` when it is whole."""
    folder = shelf_folder(archive) / kept.folder_name
    if not folder.is_dir():
        return "missing"
    try:
        return None if tree_digest(folder) == kept.tree_sha256 else "altered"
    except OSError:
        return "unreadable"
