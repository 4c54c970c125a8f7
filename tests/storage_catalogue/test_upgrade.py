"""A catalogue from before states of posts goes on to be used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from alembic import command
from sqlalchemy import create_engine, select, text

from storage import migrations, schema
from storage.catalogue import embedded, open_catalogue, posts
from storage.catalogue.intake import commit_capture

DAY = "2026-10-01T00:00:00.000000Z"
POST = "instagram:A"
NAMES: Mapping[str, Mapping[str, object]] = {
    "posts": {
        **{"id": POST, "platform": "instagram", "account": "instagram:1001", "code": "A"},
        **{"kind": "photo", "state": "present", "published_at": DAY, "first_seen": DAY},
        **{"last_seen": DAY, "versions": 1, "content_digest": "d", "media_complete": True},
        **{"document": "r"},
    },
    "versions": {
        **{"document": "r", "post": POST, "account": "instagram:1001", "number": 1},
        **{"platform": "instagram", "code": "A", "capture": "c", "run": "u", "route": "w"},
        **{"engine": "e", "captured_at": DAY, "kind": "photo", "pinned": False, "extra": "{}"},
        **{"content_digest": "d", "authors": "[]"},
    },
    "events": {
        **{"seq": 1, "at": DAY, "type": "note added", "premis": "p", "agent": "person A"},
        **{"outcome": "success", "detail": "{}", "previous": "", "hash": ""},
        **{"objects": '{"account":"instagram:1001","post":"instagram:A"}'},
    },
}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_kept_posts_are_present_since_they_were_first_seen(
    kind: str, tmp_path: Any, request: pytest.FixtureRequest, make: Any
) -> None:
    address = embedded(tmp_path / "old.db")
    if kind == "postgresql":
        address = request.getfixturevalue("new_database")()
    engine = create_engine(address)
    with engine.begin() as conn:
        config = migrations.configuration()
        config.attributes["connection"] = conn
        command.upgrade(config, "0004")
        for table, row in NAMES.items():
            given = ", ".join(f":{name}" for name in row)
            conn.execute(text(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({given})"), row)
    engine.dispose()
    with open_catalogue(address) as catalogue:
        with catalogue.reading() as conn:
            post = posts.get(conn, POST)
            assert conn.scalars(select(schema.events.c.post)).all() == [POST]
        assert post is not None
        assert (post.state, post.state_reason, post.state_since) == ("present", None, DAY)
        check = make.check(POST, "absent", "2026-11-02T01:00:00Z")
        document = make.capture("c", "2026-11-02T01:00:00Z", "2026-11-02T02:00:00Z", checks=[check])
        with catalogue.writing() as conn:
            commit_capture(conn, [], make.record("c"), document)
            post = posts.get(conn, POST)
        assert post is not None
        assert (post.state, post.state_reason) == ("unavailable", "awaiting_confirmation")
