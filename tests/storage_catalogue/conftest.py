"""Fixtures of the ledger's and the catalogue's tests."""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from connectors.base import Limits, SecretRules
from storage.catalogue import Catalogue, embedded, open_catalogue
from storage.catalogue.intake import apply_event, commit_capture, commit_post
from storage.ledger import Ledger
from storage.recorder import Recorder
from storage.warc_writer import SegmentWriter

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

    def check(self, post_id: str, verdict: str, at: str, **changes: object) -> dict:
        found = {"absent": "absent", "not_visited": "unvisited", "expired": "expired"}
        names = ("listing", "signature", "control", "account", "unblocked", "canary", "clock")
        return {
            "post": post_id,
            "at": at,
            "found": "present" if verdict == "seen" else found.get(verdict, "unknown"),
            "reason": "item_missing",
            "verdict": verdict,
            "conditions": dict.fromkeys(names, True),
            "answered_at": at,
            "control": {
                "post": "instagram:CONTROL",
                "at": at,
                "answered_at": at,
                "present": True,
                "reason": "shown",
                "evidence": [self.record("control")],
            },
            "cursor": "page 2",
            "evidence": [self.record("visit")],
            "listing_evidence": [self.record("listing"), self.record("page 2")],
        } | changes


class Nights:
    """Nights over one account, written as an archive; `inputs` is what a catalogue
    takes in, in the order in which it came."""

    def __init__(self, archive: Path, make: Documents) -> None:
        self.archive, self.make = archive, make
        self.ledger = Ledger(archive / "ledger")
        self.writer = SegmentWriter.open(
            archive / "segments", started_at=self.at(0), host="h", info={}
        )
        self.recorder = Recorder(
            self.writer,
            spool_dir=archive / "spool",
            limits=Limits(),
            known_payload=lambda account, sha256: None,
        )
        self.sink = self.recorder.scope("instagram:1001", SecretRules(), ())
        self.inputs: list[Any] = []
        self.number = 0

    @staticmethod
    def at(day: int, hour: int = 1) -> datetime:
        return datetime(2026, 11, 1, hour, tzinfo=UTC) + timedelta(days=day)

    @staticmethod
    def text(moment: datetime) -> str:
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

    def night(
        self,
        *found: str,
        post: str = "A",
        day: int | None = None,
        recorded: bool = True,
        same_run: bool = False,
        **changes: Any,
    ) -> None:
        """One run with one capture.

        Args:
            found: ``post`` (a document of it), ``seen`` (an observation), ``checked``
                (found by a visit alone), or what the visit of the missed post said.
            day: On the clock of that night.
            recorded: Whether the ledger knows of it.
            same_run: It belongs to the run before.
        """
        self.number += 0 if same_run else 1
        begun = self.at(self.number if day is None else day)
        at, post_id = self.text(begun), f"instagram:{post}"
        ids = {"run": self.make.uuid(f"run {self.number}"), "capture": str(uuid.uuid4())}
        if recorded and not same_run:
            self.event("run started", at=begun, run=ids["run"])
        if "post" in found:
            self.write("post/1", self.make.post(post, at, **ids))
        verdicts = [v for v in found if v not in ("post", "seen")]
        verdicts = ["seen" if v == "checked" else v for v in verdicts]
        ended = self.text(begun + timedelta(hours=1))
        capture = self.make.capture("x", at, ended, **ids) | changes
        capture["checks"] = [self.make.check(post_id, verdict, at) for verdict in verdicts]
        if "seen" in found:
            capture["seen"] = [self.make.seen(post_id, self.make.record("listing"))]
        self.write("capture/1", capture)

    def event(
        self, type: str, detail: dict | None = None, *, at: datetime | None = None, **objects: str
    ) -> int:
        agent = "program jejak 0.1.0" if type.startswith(("run", "post")) else "person arsip"
        event = self.ledger.append(type, agent=agent, objects=objects, detail=detail, at=at)
        self.inputs.append(event)
        return event.seq

    def said(self, type: str, number: int | None = None, *, post: str = "A", **detail: Any) -> int:
        """A program or person says something of a withdrawal."""
        objects = {"account": "instagram:1001", "post": f"instagram:{post}"}
        if number is None:
            objects["run"] = self.make.uuid(f"run {self.number}")
        else:
            objects["tombstone"] = str(number)
        return self.event(type, detail, **objects)

    def withdrawn(self, post: str = "A") -> int:
        times = {"absent_after": 1, "absent_by": 2, "confirmed_at": 3}
        told = {name: self.text(self.at(day)) for name, day in times.items()}
        steps = [{"step": "seen", "at": told["absent_after"], "capture": "c", "records": ["r"]}]
        return self.said("post withdrawn", post=post, **told, steps=steps)

    def write(self, schema: str, document: dict) -> None:
        record = self.sink.write_metadata(
            schema, document, target_uri="https://x.example/", at=self.at(0)
        )
        self.inputs.append((schema, record, document, self.sink.take_rows()))

    def close(self) -> None:
        self.sink.sync()
        self.recorder.close()
        self.writer.close()

    @staticmethod
    def take(catalogue: Catalogue, inputs: list[Any]) -> None:
        """Each input in its own transaction, as live."""
        commit = {"post/1": commit_post, "capture/1": commit_capture}
        for one in inputs:
            with catalogue.writing() as conn:
                if isinstance(one, tuple):
                    commit[one[0]](conn, one[3], one[1], one[2])
                else:
                    apply_event(conn, one)


@pytest.fixture
def nights(tmp_path: Path, make: Documents) -> Iterator[Nights]:
    """Nights of an archive of their own."""
    found = Nights(tmp_path / "archive", make)
    yield found
    found.close()


@pytest.fixture(scope="session")
def new_nights(make: Documents) -> Callable[[Path], Nights]:
    """Begins nights in a folder."""
    return lambda folder: Nights(folder, make)


@pytest.fixture(scope="session")
def make() -> Documents:
    """Makes documents."""
    return Documents()
