"""``jejak verdict``, and how a withdrawal is told by `capture` and `runs`."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from archiver.absence.verdicts import REASONS as VERDICT_REASONS
from archiver.books import open_books
from archiver.cli.call import utc_now
from archiver.cli.main import main
from archiver.cli.news import say_news
from archiver.config import load
from archiver.i18n import speak
from archiver.reasons import REASONS
from archiver.wording import CAUSES, WORDS
from storage.catalogue import tombstones
from storage.catalogue.intake import commit_post
from storage.catalogue.states import STATES
from storage.ledger import Ledger, LedgerEvent
from storage.ledger_check import verify as ledger_findings

POST = "instagram:A1"


@pytest.fixture
def withdrawn(office: Path, add, post_document: Callable[..., dict[str, object]]) -> Path:
    """An office in whose books a post was withdrawn."""
    add()
    config = load(office / "config.toml")
    detail: dict[str, object] = {
        "absent_after": "2026-12-01T19:14:00Z",
        "absent_by": "2026-12-02T19:09:00Z",
        "confirmed_at": "2026-12-03T19:10:00Z",
        "cycle_hours": 20.0,
        "rule": "1",
        "steps": [],
    }
    with open_books(config, utc_now) as books:
        books.note("run started", {"run": "r0"})
        with books.catalogue.writing() as conn:
            commit_post(conn, [], "<urn:uuid:1>", post_document())
        objects = {"account": "instagram:1001", "post": POST}
        books.note("run started", {"run": "r1"})
        books.note("post withdrawn", objects | {"run": "r1"}, detail=detail)
    return office


@pytest.fixture
def post_document() -> Callable[..., dict[str, object]]:
    """A ``post/1`` of one photo, captured before anything else."""

    def make(code: str = "A1") -> dict[str, object]:
        moment = "2026-12-01T19:14:00Z"
        none = dict.fromkeys(("likes", "comments", "plays", "shares", "saves"))
        owner = {"account": "instagram:1001", "handle": "pemkot", "role": "owner"}
        return {
            "schema": "jejak:post/1",
            "id": f"instagram:{code}",
            **{"platform": "instagram", "code": code, "native_id": "1", "kind": "photo"},
            **{"account": "instagram:1001", "capture": "c0", "run": "r0"},
            **{"route": "instagram.web", "engine": "pretend 1", "captured_at": moment},
            **{"caption": "banjir", "published_at": moment, "permalink": None, "metrics": none},
            **{"pinned": False, "authors": [owner], "expires_at": None, "extra": {}},
            **{"content_digest": "d", "content": {}, "media": [], "evidence": [], "problems": []},
        }

    return make


def events(office: Path) -> list[LedgerEvent]:
    return list(Ledger(load(office / "config.toml").archive / "ledger").events())


def listed(jejak, *options: str) -> list[dict[str, object]]:
    told = jejak("verdict", "list", "--json", *options)
    assert told.code == 0, told.err
    return [json.loads(line) for line in told.out.splitlines()]


def test_the_list_tells_window_and_cause(withdrawn: Path, jejak) -> None:
    (row,) = listed(jejak)
    (stone,) = row["tombstones"]
    assert (row["id"], row["state"], stone["absent_by"]) == (
        POST,
        "deleted",
        "2026-12-02T19:09:00.000000Z",
    )
    told = jejak("verdict", "list")
    for words in (POST, "deleted", "2026-12-02 02:14", "2026-12-03 02:09", "unknown"):
        assert words in told.out, told.out
    assert listed(jejak, "--state", "returned") == []
    assert len(listed(jejak, "--state", "deleted", "--account", "instagram/pemkot")) == 1
    assert jejak("verdict", "list", "--state", "gone").code == 2
    assert "still shown" in jejak("verdict", "list", "--state", "returned").err


def test_a_dispute_and_its_end(withdrawn: Path, jejak) -> None:
    told = jejak("verdict", "dispute", POST, "--reason", "I can open it", "--reference", "foto 1")
    assert told.code == 0 and "disputed" in told.out
    event = events(withdrawn)[-1]
    assert (event.type, event.agent[:7], event.objects["post"]) == (
        "verdict disputed",
        "person ",
        POST,
    )
    assert event.detail == {"reason": "I can open it", "reference": "foto 1"}
    (row,) = listed(jejak)
    assert (row["state"], row["reason"]) == ("unavailable", "disputed")
    again = jejak("verdict", "dispute", POST, "--reason", "again")
    assert again.code == 2 and "disputed already" in again.err
    refused = jejak("verdict", "cause", POST, "owner_deleted", "--source", "letter 3")
    assert refused.code == 2 and "verdict confirm" in refused.err
    assert jejak("verdict", "confirm", POST, "--reason", "my mistake").code == 0
    assert listed(jejak)[0]["state"] == "deleted"
    assert "my mistake" in jejak("verdict", "list").out


def test_causes_are_stated_and_corrected(withdrawn: Path, jejak) -> None:
    address = "https://www.instagram.com/p/A1/?igsh=x"
    assert jejak("verdict", "cause", address, "platform_removed", "--source", "a notice").code == 0
    told = jejak("verdict", "cause", POST, "owner_archived", "--source", "the owner's export")
    assert "hidden by its owner" in told.out
    assert "hidden by its owner" in jejak("verdict", "list").out
    (row,) = listed(jejak)
    (stone,) = row["tombstones"]
    assert (stone["cause"], stone["cause_source"]) == ("owner_archived", "the owner's export")
    causes = [e.detail["cause"] for e in events(withdrawn) if e.type == "cause stated"]
    assert causes == ["platform_removed", "owner_archived"], "both stay in the ledger"
    config = load(withdrawn / "config.toml")
    assert list(ledger_findings(config.archive / "ledger")) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("confirm", "instagram:B2", "--reason", "x"), "no post instagram:B2"),
        (("confirm", POST, "--reason", "  "), "--reason must say why"),
        (("dispute", "instagram:A2", "--reason", "x"), "no withdrawal to speak of"),
        (("cause", POST, "owner_angry", "--source", "x"), "expected one of: owner_deleted"),
        (("cause", POST, "unknown", "--source", " "), "--source must say"),
        (("cause", "instagram:A2", "unknown", "--source", "x"), "no withdrawal to speak of"),
        (("confirm", "nonsense", "--reason", "x"), "names no post"),
    ],
)
def test_what_cannot_be_said(
    withdrawn: Path, jejak, post_document, arguments: Sequence[str], words: str
) -> None:
    with (
        open_books(load(withdrawn / "config.toml"), utc_now) as books,
        books.catalogue.writing() as conn,
    ):
        commit_post(conn, [], "<urn:uuid:2>", post_document("A2"))
    before = len(events(withdrawn))
    told = jejak("verdict", *arguments)
    assert told.code == 2
    assert words in told.err
    assert len(events(withdrawn)) == before


def test_runs_tell_what_they_concluded(withdrawn: Path, jejak) -> None:
    (row,) = [json.loads(line) for line in jejak("runs", "--json").out.splitlines() if "r1" in line]
    assert (row["withdrawn"], row["returned"]) == ([POST], [])
    assert f"No longer available to the public: {POST}" in jejak("runs").out


def test_news_is_said_once_and_only_if_there_is_any(capsys) -> None:
    say_news([], [])
    assert capsys.readouterr().out == ""
    say_news([], ["instagram:A", "instagram:B"])
    assert capsys.readouterr().out == "Shown again after a withdrawal: instagram:A, instagram:B\n"


def test_every_code_has_words_in_both_languages(withdrawn: Path, monkeypatch, capfd) -> None:
    assert {*VERDICT_REASONS, "expired", "ended_early", "left_highlight"} <= REASONS.keys()
    assert set(STATES) <= WORDS
    assert set(CAUSES) == set(tombstones.CAUSES)
    monkeypatch.setenv("JEJAK_LANGUAGE", "id")
    try:
        assert main(["--config", str(withdrawn / "config.toml"), "verdict", "list"]) == 0
    finally:
        speak("en")
    assert "ditarik" in capfd.readouterr().out


def test_a_state_is_asked_for_by_its_word_too(jejak, withdrawn: Path) -> None:
    for word in ("deleted", "ditarik"):
        said = jejak("verdict", "list", "--state", word, "--json")
        assert [json.loads(line)["id"] for line in said.out.splitlines()] == [POST], word
    for wrong in ("tertarik", "present"):
        assert jejak("verdict", "list", "--state", wrong).code == 2
