"""When posts were last looked at, and under which ids their pictures are known."""

from __future__ import annotations

from typing import Any

from storage.catalogue import Catalogue
from storage.catalogue.intake import commit_capture, commit_post
from storage.catalogue.pictures import media_rows
from storage.catalogue.reseen import reseen

DAYS = [f"2026-11-{day:02}T01:00:00.000000Z" for day in range(1, 10)]


def test_a_visit_is_a_look_and_a_miss_is_none(catalogue: Catalogue, make: Any) -> None:
    with catalogue.writing() as conn:
        for code in ("A", "B", "C"):
            commit_post(conn, [], make.record(code), make.post(code, DAYS[0]))
        checks = [
            make.check("instagram:A", "absent", DAYS[5]),
            make.check("instagram:B", "not_visited", DAYS[5]),
        ]
        capture = make.capture("c", DAYS[5], DAYS[5], seen=[], checks=checks)
        commit_capture(conn, [], make.record("c"), capture)
    with catalogue.reading() as conn:
        found = reseen(conn, "instagram:1001", [DAYS[1], DAYS[0]])
    assert (found.posts, found.unavailable, found.deleted) == (3, 2, 0)
    assert (found.oldest_post, found.oldest_look) == ("instagram:B", DAYS[0])
    assert found.lately == (1, 3)


def test_every_row_of_ids_of_the_newest_version_is_known(catalogue: Catalogue, make: Any) -> None:
    with catalogue.writing() as conn:
        for number, names in enumerate(["ab", "cd", "ef"]):
            media = [make.medium(name) | {"position": place} for place, name in enumerate(names)]
            digest = make.digest("first" if number == 0 else "second")
            post = make.post("A", DAYS[number], media=media, content_digest=digest)
            commit_post(conn, [], make.record(f"p{number}"), post)
    with catalogue.reading() as conn:
        assert media_rows(conn, "instagram:A") == {("c", "d"), ("e", "f")}
