"""Generated posts: Indonesian-like, the same in every run."""

from __future__ import annotations

import bisect
import hashlib
import itertools
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from storage.timestamps import stamp

ACCOUNTS = tuple(f"instagram:{1000 + number}" for number in range(40))
KINDS = ("photo", "carousel", "reel", "video")
FIRST_DAY = datetime(2016, 1, 1, tzinfo=UTC)
DAYS = 3650
TAGS = ("SiagaBanjir", "banjir", "KotaKita", "vaksinasi", "UMKM", "HariJadi", "InfoWarga")
COMMON = (
    "warga",
    "kota",
    "banjir",
    "jalan",
    "layan",
    "bantu",
    "bangun",
    "dinas",
    "camat",
    "lurah",
    "sehat",
    "sekolah",
    "pasar",
    "air",
    "bersih",
    "kerja",
    "daftar",
    "bagi",
    "tanam",
    "lindung",
    "ungsi",
    "bayar",
    "pajak",
    "siap",
    "latih",
    "ajar",
    "rapat",
    "umum",
    "sampah",
    "taman",
)
_SYLLABLES = [c + v for c in "bdgjklmnprst" for v in "aiue"]
VOCABULARY = COMMON + tuple(
    "".join(parts)
    for parts in itertools.islice(itertools.product(_SYLLABLES, repeat=3), 0, 100_000, 5)
)
"""By rank; a word's share falls with its rank (Zipf)."""
_SHARES = tuple(itertools.accumulate(1 / (rank + 2) for rank in range(len(VOCABULARY))))
_FORMS = ("{}", "{}", "{}", "{}kan", "di{}", "pe{}an", "ke{}an", "ber{}", "{}nya")

Row = dict[str, object]


def generated(first: int, count: int) -> Iterator[tuple[Row, Row]]:
    """Rows of ``versions`` and ``posts``, from the number ``first`` on."""
    for number in range(first, first + count):
        chance = random.Random(number)
        yield _rows(number, chance)


def caption(chance: random.Random) -> str:
    """8 to 50 words, sometimes with tags and a mention."""
    words = []
    for _ in range(chance.randint(8, 50)):
        place = bisect.bisect(_SHARES, chance.random() * _SHARES[-1])
        words.append(chance.choice(_FORMS).format(VOCABULARY[min(place, len(VOCABULARY) - 1)]))
    words += ["#" + chance.choice(TAGS) for _ in range(chance.randint(0, 2))]
    if chance.random() < 0.2:
        words.append(f"@dinas_{chance.randint(1, 40)}")
    return " ".join(words).capitalize() + "."


def _rows(number: int, chance: random.Random) -> tuple[Row, Row]:
    at = stamp(FIRST_DAY + timedelta(seconds=chance.randrange(DAYS * 86_400)))
    account, kind, text = chance.choice(ACCOUNTS), chance.choice(KINDS), caption(chance)
    code, document = f"B{number:010}", f"urn:uuid:{number:032x}"
    digest = "sha256:" + hashlib.sha256(text.encode()).hexdigest()
    shared: Row = {
        "platform": "instagram",
        "account": account,
        "code": code,
        "native_id": str(number),
        "kind": kind,
        "caption": text,
        "published_at": at,
        "permalink": f"https://www.instagram.com/p/{code}/",
        "content_digest": digest,
        "document": document,
    }
    post = shared | {
        "id": f"instagram:{code}",
        "state": "present",
        "state_since": at,
        "first_seen": at,
        "last_seen": at,
        "versions": 1,
        "media_complete": True,
    }
    version = shared | {
        "post": post["id"],
        "number": 1,
        "captured_at": at,
        "capture": "c",
        "run": "r",
        "route": "instagram.web",
        "engine": "instaloader 4.16",
        "pinned": False,
        "extra": "{}",
        "authors": "[]",
    }
    return version, post
