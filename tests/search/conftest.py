"""Fixtures of the search tests: one catalogue on each database."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from storage.catalogue import Catalogue, open_catalogue
from storage.catalogue.intake import commit_post
from tools.postgres import NoServer, Server, any_server


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with ExitStack() as stack:
        try:
            found = stack.enter_context(any_server())
        except NoServer as error:
            pytest.skip(str(error))
        yield found


@pytest.fixture(params=["sqlite", "postgresql"])
def catalogue(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Catalogue]:
    if request.param == "sqlite":
        with open_catalogue(f"sqlite:///{tmp_path / 'catalogue.db'}") as found:
            yield found
        return
    server = request.getfixturevalue("server")
    name = server.create()
    with open_catalogue(server.address(name)) as found:
        yield found
    server.drop(name)


def _id(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


@pytest.fixture(scope="session")
def keep() -> Callable[..., None]:
    """Takes in one post document."""

    def kept(conn: Any, code: str, caption: str | None, **changes: Any) -> None:
        version = changes.pop("version", 1)
        document = {
            "schema": "jejak:post/1",
            "id": f"instagram:{code}",
            "platform": "instagram",
            "code": code,
            "native_id": None,
            "account": "instagram:1001",
            "capture": _id("capture"),
            "run": _id("run"),
            "route": "instagram.web",
            "engine": "instaloader 4.16",
            "captured_at": f"2026-11-{version:02}T00:00:00Z",
            "kind": "photo",
            "caption": caption,
            "published_at": "2026-10-01T00:00:00Z",
            "permalink": None,
            "metrics": dict.fromkeys(("likes", "comments", "plays", "shares", "saves")),
            "pinned": False,
            "authors": [],
            "expires_at": None,
            "extra": {},
            "content_digest": "sha256:" + _id(f"{caption}{changes}").replace("-", "") * 2,
            "media": [],
            "evidence": [],
            "problems": [],
        } | changes
        commit_post(conn, [], f"urn:uuid:{_id(f'{code} {version}')}", document)

    return kept
