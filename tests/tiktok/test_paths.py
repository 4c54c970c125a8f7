"""Every key of every recorded object is decided: read, or not and why.

The decisions (``tests/tiktok/decided_paths.json``) are held against the code: a
value that is ``in`` changes what is read, one that is ``instead_of`` others
does so without them, and one that is ``not`` never does. A ``choice`` steers
what is read and is no fact of its own. The longest fitting path decides.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.model import AccountRef
from connectors.tiktok import parse

TABLE = json.loads(Path(__file__).with_name("decided_paths.json").read_text("utf-8"))
SOMEBODY = AccountRef("tiktok", "somebody")
EXAMPLES: dict[str, tuple[str, object]] = {
    "warnInfo": ("warnInfo", [{"text": "Hati-hati"}]),
    "effectStickers": ("effectStickers", [{"name": "Hujan"}]),
    "itemCommentStatus": ("itemCommentStatus", 3),
    "textExtra[].userUniqueId": ("textExtra", [{"type": 0, "userUniqueId": "walikota"}]),
    "textExtra[].awemeId": ("textExtra", [{"type": 0, "awemeId": "77"}]),
}
"""Where a recorded value is empty or means nothing changed by a little."""


def leaves(value: object, path: str = "") -> Iterator[str]:
    """The paths of all values; every entry of a list stands as ``[]``."""
    if isinstance(value, dict) and value:
        for key, part in value.items():
            yield from leaves(part, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list) and value:
        for part in value:
            yield from leaves(part, f"{path}[]")
    else:
        yield path


def fits(path: str, known: str) -> bool:
    return path == known or path.startswith((f"{known}.", f"{known}[]"))


def decided(kind: str, path: str) -> Any:
    known = [entry for entry in TABLE[kind] if fits(path, entry)]
    return TABLE[kind][max(known, key=len)] if known else None


def changed(value: object, wanted: str, change: Callable[[object], object], path: str = "") -> Any:
    """A copy with every value at or below a path changed."""
    if isinstance(value, dict) and value:
        return {
            key: changed(part, wanted, change, f"{path}.{key}".lstrip("."))
            for key, part in value.items()
        }
    if isinstance(value, list) and value:
        return [changed(part, wanted, change, f"{path}[]") for part in value]
    return change(value) if fits(path, wanted) else value


def another(value: object) -> object:
    """Another value of the same sort."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return value + 1
    if isinstance(value, str) and value.isdigit():
        return str(int(value) + 1)
    if isinstance(value, str) and value.startswith("https://"):
        return value.replace(".com/", ".com/another", 1)
    return f"{value}x" if isinstance(value, str) else value


@pytest.fixture
def objects(recorded: Callable[[str], str]) -> dict[str, list[Any]]:
    """The recorded objects, by the kind of table that decides them."""

    def scopes(name: str) -> Any:
        return json.loads(recorded(f"universal-data-{name}.json"))["__DEFAULT_SCOPE__"]

    names = (
        "deleted-10204",
        "photo-page-without-video-detail",
        "user-detail-rapvietvevo",
        "video-detail-2026",
    )
    pages = [scopes(name) for name in names]
    line = recorded("zeeschuimer-search-haberturktv.ndjson").split("\n")[0]
    film = pages[3]["webapp.video-detail"]["itemInfo"]["itemStruct"]
    info = pages[2]["webapp.user-detail"]["userInfo"]
    return {"page": pages, "item": [film, json.loads(line)["data"]], "user": [info]}


def read(kind: str, value: Any) -> object:
    if kind == "item":
        return parse.post(value, SOMEBODY, from_page=True)
    return parse.profile(value)


def tells(kind: str, value: Any, path: str) -> bool:
    """Whether another value at a path changes what is read."""
    before, other = read(kind, value), changed(value, path, another)
    if path in EXAMPLES:
        where, example = EXAMPLES[path]
        other = {**copy.deepcopy(value), where: example, "desc": "#stitch with @walikota"}
        before = read(
            kind,
            {**value, "desc": other["desc"], **({} if where != "textExtra" else {"textExtra": []})},
        )
    return read(kind, other) != before


@pytest.mark.parametrize("kind", ["page", "item", "user"])
def test_every_recorded_path_is_decided(kind: str, objects: dict[str, list[Any]]) -> None:
    paths = {path for value in objects[kind] for path in leaves(value)}
    assert sorted(path for path in paths if decided(kind, path) is None) == []


@pytest.mark.parametrize("kind", ["page", "item", "user"])
def test_no_decision_is_about_nothing(kind: str, objects: dict[str, list[Any]]) -> None:
    paths = {path for value in objects[kind] for path in leaves(value)}
    assert [known for known in TABLE[kind] if not any(fits(path, known) for path in paths)] == []


@pytest.mark.parametrize("kind", ["item", "user"])
def test_what_is_read_is_in_the_post(kind: str, objects: dict[str, list[Any]]) -> None:
    known = [path for path, decision in TABLE[kind].items() if decision == "in"]
    silent = [p for p in known if not any(tells(kind, value, p) for value in objects[kind])]
    assert known and silent == []


@pytest.mark.parametrize("kind", ["item", "user"])
def test_what_stands_in_for_others_is_read_without_them(
    kind: str, objects: dict[str, list[Any]]
) -> None:
    silent = []
    for path, decision in TABLE[kind].items():
        if not isinstance(decision, dict):
            continue
        bare = objects[kind]
        for other in decision["instead_of"]:
            bare = [changed(value, other, lambda _: None) for value in bare]
        if not any(tells(kind, value, path) for value in bare):
            silent.append(path)
    assert silent == []


@pytest.mark.parametrize("kind", ["item", "user"])
def test_what_is_not_read_changes_nothing(kind: str, objects: dict[str, list[Any]]) -> None:
    read_after_all = []
    for value in objects[kind]:
        for path in set(leaves(value)):
            decision = decided(kind, path)
            if (
                isinstance(decision, str)
                and decision.startswith("not: ")
                and tells(kind, value, path)
            ):
                read_after_all.append(path)
    assert read_after_all == []
