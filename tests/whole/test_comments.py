"""Comments through the real library: kept under pseudonyms, shown only when asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from demo.city import City
from demo.server import Platforms
from demo.world import Remark

CITIZENS = {"91000000001": "warga.budi77", "91000000002": "siti_aminah.rt05"}


def test_no_command_says_who_commented(
    make_house: Callable[..., Any], platforms: Platforms, city: City
) -> None:
    account = city.instagram
    account.items[:] = account.items[:2]
    at = account.items[0].taken_at + timedelta(minutes=5)
    one, two = CITIZENS
    remarks = (
        Remark("501", one, CITIZENS[one], "mohon info jalan rusak", at),
        Remark("502", two, CITIZENS[two], f"setuju @{CITIZENS[one]}", at, parent="501"),
    )
    code = account.items[0].code
    account.items[0] = replace(account.items[0], remarks=remarks, comments=2)
    house = make_house(platforms, city)
    house.configure(
        lambda text: text.replace('identity = "arsip"', 'identity = "arsip"\ncomments = true')
    )
    done = house.jejak("capture", f"instagram/{account.handle}")
    assert done.code == 0, done.text
    post = f"instagram:{code}"
    (shown,) = house.rows("show", post, "--comments")
    texts = [comment["text"] for comment in shown["comments"]]
    assert "mohon info jalan rusak" in texts and len(texts) == 2
    said = [
        house.jejak("posts", "--json").text,
        house.jejak("show", post, "--json").text,
        house.jejak("show", post, "--comments").text,
        json.dumps(shown),
    ]
    assert "mohon info jalan rusak" in said[2] and "mohon info" not in said[1]
    assert "2 comments are kept" in house.jejak("show", post).text
    for text in said:
        for name in (*CITIZENS, *CITIZENS.values()):
            assert name not in text.lower(), name
