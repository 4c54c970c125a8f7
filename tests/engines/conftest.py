from __future__ import annotations

import importlib.metadata
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
Change = tuple[str, str, str]


@pytest.fixture
def make_wheel(tmp_path: Path) -> Callable[..., Path]:
    """Makes a wheel of an installed engine, with another version and changed texts."""

    def make(
        name: str, version: str, *changes: Change, folder: str = "wheels", requires: str = ""
    ) -> Path:
        package = name.replace("-", "_")
        found = importlib.metadata.distribution(name)
        source = Path(str(found.locate_file(package)))
        info = f"{package}-{version}.dist-info"
        told = found.read_text("METADATA") or ""
        told = told.replace(f"\nVersion: {found.version}", f"\nVersion: {version}", 1)
        if requires:
            told = told.replace("\nVersion:", f"\nRequires-Dist: {requires}\nVersion:", 1)
        place = tmp_path / folder
        place.mkdir(exist_ok=True)
        file = place / f"{package}-{version}-py3-none-any.whl"
        edits = {path: (old, new) for path, old, new in changes}
        with zipfile.ZipFile(file, "w") as out:
            for path in sorted(source.rglob("*.py")):
                inner = path.relative_to(source.parent).as_posix()
                text = path.read_text(encoding="utf-8")
                if inner in edits:
                    old, new = edits.pop(inner)
                    assert old in text
                    text = text.replace(old, new)
                out.writestr(inner, text)
            assert not edits
            out.writestr(f"{info}/METADATA", told)
            wheel = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
            out.writestr(f"{info}/WHEEL", wheel)
            out.writestr(f"{info}/RECORD", "")
        return file

    return make


@dataclass
class Office:
    """An archive and the program in a process of its own."""

    folder: Path
    wheels: Path

    @property
    def archive(self) -> Path:
        return self.folder / "archive"

    @property
    def shelf(self) -> Path:
        return self.archive / "engines"

    def command(self, *arguments: str) -> list[str]:
        code = (
            "import sys; sys.path.insert(0, sys.argv.pop(1));"
            "from archiver.cli.main import main; sys.exit(main())"
        )
        return [sys.executable, "-c", code, str(ROOT), *arguments]

    def surroundings(self) -> dict[str, str]:
        return {"PATH": "/usr/bin:/bin", "JEJAK_LANGUAGE": "en", "HOME": str(self.folder)}

    def run(self, *arguments: str, **surroundings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            env=self.surroundings() | surroundings,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    def update(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        wheels = ("--from", str(self.wheels), "--without-canary")
        return self.run("engines", "update", *arguments, *wheels)

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    def kept_folders(self) -> list[str]:
        return sorted(path.name for path in self.shelf.iterdir() if path.is_dir())

    def current(self) -> dict[str, str]:
        file = self.shelf / "current.json"
        return dict(json.loads(file.read_text())["current"]) if file.exists() else {}

    def events(self) -> list[dict]:
        lines = [
            line
            for part in sorted((self.archive / "ledger").glob("*.jsonl"))
            for line in part.read_text().splitlines()
        ]
        return [e for e in map(json.loads, lines) if e["type"].startswith("engine")]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    folder = tmp_path / "office"
    (folder / "archive").mkdir(parents=True)
    (folder / "config.toml").write_text('language = "en"\n[archive]\nmin_free_gb = 0.0\n')
    return Office(folder, tmp_path / "wheels")


@pytest.fixture
def forget() -> Callable[[Path], None]:
    """Removes a kept engine's folder, as a careless hand would."""
    return lambda folder: shutil.rmtree(folder)
