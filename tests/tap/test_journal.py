"""What the connector can read of what crossed."""

from __future__ import annotations

from connectors.base import Truncation
from connectors.model import RecordId
from connectors.tap import journal as journal_module
from connectors.tap.curl_tap import CurlTap
from connectors.tap.journal import Journal, JournalEntry
from demo.awkward import FILM, JSON, PAGE


def test_texts_are_kept_decoded_and_media_are_not(tls_route, make_tap, sink):
    tap = make_tap(tls_route.network)
    session = tap.session_class()
    for name in ("gzip", "chunked-gzip", "brotli", "until-close", "interleaved", "too-many"):
        session.get(f"https://awkward.test/{name}", headers={"Accept-Encoding": "gzip, br"})
    bodies = [entry.body for entry in tap.journal.since(0)]
    assert bodies == [JSON, JSON, JSON, PAGE, None, b'{"message": "Please wait a few minutes"}']
    assert FILM.startswith(sink.exchanges[4].pieces[0])


def test_an_entry_says_how_it_ended(tls_route, make_tap, sink):
    tap = make_tap(tls_route.network)
    session = tap.session_class()
    session.get("https://awkward.test/redirect")
    mark = tap.journal.mark()
    session.get("https://awkward.test/too-many?q=1")
    session.get("https://awkward.test/cut-body", stream=True).close()
    late, cut = tap.journal.since(mark)
    assert [entry.status for entry in tap.journal.since(0)] == [302, 200, 429, 200]
    assert (late.method, late.url) == ("GET", "https://awkward.test/too-many?q=1")
    assert (late.mime, late.headers["retry-after"]) == ("application/json", "60")
    assert (late.truncated, late.error, late.limit) == (None, None, None)
    assert cut.truncated is Truncation.DISCONNECT
    assert [entry.record_id for entry in tap.journal.since(0)] == [
        exchange.record_id for exchange in sink.exchanges
    ]


def test_both_taps_of_a_connector_share_the_journal(tls_route, make_tap):
    tap = make_tap(tls_route.network)
    curl = CurlTap(tap.border)
    tap.session_class().get("https://awkward.test/plain")
    curl.request("GET", "https://awkward.test/brotli").stream.read()
    assert [entry.body for entry in tap.journal.since(0)] == [JSON, JSON]
    curl.close()


def test_secrets_and_bodies_stay_out_of_the_repr():
    entry = JournalEntry(
        RecordId("urn:uuid:1"),
        "GET",
        "https://x/",
        body=b"hidden",
        headers={"set-cookie": "hidden"},
    )
    assert "hidden" not in repr(entry)


def test_only_the_newest_are_kept_and_marks_stay_true(monkeypatch):
    monkeypatch.setattr(journal_module, "KEPT_ENTRIES", 3)
    journal = Journal()
    for number in range(5):
        journal.add(_entry(number))
    assert [entry.url for entry in journal.since(0)] == ["2", "3", "4"]
    mark = journal.mark()
    assert mark == 5
    journal.add(_entry(5))
    assert [entry.url for entry in journal.since(mark)] == ["5"]
    journal.forget(mark)
    assert [entry.url for entry in journal.since(0)] == ["5"]


def test_bodies_are_bounded(monkeypatch):
    monkeypatch.setattr(journal_module, "KEPT_BODY_BYTES", 250)
    journal = Journal()
    for number in range(4):
        journal.add(_entry(number))
    assert [entry.url for entry in journal.since(0)] == ["2", "3"]


def _entry(number):
    return JournalEntry(RecordId(f"urn:uuid:{number}"), "GET", str(number), body=b"x" * 100)
