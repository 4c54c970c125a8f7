"""An archive folder and the program, called as people call it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from archiver.cli.main import main
from archiver.i18n import speak


@dataclass(frozen=True)
class Said:
    """What one call gave."""

    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("JEJAK_LANGUAGE", "en")
    monkeypatch.delenv("JEJAK_CONFIG", raising=False)
    monkeypatch.setenv("COLUMNS", "300")
    yield
    speak("en")


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A folder as `jejak init` leaves it, without pauses and reserve."""
    assert main(["init", str(tmp_path / "office")]) == 0
    file = tmp_path / "office" / "config.toml"
    text = file.read_text("utf-8").replace("min_free_gb = 2.0", "min_free_gb = 0")
    # Nothing listens there: no test may reach a platform.
    text = text.replace("[network]\n", '[network]\nproxy = "http://127.0.0.1:9"\n')
    file.write_text(text.replace("pause_s = 1.7", "pause_s = 0"), "utf-8")
    return file.parent


@pytest.fixture
def jejak(office: Path, capfd: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Run a command with the office's configuration."""
    capfd.readouterr()

    def run(*arguments: str) -> Said:
        code = main(["--config", str(office / "config.toml"), *arguments])
        out, err = capfd.readouterr()
        return Said(code, out, err)

    return run


ACCOUNT = '\n[[accounts]]\nplatform = "instagram"\nhandle = "pemkot"\nid = "1001"\n'


@pytest.fixture
def add(office: Path) -> Callable[[str], None]:
    """Append to the configuration."""

    def append(text: str = ACCOUNT) -> None:
        file = office / "config.toml"
        file.write_text(file.read_text("utf-8") + text, "utf-8")

    return append
