"""Fixtures of the ledger's and the catalogue's tests."""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from storage.catalogue import Catalogue, embedded, open_catalogue

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"


class Databases:
    """Catalogues by path, whichever database they are kept in.

    Attributes:
        name: ``sqlite`` or ``postgresql``.
    """

    def __init__(self, name: str, empty: Path | None, create: Callable[[], str] | None) -> None:
        self.name, self._empty, self._create = name, empty, create
        self._addresses: dict[Path, str] = {}

    def examples(self, wanted: int) -> int:
        """So many examples of a property are tried: new databases of a server take long."""
        return wanted if self._create is None else max(wanted // 6, 3)

    def address(self, path: Path) -> str:
        """The address of the newest catalogue `fresh` made there."""
        return self._addresses[path]

    def fresh(self, path: Path) -> Catalogue:
        """Open an empty catalogue; migrations ran once for all of them."""
        if self._create is not None:
            self._addresses[path] = self._create()
        else:
            assert self._empty is not None
            shutil.copy(self._empty, path)
            self._addresses[path] = embedded(path)
        return open_catalogue(self._addresses[path])


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def databases(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Databases:
    """Makes catalogues; what uses it runs once on each database."""
    if request.param == "postgresql":
        create = request.getfixturevalue("new_postgres_catalogue")
        return Databases(request.param, None, create)
    empty = tmp_path_factory.mktemp("empty") / "empty.db"
    open_catalogue(embedded(empty)).close()
    return Databases(request.param, empty, None)


@pytest.fixture(scope="session")
def fresh(databases: Databases) -> Callable[[Path], Catalogue]:
    """Opens an empty catalogue at a path."""
    return databases.fresh


@pytest.fixture
def catalogue(tmp_path: Path, fresh: Callable[[Path], Catalogue]) -> Iterator[Catalogue]:
    """A new, empty catalogue."""
    with fresh(tmp_path / "catalogue.db") as found:
        yield found


@pytest.fixture(scope="session")
def validator() -> Callable[[str], Draft202012Validator]:
    """Gives the validator of one schema of docs/schemas by its name."""
    documents = [json.loads(p.read_text()) for p in sorted(SCHEMAS.glob("*.json"))]
    registry = Registry().with_resources((d["$id"], Resource.from_contents(d)) for d in documents)
    by_title = {d["title"]: d for d in documents}
    return lambda title: Draft202012Validator(by_title[title], registry=registry)


class Documents:
    """Makes post/1 and capture/1 documents; ids are readable and repeatable."""

    def uuid(self, name: str) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_URL, name))

    def record(self, name: str) -> str:
        return f"urn:uuid:{self.uuid('record ' + name)}"

    def digest(self, name: str) -> str:
        return "sha256:" + (self.uuid(name) + self.uuid("2" + name)).replace("-", "")

    def medium(self, media_id: str, *, complete: bool = True, record: str | None = None) -> dict:
        return {
            "media_id": media_id,
            "kind": "image",
            "role": "content",
            "position": 0,
            "url": f"https://media.example/{media_id}.jpg",
            "width": 1080,
            "height": 1350,
            "duration_s": None,
            "language": None,
            "mime": "image/jpeg" if complete else None,
            "size_bytes": 4096 if complete else None,
            "sha256": self.digest(media_id) if complete else None,
            "record": record if complete else None,
            "complete": complete,
        }

    def metrics(self, likes: int | None = None) -> dict:
        return {"likes": likes, "comments": 2, "plays": None, "shares": None, "saves": None}

    def post(self, code: str, at: str, **changes: object) -> dict:
        return {
            "schema": "jejak:post/1",
            "id": f"instagram:{code}",
            "platform": "instagram",
            "code": code,
            "native_id": "3301",
            "account": "instagram:1001",
            "capture": self.uuid("capture 1"),
            "run": self.uuid("run 1"),
            "route": "instagram.web",
            "engine": "instaloader 4.16",
            "captured_at": at,
            "kind": "photo",
            "caption": "Pengumuman banjir",
            "published_at": "2026-11-01T00:00:00Z",
            "permalink": f"https://www.instagram.com/p/{code}/",
            "metrics": self.metrics(10),
            "pinned": False,
            "authors": [],
            "expires_at": None,
            "extra": {},
            "content_digest": self.digest("first content"),
            "content": {},
            "media": [],
            "evidence": [self.record("listing")],
            "problems": [],
        } | changes

    def capture(self, name: str, started: str, ended: str, **changes: object) -> dict:
        return {
            "schema": "jejak:capture/1",
            "capture": self.uuid(name),
            "run": self.uuid("run 1"),
            "account": "instagram:1001",
            "handle": "tirtakencana",
            "route": "instagram.web",
            "engine": "instaloader 4.16",
            "identity": None,
            "started_at": started,
            "ended_at": ended,
            "outcome": "complete",
            "reason": None,
            "profile": None,
            "declared_posts": 3,
            "listing": {
                "pages": 1,
                "end": "end",
                "reason": None,
                "listed": 1,
                "evidence": [self.record("listing")],
            },
            "seen": [],
            "listings": [],
            "highlights": [],
            "harvest": None,
            "since": None,
            "joined": [],
            "covers": [],
            "checks": [],
            "canary": None,
            "blocked": False,
            "new": [],
            "edited": [],
            "failed": [],
            "requests": 4,
            "bytes": 9000,
            "problems": [],
        } | changes

    def profile(self, **changes: object) -> dict:
        return {
            "native_id": "1001",
            "handle": "tirtakencana",
            "name": "Pemerintah Kota Tirta Kencana",
            "biography": None,
            "external_url": None,
            "is_private": False,
            "is_verified": True,
            "followers": 1200,
            "following": 3,
            "declared_posts": 3,
            "locator": None,
            "avatar": None,
            "evidence": [self.record("profile")],
        } | changes

    def seen(self, post_id: str, record: str, likes: int | None = None) -> dict:
        return {
            "id": post_id,
            "pinned": False,
            "metrics": self.metrics(likes),
            "evidence": [record],
        }


@pytest.fixture(scope="session")
def make() -> Documents:
    """Makes documents."""
    return Documents()
