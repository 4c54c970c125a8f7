"""What the house rules look at: the tracked files and their syntax trees."""

from __future__ import annotations

import ast
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Source:
    """One Python file.

    Attributes:
        name: Path relative to the repository, with forward slashes.
    """

    name: str
    text: str
    tree: ast.Module

    @property
    def room(self) -> str:
        return self.name.split("/")[0]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def tracked() -> tuple[str, ...]:
    """Every file that is or would be in the repository."""
    command = ["git", "-C", str(ROOT), "ls-files", "-co", "--exclude-standard", "-z"]
    names = subprocess.run(command, check=True, capture_output=True).stdout.decode().split("\0")
    return tuple(sorted({name for name in names if name and (ROOT / name).is_file()}))


@pytest.fixture(scope="session")
def sources(tracked: tuple[str, ...]) -> tuple[Source, ...]:
    """Every Python file, parsed."""
    found = []
    for name in tracked:
        if name.endswith(".py"):
            text = (ROOT / name).read_text(encoding="utf-8")
            found.append(Source(name, text, ast.parse(text)))
    return tuple(found)
