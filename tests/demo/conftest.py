from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

from demo.city import build_city
from demo.city_life import LivelyCity, live_in
from demo.http import Request, Response, json_response
from demo.mediahosts import media_hosts
from demo.server import Platforms
from demo.world import Asset, World

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


class EchoSite:
    """Answers with what it was asked."""

    hosts = ("www.instagram.com", "www.tiktok.com")

    def answer(self, request: Request, world: World, now: datetime) -> Response:
        if request.path == "/chunks":
            return Response(200, [("Content-Type", "text/plain")], iter([b"one", b"", b"two"]))
        return json_response(
            {
                "method": request.method,
                "host": request.host,
                "path": request.path,
                "query": request.query,
                "form": request.form,
                "cookies": request.cookies,
                "filler": "x" * 2000,
            }
        )


@dataclass
class Bench:
    """Started platforms, and a client that is sent there."""

    platforms: Platforms
    client: requests.Session
    film: Asset

    def tomorrow(self) -> None:
        self.platforms.world.now = lambda: NOW + timedelta(hours=25)


@pytest.fixture
def life(demo_media: Path) -> LivelyCity:
    """The city with every kind of post, at a fixed moment."""
    return live_in(build_city(World(lambda: NOW), demo_media), demo_media)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    path = tmp_path / "film.mp4"
    path.write_bytes(bytes(range(256)) * 4096)
    film = Asset("film.mp4", path, "video/mp4")
    world = World(lambda: NOW)
    world.assets[film.name] = film
    with (
        Platforms(world, [EchoSite(), *media_hosts()], tmp_path / "tls") as platforms,
        requests.Session() as client,
    ):
        client.trust_env = False
        client.proxies = {"https": platforms.proxy_url, "http": platforms.proxy_url}
        client.verify = str(platforms.ca_file)
        yield Bench(platforms, client, film)
