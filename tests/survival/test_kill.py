"""The program is killed at random moments, again and again.

One archive lives through all rounds: every kill finds what the kills before
left. `JEJAK_KILL_SEED` repeats a series of delays; where a kill falls among the
program's steps also depends on the machine.
"""

from __future__ import annotations

import os
import random
import time
from dataclasses import dataclass
from typing import Any

import pytest

ROUNDS_APART = 5
"""So many kills, then a run that nobody disturbs."""

MOST_TIMES = 4
"""At most so many times the rounds that were asked for."""


@dataclass
class Tally:
    """What the kills met."""

    rounds: int = 0
    hits: int = 0
    inside: int = 0
    """Kills after the run's segment was begun and before the run had ended."""
    longest_recovery_s: float = 0.0


def proves_enough(keep: Any, tally: Tally) -> bool:
    """Whether enough kills met a run and its segment, and one tore a record."""
    return tally.hits >= 25 and tally.inside >= 12 and bool(keep.torn())


def kill_rounds(keep: Any, rounds: int, seed: int, *, looks_apart: int) -> Tally:
    """Kill captures; every so often let one end, and look at everything.

    Args:
        looks_apart: Rounds between two readings of the whole archive.
    """
    chance, tally = random.Random(seed), Tally()
    usual_s = 0.7
    # How many kills meet a run is a matter of the machine's speed: after as many
    # rounds as were asked for, further ones until they have proved enough.
    for number in range(MOST_TIMES * rounds):
        if number >= rounds and proves_enough(keep, tally):
            break
        keep.village.publish(film_bytes=3_000_000 if rounds < 100 else 1_600_000)
        pid = keep.start("capture")
        # Some kills wait for a record that enters the segment, small or large,
        # and fall into it; the others fall wherever the clock says.
        growing = chance.choice((None, 1, 200_000, 200_000))
        delay_s = chance.uniform(0.02, usual_s * (0.5 if growing else 0.9))
        hit = keep.kill(pid, after_s=delay_s, growing=growing)
        tally.hits += hit
        usual_s *= 1.0 if hit else 0.9
        tally.inside += bool(keep.left_open())
        tally.rounds += 1
        keep.note_promises()
        if number % ROUNDS_APART == ROUNDS_APART - 1 or number >= rounds - 1:
            begun = time.monotonic()
            keep.run("capture")
            took_s = time.monotonic() - begun
            tally.longest_recovery_s = max(tally.longest_recovery_s, took_s)
            # That run had the posts of the killed ones to fetch as well.
            usual_s = 0.7 * usual_s + 0.3 * min(took_s, 1.0)
            keep.note_promises()
            assert keep.promised == keep.village.on_show()
        if number % looks_apart == looks_apart - 1:
            keep.check()
    return tally


def judge(keep: Any, tally: Tally, seed: int) -> None:
    """The rounds must have been able to fail."""
    print(f"seed {seed}: {tally}, torn tails {len(keep.torn())}, posts {len(keep.promised)}")
    assert proves_enough(keep, tally), "too few kills met a run, or none tore a record"
    before = keep.logins()
    assert before
    keep.run("reindex")
    assert keep.logins() == before
    keep.check()


@pytest.fixture
def seed() -> int:
    return int(os.environ.get("JEJAK_KILL_SEED") or time.time_ns() % 1_000_000)


def test_fifty_kills_lose_nothing(keep: Any, seed: int) -> None:
    judge(keep, kill_rounds(keep, 50, seed, looks_apart=10), seed)


@pytest.mark.soak
def test_five_hundred_kills_lose_nothing(keep: Any, seed: int) -> None:
    judge(keep, kill_rounds(keep, 500, seed, looks_apart=100), seed)
