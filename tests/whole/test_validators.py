"""A city's archive of two nights before programs that are not ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.conformance import check


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


def test_every_segment_of_two_nights_is_accepted(segments, runner, validators):
    assert [list(check(segment)) for segment in segments] == [[] for _ in segments]
    verdicts = runner.verdicts(segments, validators)
    assert [verdict for verdict in verdicts if not verdict.passed] == []
    assert len(verdicts) == 2 * len(segments) + 1
