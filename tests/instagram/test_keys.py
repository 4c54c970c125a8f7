"""Every key of every recorded object is decided on, and the decision is true.

A value that is marked as seen is changed: the normalised value must change.
A value that is marked as anything else is changed: nothing may change, so that
what no person sees never makes a new version of a post.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.instagram import parse, story_parse
from connectors.instagram.profile import profile, user_of
from connectors.instagram.reading import Unreadable
from connectors.instagram.slides import storage_key
from connectors.model import AccountRef

NOBODY = AccountRef("instagram", "siapa", None)
DECISIONS = {
    pattern: decision
    for line in Path(__file__).with_name("keys.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
    for decision, pattern in [line.split()]
}
LICENSED = Path(__file__).parents[1] / "data" / "instagram-graphql"
Read = Callable[[Any], object]


def read_post(value: object) -> object:
    return parse.post(value, NOBODY, ())


def read_story(value: object) -> object:
    return story_parse.story(value, NOBODY, ())


def read_profile(value: object) -> object:
    return profile(user_of(value), ())


READERS: dict[str, Read] = {"post": read_post, "story": read_story, "profile": read_profile}


def licensed_objects() -> Iterator[tuple[str, Any]]:
    load = lambda name: json.loads((LICENSED / name).read_text(encoding="utf-8"))  # noqa: E731
    for item in load("pgrimaud-api-v1-media-info-carousel.json")["items"]:
        yield "post", item
    for name in ("stories", "highlights"):
        for reel in load(f"pgrimaud-graphql-{name}.json")["data"]["reels_media"]:
            yield from (("story", item) for item in reel["items"])
    yield "profile", load("pgrimaud-web-profile-info.json")


def other_objects(folder: Path) -> Iterator[tuple[str, Any]]:
    news = (folder / "zeeschuimer-web-timeline-news-2026.ndjson").read_text(encoding="utf-8")
    for line in filter(str.strip, news.split("\n")):
        yield "post", json.loads(line)["data"]
    for item in json.loads((folder / "charity-ride-api-v1-media-4.json").read_text("utf-8")):
        yield "post", item


Place = tuple[str | int, ...]


def leaves(value: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, part in inner:
        if isinstance(part, dict | list) and part:
            yield from leaves(part, (*place, key))
        else:
            yield (*place, key), part


def pattern_of(kind: str, place: Place) -> str:
    return ".".join((kind, *(key for key in place if isinstance(key, str))))


def is_empty(value: object) -> bool:
    return value is None or value in ("", [], {})


def other(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 7
    if value.isdigit():
        return str(int(value) + 7)
    return "https://h.cdninstagram.com/v/1_2_n.jpg" if value.startswith("https:") else f"{value}x"


def changes(read: Read, recorded: Any, place: Place) -> bool:
    changed = copy.deepcopy(recorded)
    inner = changed
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = other(inner[place[-1]])
    try:
        return read(changed) != read(recorded)
    except Unreadable:
        return True


def check(objects: list[tuple[str, Any]]) -> set[str]:
    """Check the decisions against objects; give the patterns they have."""
    met: dict[str, bool] = {}
    for kind, recorded in objects:
        for place, value in leaves(recorded):
            pattern = pattern_of(kind, place)
            assert pattern in DECISIONS, f"{pattern} is new: decide on it in keys.txt"
            told = not is_empty(value)
            assert not told or DECISIONS[pattern] != "empty", f"{pattern} is told: {value!r:.60}"
            if told and not met.get(pattern):
                met[pattern] = changes(READERS[kind], recorded, place)
                assert DECISIONS[pattern] == "seen" or not met[pattern], f"{pattern} is read"
            met.setdefault(pattern, False)
    return {pattern for pattern, seen in met.items() if seen} | {
        pattern for pattern in met if DECISIONS[pattern] != "seen"
    }


def test_the_keys_of_licensed_objects() -> None:
    assert len(check(list(licensed_objects()))) > 100


def test_the_keys_of_all_objects(recorded_files: Path) -> None:
    """What is marked as seen makes a difference somewhere, and no mark is left over."""
    met = check([*licensed_objects(), *other_objects(recorded_files)])
    assert set(DECISIONS) == met


def test_all_sizes_of_a_picture_have_one_key(recorded_files: Path) -> None:
    keys = []
    for kind, recorded in [*licensed_objects(), *other_objects(recorded_files)]:
        for part in [recorded, *(recorded.get("carousel_media") or [])] if kind == "post" else []:
            sizes = [c["url"] for c in part.get("image_versions2", {}).get("candidates", [])]
            assert len({storage_key(url) for url in sizes}) <= 1
            keys += [storage_key(url) for url in sizes[:1]]
    # An album shows its first picture as its own.
    assert len(set(keys)) >= len(keys) - 2 and None not in keys
    with pytest.raises(AssertionError):
        assert storage_key("https://h/a_n.jpg?x") == storage_key("https://h/b_n.jpg?x")


JSON = st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.just([]) | st.just({})
JSON |= st.lists(JSON, max_size=2) | st.dictionaries(st.text(max_size=4), JSON, max_size=2)
MUTABLE = list(licensed_objects())[:3]


def replace_somewhere(value: Any, choose: Callable[[int], int], part: object) -> None:
    """Replace or delete one key at any depth."""
    while True:
        keys = list(value) if isinstance(value, dict) else list(range(len(value)))
        key = keys[choose(len(keys))]
        inner = value[key]
        if isinstance(inner, dict | list) and inner and choose(4):
            value = inner
        elif part is ...:
            del value[key]
            return
        else:
            value[key] = part
            return


@settings(deadline=None)
@given(st.sampled_from(MUTABLE), st.data(), st.lists(JSON | st.just(...), min_size=1, max_size=6))
def test_a_damaged_object_is_read_or_unreadable(
    pair: tuple[str, Any], data: st.DataObject, parts: list[object]
) -> None:
    kind, recorded = pair
    damaged = copy.deepcopy(recorded)
    for part in parts:
        if damaged:
            choose = partial(lambda d, n: d.draw(st.integers(0, n - 1)), data)
            replace_somewhere(damaged, choose, part)
    try:
        found = READERS[kind](damaged)
    except Unreadable:
        return
    json.dumps(found.extra)  # type: ignore[attr-defined]
    (found.caption or "").encode()  # type: ignore[attr-defined]
