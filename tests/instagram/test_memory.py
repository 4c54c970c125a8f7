from __future__ import annotations

import tracemalloc
from dataclasses import replace
from pathlib import Path
from typing import Any

from connectors.model import Media, MediaKind, MediaRole
from demo.world import Asset

SIZE = 96 * 1024**2


def big_film(desk: Any, folder: Path) -> Media:
    path = folder / "big.mp4"
    with path.open("wb") as out:
        out.write(b"\x00\x00\x00\x18ftypmp42")
        out.truncate(SIZE)
    asset = Asset("big.mp4", path, "video/mp4")
    desk.platforms.world.assets[asset.name] = asset
    url = desk.platforms.world.sign("scontent.cdninstagram.com", asset, desk.platforms.world.now())
    return Media("1", MediaKind.VIDEO, MediaRole.CONTENT, 0, url)


def test_a_large_film_flows_through_constant_memory(desk: Any, tmp_path: Path) -> None:
    media = big_film(desk, tmp_path)
    sink = type(desk.sink)(keep=False)
    connector = desk.connect(sink=sink)
    connector.fetch(replace(media, url=media.url))  # opens the connection
    tracemalloc.start()
    try:
        record = connector.fetch(media)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert record.problem is None
    assert sink.get(record.record).body_bytes == SIZE
    assert peak < 8 * 1024**2
