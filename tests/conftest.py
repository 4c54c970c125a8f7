"""The pretend platforms, for every room's tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.tap.bypass import Bypass, BypassWatch
from demo.city import City, build_city
from demo.server import Platforms
from demo.sites import pretend_platforms
from demo.world import World


def pytest_configure(config: pytest.Config) -> None:
    """Name the marker of tests that are clients themselves."""
    config.addinivalue_line(
        "markers", "own_client: the test itself connects or starts programs, past the taps"
    )


@pytest.fixture(scope="session")
def traffic_watch() -> Iterator[list[Bypass]]:
    """Every connection and downloader outside the taps, as it comes about."""
    found: list[Bypass] = []
    watch = BypassWatch(found.append, ignore=lambda one: one.thread.startswith("demo-"))
    watch.start()
    yield found
    watch.stop()


@pytest.fixture(autouse=True)
def no_traffic_past_the_taps(
    request: pytest.FixtureRequest, traffic_watch: list[Bypass]
) -> Iterator[None]:
    """Fail a test in which product code reached the network past the taps."""
    before = len(traffic_watch)
    yield
    passed_by = traffic_watch[before:]
    if passed_by and request.node.get_closest_marker("own_client") is None:
        pytest.fail(f"traffic past the taps: {sorted({str(one) for one in passed_by})}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the long tests to ``make soak``."""
    if os.environ.get("JEJAK_SOAK") == "1":
        return
    skip = pytest.mark.skip(reason="takes minutes; run by make soak")
    for item in items:
        if item.get_closest_marker("soak"):
            item.add_marker(skip)


@pytest.fixture(scope="session")
def demo_media(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pictures and films are kept; from run to run when pytest may."""
    cache = getattr(pytestconfig, "cache", None)
    if cache is None:
        return tmp_path_factory.mktemp("demo-media")
    return Path(cache.mkdir("demo-media"))


@pytest.fixture
def city(demo_media: Path) -> City:
    """Kota Tirta Kencana in a world of its own, on the real clock."""
    return build_city(World(), demo_media)


@pytest.fixture
def platforms(city: City, tmp_path: Path) -> Iterator[Platforms]:
    """Started pretend platforms that show `city`."""
    with pretend_platforms(city.world, tmp_path / "platforms") as started:
        yield started


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The recorded files that are not part of the project; skips without them."""
    default = Path(__file__).parents[1] / ".." / "shared" / "real-data"
    folder = Path(os.environ.get("JEJAK_REAL_DATA", default)).resolve()
    if not folder.is_dir():
        pytest.skip(f"no recorded data in {folder}; set JEJAK_REAL_DATA")
    return folder
