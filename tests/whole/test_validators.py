"""A city's archive of two nights before programs that are not ours."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

from storage.conformance import check

SCRIPT = Path(__file__).resolve().parents[1] / "validators" / "run_validators.py"


@pytest.fixture(scope="module")
def runner() -> ModuleType:
    spec = importlib.util.spec_from_file_location("run_validators", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def runner_folder(runner: ModuleType) -> Path:
    folder = Path(os.environ.get("JEJAK_VALIDATORS", runner.DEFAULT_FOLDER))
    try:
        runner.environment(folder)
    except runner.NoEnvironment as error:
        pytest.skip(str(error))
    return folder


@pytest.fixture
def segments(make_house, city, platforms) -> list[Path]:
    """Everything that two nights of the whole city left behind."""
    house = make_house(platforms, city)
    assert house.jejak("capture").code == 0
    published = city.publish_upcoming()
    done = house.jejak("capture")
    assert done.code == 0, done.text
    assert house.rows("runs", "--limit", "1")[0]["new"] == len(published)
    found = house.segments()
    kinds = {member.field("WARC-Type") for _, member in house.members()}
    assert kinds == {"warcinfo", "request", "response", "revisit", "metadata"}
    assert house.jejak("verify", "--full").code == 0
    return found


def test_every_segment_of_two_nights_is_accepted(segments, runner, runner_folder):
    assert [list(check(segment)) for segment in segments] == [[] for _ in segments]
    verdicts = runner.verdicts(segments, runner_folder)
    assert [verdict for verdict in verdicts if not verdict.passed] == []
    assert len(verdicts) == 2 * len(segments) + 1
