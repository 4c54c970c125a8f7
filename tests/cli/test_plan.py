"""`jejak plan`: what it says before anything ran."""

from __future__ import annotations

import json


def test_a_plan_before_the_first_capture(jejak, add) -> None:
    add()
    said = jejak("plan", "--json")
    rows = [json.loads(line) for line in said.out.splitlines()]
    assert said.code == 0
    assert [row["type"] for row in rows] == ["visitor", "account", "disk"]
    assert rows[0]["visitor"] == "instagram/-"
    assert rows[0]["requests"] > 0
    assert rows[0]["sweep_requests_at_most"] == 100
    assert rows[1]["past_posts"] is None
    spoken = jejak("plan")
    assert "an assumption" in spoken.out
    assert "The sweep may use 100 requests" in spoken.out
    assert "after an account's first capture" in spoken.err


def test_a_night_that_is_too_short_is_a_finding(jejak, add, office) -> None:
    for number in range(300):
        add(f'\n[[accounts]]\nplatform = "tiktok"\nhandle = "dinas{number}"\nid = "{number + 1}"\n')
    said = jejak("plan", "--hours", "0.1")
    assert said.code == 3
    assert "tiktok/- does not fit" in said.out


def test_without_accounts_there_is_nothing_to_plan(jejak) -> None:
    said = jejak("plan")
    assert said.code == 0
    assert "There is no account yet" in said.err
