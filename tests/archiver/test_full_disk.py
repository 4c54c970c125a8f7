"""A disk that fills up: the run ends and says so, and nothing acknowledged is lost."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archiver.run import run_captures
from archiver.verification import verify
from archiver.world import World
from storage.catalogue import open_catalogue, posts

MOUNT = "/bin/mount"


@pytest.fixture
def small_disk(tmp_path: Path, catalogue_address: str | None) -> Iterator[Path]:
    """The archive folder as a small file system of its own."""
    size_kb = 1100 if catalogue_address is None else 700
    folder = tmp_path / "archive"
    folder.mkdir()
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or not Path(MOUNT).exists():
        pytest.skip("only root may mount the small tmpfs that this test fills")
    command = [MOUNT, "-t", "tmpfs", "-o", f"size={size_kb}k", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("no tmpfs may be mounted here")
    yield folder
    subprocess.run(["/bin/umount", str(folder)], check=True)


def kept(world: World) -> set[str]:
    catalogue = open_catalogue(world.config.catalogue_url, read_only=True)
    try:
        with catalogue.reading() as conn:
            return {post.id for post in posts.find(conn)}
    finally:
        catalogue.close()


def test_a_disk_fills_up(make_world: Callable[..., World], platform, small_disk: Path) -> None:
    for number in range(20):
        platform.publish(f"D{number}")
        platform.bodies[f"D{number}-0"] = (
            200,
            "image/jpeg",
            bytes.fromhex("ffd8ffe000104a464946") + os.urandom(40_000) + b"\xff\xd9",
        )
    world = make_world()
    report = run_captures(world, world.config.accounts)
    assert (report.stopped, report.exit_code) == ("storage_failed", 4)
    acknowledged = kept(world)
    assert 0 < len(acknowledged) < 24
    subprocess.run([MOUNT, "-o", "remount,size=64m", str(small_disk)], check=True)
    report = run_captures(world, world.config.accounts)
    assert (report.stopped, report.exit_code) == (None, 0)
    assert acknowledged <= kept(world)
    assert len(kept(world)) == 24
    catalogue = open_catalogue(world.config.catalogue_url)
    try:
        assert list(verify(world.config.archive, catalogue, full=True)) == []
    finally:
        catalogue.close()
