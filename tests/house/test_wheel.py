"""The built package, installed apart from the repository.

A test of the source tree cannot see a file that the package forgot.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def wheel(root, tracked, tmp_path_factory) -> Path:
    """The wheel, built from a copy so that nothing is left in the tree."""
    copy = tmp_path_factory.mktemp("source")
    for name in tracked:
        if name.split("/")[0] not in ("tests", "docs", "demo", "benchmarks"):
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / name, copy / name)
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-index", "--no-deps"]
    subprocess.run(
        [*command, "--no-build-isolation", "-w", copy / "dist", copy], check=True, timeout=300
    )
    return next((copy / "dist").glob("jejak-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """The program in an environment of its own, beside the locked packages."""
    venv = tmp_path_factory.mktemp("installed") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True, timeout=120)
    command = [sys.executable, "-m", "pip", "--python", venv / "bin" / "python", "install", "-q"]
    subprocess.run([*command, "--no-index", "--no-deps", wheel], check=True, timeout=300)
    packages = next((venv / "lib").glob("python3.*")) / "site-packages"
    # A path file is not read again in the folder it names: of the tree's own
    # editable installation nothing comes along.
    (packages / "locked.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return venv / "bin" / "jejak"


def run(program: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the installed program elsewhere, without a way back into the tree."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "JEJAK"))}
    return subprocess.run(
        [program, *arguments], cwd=folder, env=kept, capture_output=True, text=True, timeout=120
    )


def test_the_wheel_holds_what_is_not_python_and_nothing_else_of_ours(wheel, root):
    names = set(zipfile.ZipFile(wheel).namelist())
    for kind in ("archiver/i18n/*/LC_MESSAGES/*.mo", "storage/migrations/**/*"):
        wanted = {p.relative_to(root).as_posix() for p in root.glob(kind) if p.is_file()}
        wanted = {name for name in wanted if "__pycache__" not in name}
        assert wanted
        assert wanted - names == set()
    assert "archiver/config.example.toml" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    rooms = {name.split("/")[0] for name in names if "dist-info" not in name}
    assert rooms == {"archiver", "connectors", "schedules", "storage"}


def test_the_installed_program_works_outside_the_repository(installed, tmp_path, root):
    made = run(installed, tmp_path, "init", "arsip")
    assert made.returncode == 0, made.stdout + made.stderr
    house = tmp_path / "arsip"
    rebuilt = run(installed, house, "reindex")  # runs every migration
    assert rebuilt.returncode == 0, rebuilt.stdout + rebuilt.stderr
    checked = run(installed, house, "doctor")
    # 3: with the months the locked yt-dlp grows old, and it says so.
    assert checked.returncode in (0, 3), checked.stdout + checked.stderr
    assert "✗" not in checked.stdout
    assert "dapat ditulis" in checked.stdout  # the Indonesian catalogue came along
    assert str(root) not in checked.stdout
    listed = run(installed, house, "posts", "--json")
    assert (listed.returncode, listed.stdout, listed.stderr) == (0, "", "")
