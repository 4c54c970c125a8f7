"""The fixed list of 300 queries, by class."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any

from benchmarks.catalogue_posts import ACCOUNTS, COMMON, KINDS, TAGS, VOCABULARY

PAGE = 50


def queries() -> list[tuple[str, dict[str, Any]]]:
    """Class and what `storage.catalogue.posts.PostFilter` is given."""
    chance = random.Random(300)
    common, medium, rare = COMMON, VOCABULARY[100:600], VOCABULARY[5_000:]
    found: list[tuple[str, dict[str, Any]]] = []

    def add(sort: str, text: str, **filters: Any) -> None:
        found.append((sort, {"search": text, "limit": PAGE, **filters}))

    for n in range(30):
        add("common word", common[n % len(common)])
        add("medium word", chance.choice(medium))
        add("rare word", chance.choice(rare))
        add("two words", f"{chance.choice(common)} {chance.choice(medium)}")
        add("phrase", f'"{common[n % 10]} {chance.choice(common)}"')
        add("prefix", f"{chance.choice(VOCABULARY)[: chance.randint(2, 5)]}*")
        tag, handle = chance.choice(TAGS), f"@dinas_{chance.randint(1, 40)}"
        add("tag or mention", f"#{tag}" if n % 2 else handle)
        add("word and account", chance.choice(common), account=ACCOUNTS[n], kind=KINDS[n % 4])
        year = 2016 + n % 10
        span = {
            "since": datetime(year, 3, 1, tzinfo=UTC),
            "until": datetime(year, 4, 1, tzinfo=UTC),
        }
        add("word and dates", chance.choice(common), **span)
        add(
            "exclusion or either",
            f"{chance.choice(common)} -{common[n % 9]}"
            if n % 2
            else f"{chance.choice(rare)} OR {chance.choice(medium)}",
        )
    return found
