"""Posts: versions, media, observations, filters, and what is known already."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.model import RecordId
from storage.catalogue import Catalogue, accounts, captures, history, media, posts, records, runs
from storage.catalogue.errors import DocumentError
from storage.catalogue.intake import commit_capture, commit_post, take_records
from storage.records import RecordRow

ACCOUNT = "instagram:1001"


def row(record_id: str, date: str = "2026-11-24T01:00:05Z", **changes: Any) -> RecordRow:
    values: dict[str, Any] = {
        "record_id": RecordId(record_id),
        "segment": "JEJAK-20261124010000-00001-h.warc.gz",
        "offset": abs(hash(record_id)) % 10**9,
        "length": 100,
        "type": "response",
        "target_uri": "https://media.example/1.jpg",
        "date": date,
        "http_status": 200,
        "identified": "image/jpeg",
    }
    return RecordRow(**{**values, **changes})


def test_the_documents_used_here_satisfy_the_published_schemas(
    make: Any, validator: Callable
) -> None:
    post = make.post("A", "2026-11-24T01:00:00Z", media=[make.medium("m", record=make.record("m"))])
    validator("post/1").validate(post)
    capture = make.capture(
        "c",
        "2026-11-24T01:00:00Z",
        "2026-11-24T01:00:09Z",
        profile=make.profile(avatar=make.medium("a") | {"role": "avatar"}),
        seen=[make.seen("instagram:A", make.record("listing"), 3)],
    )
    validator("capture/1").validate(capture)


def test_a_captured_post_is_found_with_media_and_evidence(catalogue: Catalogue, make: Any) -> None:
    picture, listing, document = make.record("m1"), make.record("listing"), make.record("doc")
    post = make.post("A", "2026-11-24T01:00:10Z", media=[make.medium("m1", record=picture)])
    with catalogue.writing() as conn:
        commit_post(conn, [row(listing), row(picture)], document, post)
    with catalogue.reading() as conn:
        [found] = posts.find(conn)
        assert posts.get(conn, "instagram:A") == found
        assert posts.get(conn, "instagram:B") is None
        assert records.place(conn, picture) == row(picture)
        assert accounts.get(conn, ACCOUNT).posts == 1
    assert (found.state, found.versions, found.media_complete) == ("present", 1, True)
    assert (found.first_seen, found.last_seen) == ("2026-11-24T01:00:10.000000Z",) * 2
    assert found.evidence == (listing,)
    assert [(m.media_id, m.record, m.size_bytes) for m in found.media] == [("m1", picture, 4096)]


def test_a_second_content_is_a_version_and_the_same_content_is_none(
    catalogue: Catalogue, make: Any
) -> None:
    other = make.digest("second content")
    documents = [
        make.post("A", "2026-11-24T01:00:00Z"),
        make.post("A", "2026-11-25T01:00:00Z"),
        make.post("A", "2026-11-26T01:00:00Z", caption="Ralat", content_digest=other),
        make.post("A", "2026-11-27T01:00:00Z"),
    ]
    with catalogue.writing() as conn:
        for number, document in enumerate(documents):
            commit_post(conn, [], make.record(f"d{number}"), document)
    with catalogue.reading() as conn:
        found = history.versions(conn, "instagram:A")
        assert posts.get(conn, "instagram:A").versions == 3
        assert posts.known(conn, ACCOUNT)["instagram:A"].content_digest == make.digest(
            "first content"
        )
    assert [v.caption for v in found] == ["Pengumuman banjir", "Ralat", "Pengumuman banjir"]
    assert [len(v.documents) for v in found] == [2, 1, 1]
    assert found[0].captured_at == "2026-11-24T01:00:00.000000Z"
    assert found[0].last_captured_at == "2026-11-25T01:00:00.000000Z"


def test_two_incomplete_captures_complete_one_version(catalogue: Catalogue, make: Any) -> None:
    one, two = make.record("one"), make.record("two")
    first = [make.medium("m1", record=one), make.medium("m2", complete=False) | {"position": 1}]
    second = [make.medium("m1", complete=False), make.medium("m2", record=two) | {"position": 1}]
    with catalogue.writing() as conn:
        commit_post(
            conn, [], make.record("d1"), make.post("A", "2026-11-24T01:00:00Z", media=first)
        )
        assert not posts.known(conn, ACCOUNT)["instagram:A"].media_complete
        commit_post(
            conn, [], make.record("d2"), make.post("A", "2026-11-25T01:00:00Z", media=second)
        )
        found = posts.get(conn, "instagram:A")
    assert (found.versions, found.media_complete) == (1, True)
    assert [(m.media_id, m.record) for m in found.media] == [("m1", one), ("m2", two)]


def test_observations_tell_when_a_post_was_seen_by_what_shows_it(
    catalogue: Catalogue, make: Any
) -> None:
    listing = make.record("listing 2")
    seen = [make.seen("instagram:A", listing, 99), make.seen("instagram:A", listing, 1)]
    capture = make.capture("c2", "2026-11-25T01:00:00Z", "2026-11-25T01:09:00Z", seen=seen)
    with catalogue.writing() as conn:
        commit_post(conn, [], make.record("d1"), make.post("A", "2026-11-24T01:00:00Z"))
        commit_capture(conn, [row(listing, "2026-11-25T01:00:30.5Z")], make.record("c2"), capture)
        post, observed = posts.get(conn, "instagram:A"), history.observations(conn, "instagram:A")
    assert [(o.at, o.likes, o.evidence) for o in observed] == [
        ("2026-11-25T01:00:30.500000Z", 99, (listing,))
    ]
    assert post.first_seen == "2026-11-24T01:00:00.000000Z"
    assert post.last_seen == "2026-11-25T01:00:30.500000Z"


def test_filters_and_order(catalogue: Catalogue, make: Any) -> None:
    with catalogue.writing() as conn:
        for number in range(1, 6):
            post = make.post(
                f"P{number}",
                "2026-11-24T01:00:00Z",
                published_at=f"2026-11-0{number}T00:00:00Z" if number < 5 else None,
                caption=f"Rapat 100%_{number} BANJIR",
                kind="reel" if number == 2 else "photo",
                account="instagram:7" if number == 3 else ACCOUNT,
            )
            commit_post(conn, [], make.record(f"d{number}"), post)
    wanted = {
        posts.PostFilter(): "43215",
        posts.PostFilter(kind="reel"): "2",
        posts.PostFilter(account="instagram:7"): "3",
        posts.PostFilter(state="gone"): "",
        posts.PostFilter(search="100%_4"): "4",
        posts.PostFilter(search="banjir", limit=2): "43",
        posts.PostFilter(search="%"): "43215",
        posts.PostFilter(search="Rapat_1"): "",
        posts.PostFilter(since=datetime(2026, 11, 3, tzinfo=UTC)): "43",
        posts.PostFilter(until=datetime(2026, 11, 3, tzinfo=UTC)): "21",
    }
    with catalogue.reading() as conn:
        for condition, expected in wanted.items():
            assert "".join(p.code[1] for p in posts.find(conn, condition)) == expected, condition


def test_more_posts_than_one_batch_stream_in_order(catalogue: Catalogue, make: Any) -> None:
    with catalogue.writing() as conn:
        for number in range(450):
            medium = [make.medium(f"m{number}", record=make.record(f"r{number}"))]
            post = make.post(f"P{number:03}", "2026-11-24T01:00:00Z", media=medium)
            commit_post(conn, [], make.record(f"d{number}"), post)
    with catalogue.reading() as conn:
        found = list(posts.find(conn))
    assert [p.code for p in found] == [f"P{number:03}" for number in reversed(range(450))]
    assert all(p.media[0].media_id == f"m{int(p.code[1:])}" for p in found)


def test_a_payload_is_found_at_its_original_for_its_account_only(
    catalogue: Catalogue, make: Any
) -> None:
    original, revisit, cut = make.record("o"), make.record("r"), make.record("cut")
    gzipped = make.record("gzipped")
    medium = [make.medium("m", record=revisit)]
    with catalogue.writing() as conn:
        digest = make.digest("m")
        take_records(conn, [row(original, payload_digest=digest)])
        take_records(conn, [row(cut, truncated="length", payload_digest=make.digest("cut"))])
        repeated = {"type": "revisit", "refers_to": RecordId(original), "truncated": "length"}
        take_records(conn, [row(revisit, **repeated)])
        post = make.post("A", "2026-11-24T01:00:00Z", media=medium)
        commit_post(conn, [], make.record("d"), post)
        post = make.post("B", "2026-11-24T01:00:00Z", media=[make.medium("cut", record=cut)])
        commit_post(conn, [], make.record("e"), post)
        avatar = make.medium("m", record=original) | {"role": "avatar"}
        capture = make.capture(
            "c", "2026-11-24T01:00:00Z", "2026-11-24T01:01:00Z", profile=make.profile(avatar=avatar)
        )
        commit_capture(conn, [], make.record("c"), capture)
        stored = media.find_payload(conn, ACCOUNT, make.digest("m"))
        commit_post(
            conn,
            [row(gzipped)],
            make.record("f"),
            make.post("C", "2026-11-24T01:00:00Z", media=[make.medium("gzipped", record=gzipped)]),
        )
        assert media.find_payload(conn, ACCOUNT, make.digest("gzipped")) is None
        assert media.find_payload(conn, "instagram:7", make.digest("m")) is None
        assert media.find_payload(conn, ACCOUNT, make.digest("cut")) is None
    assert (stored.record_id, stored.source) == (original, original)
    assert (stored.size_bytes, stored.sha256) == (4096, make.digest("m"))


@pytest.mark.parametrize("wrong", ["schema", "id", "media", "metrics", "captured_at", "extra"])
def test_a_document_without_its_shape_is_refused_and_leaves_nothing(
    catalogue: Catalogue, make: Any, wrong: str
) -> None:
    bad = make.post("A", "2026-11-24T01:00:00Z", **{wrong: 12})
    with pytest.raises(DocumentError, match=wrong), catalogue.writing() as conn:
        commit_post(conn, [row(make.record("m"))], make.record("d"), bad)
    with catalogue.reading() as conn:
        assert list(posts.find(conn)) == []
        assert records.place(conn, make.record("m")) is None


def test_hostile_text_is_kept_as_far_as_a_database_can(catalogue: Catalogue, make: Any) -> None:
    caption = json.loads('"nul \\u0000 half \\ud83d whole \\ud83d\\ude00"')
    with catalogue.writing() as conn:
        post = make.post("A", "2026-11-24T01:00:00Z", caption=caption, extra={"t": "\ud83d"})
        commit_post(conn, [], make.record("d"), post)
        assert posts.get(conn, "instagram:A").caption == "nul \ufffd half \ufffd whole 😀"


def test_captures_problems_and_runs(catalogue: Catalogue, make: Any) -> None:
    problem = {
        "code": "not_a_picture",
        "detail": "HTML for a picture",
        "evidence": [make.record("x")],
        "post_id": "instagram:A",
        "media_id": "m",
    }
    capture = make.capture(
        "c",
        "2026-11-24T01:00:00Z",
        "2026-11-24T01:01:00Z",
        outcome="partial",
        reason="media_missing",
        problems=[problem],
        failed=[problem | {"code": "limit_exceeded"}],
        new=["instagram:A", "instagram:B"],
        edited=["instagram:C"],
    )
    with catalogue.writing() as conn:
        commit_capture(conn, [], make.record("c"), capture)
        [found] = captures.of_run(conn, make.uuid("run 1"))
        assert captures.of_account(conn, ACCOUNT) == (found,)
        told = captures.problems(conn, make.uuid("c"))
        run = runs.get(conn, make.uuid("run 1"))
    assert (found.new, found.edited, found.failed, found.problems) == (2, 1, 1, 1)
    assert {(p.code, p.failed, p.evidence) for p in told} == {
        ("not_a_picture", False, (make.record("x"),)),
        ("limit_exceeded", True, (make.record("x"),)),
    }
    assert (run.state, run.captures, run.partial, run.new) == ("unrecorded", 1, 1, 2)
