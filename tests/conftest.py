"""The pretend platforms, for every room's tests."""

from __future__ import annotations

import gc
import importlib.util
import os
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, settings

from connectors.tap import bypass
from demo.city import City, build_city
from demo.server import Platforms
from demo.sites import pretend_platforms
from demo.world import World
from storage.catalogue import open_catalogue
from tools.postgres import NoServer, Server, any_server

# A busy machine is no finding: examples may take as long as they take.
settings.register_profile("jejak", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("jejak")


PRODUCT = frozenset({"archiver", "connectors", "schedules", "storage"})


def _asked_by_product(found: bypass.Bypass) -> bool:
    """Whether product code stands behind a connection; called in its thread.

    Tests are clients of the pretend platforms too; those connections are theirs.
    """
    frame = sys._getframe()
    while frame is not None:
        name = str(frame.f_globals.get("__name__", ""))
        if name.partition(".")[0] in PRODUCT and name != bypass.__name__:
            return True
        frame = frame.f_back
    return False


@pytest.fixture(autouse=True, scope="module")
def old_objects_rest() -> None:
    """What earlier modules left alive is not searched for garbage again: after two
    thousand tests that search took two thirds of all time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def traffic_watch() -> Iterator[list[bypass.Bypass]]:
    """Every connection and downloader of product code outside the taps, as they come."""
    found: list[bypass.Bypass] = []
    watch = bypass.BypassWatch(found.append, ignore=lambda one: not _asked_by_product(one))
    watch.start()
    yield found
    watch.stop()


@pytest.fixture(autouse=True)
def nothing_passes_the_taps(
    traffic_watch: list[bypass.Bypass], request: pytest.FixtureRequest
) -> Iterator[None]:
    """Fail a test during which product code connected or downloaded past the taps."""
    before = len(traffic_watch)
    yield
    past = sorted({f"{one.kind} {one.detail} ({one.thread})" for one in traffic_watch[before:]})
    if past and request.node.get_closest_marker("bypasses") is None:
        pytest.fail(f"traffic past the taps: {', '.join(past)}")


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
def postgres_server() -> Iterator[Server]:
    """A PostgreSQL server for this worker; skips where there is none.

    `tools.postgres` says where it is looked for.
    """
    with ExitStack() as stack:
        try:
            server = stack.enter_context(any_server())
        except NoServer as error:
            pytest.skip(str(error))
        yield server


KEPT_DATABASES = 8
"""More are never used at once; older ones make room."""


@pytest.fixture(scope="session")
def new_database(postgres_server: Server) -> Iterator[Callable[..., str]]:
    """Gives the address of a new PostgreSQL database at each call.

    Empty, or with ``template=NAME`` a copy. Only the newest eight stay there.
    """
    made: deque[str] = deque()

    def create(template: str = "template0") -> str:
        while len(made) >= KEPT_DATABASES:
            postgres_server.drop(made.popleft())
        made.append(postgres_server.create(template))
        return postgres_server.address(made[-1])

    yield create
    for name in made:
        postgres_server.drop(name)


@pytest.fixture(scope="session")
def new_postgres_catalogue(
    postgres_server: Server, new_database: Callable[..., str]
) -> Iterator[Callable[[], str]]:
    """Gives the address of a new, empty catalogue on PostgreSQL at each call."""
    template = postgres_server.create()
    open_catalogue(postgres_server.address(template)).close()
    yield lambda: new_database(template)
    postgres_server.drop(template)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The recorded files that are not part of the project; skips without them."""
    default = Path(__file__).parents[1] / ".." / "shared" / "real-data"
    folder = Path(os.environ.get("JEJAK_REAL_DATA", default)).resolve()
    if not folder.is_dir():
        pytest.skip(f"no recorded data in {folder}; set JEJAK_REAL_DATA")
    return folder


@pytest.fixture(scope="module")
def runner() -> ModuleType:
    """The script that puts segments before programs that are not ours."""
    script = Path(__file__).resolve().parent / "validators" / "run_validators.py"
    spec = importlib.util.spec_from_file_location("run_validators", script)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def validators(runner: ModuleType) -> Path:
    """Where those programs are; skips where they cannot be."""
    folder = Path(os.environ.get("JEJAK_VALIDATORS", runner.DEFAULT_FOLDER))
    try:
        runner.environment(folder)
    except runner.NoEnvironment as error:
        pytest.skip(str(error))
    return folder
