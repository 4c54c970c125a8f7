"""The recorder: exchanges of a capture become WARC records.

A `Recorder` serves one segment writer. For each capture it gives a
`CaptureSink`, the `connectors.base.ExchangeSink` that a connector's taps feed.
Of every exchange it writes the response (or a revisit), the request, and, if
something was removed, a ``redaction/1`` metadata record; all with one date.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from threading import Lock

from connectors.base import ExchangeStart, Limits, SecretRules, Truncation
from connectors.model import RecordId
from storage.answer import prepare
from storage.body_buffer import release
from storage.digest import sha256_of
from storage.exchange import RecordedExchange
from storage.exchange_records import (
    AnswerRecord,
    RequestRecord,
    answer_record,
    learn_from_request,
    request_record,
    revisit_draft,
)
from storage.known_secrets import KnownSecrets
from storage.records import RecordRow, Stored
from storage.redaction import Redactor, redacted
from storage.redaction_record import SCHEMA as REDACTION
from storage.redaction_record import redaction_document
from storage.spool import SpoolFolder
from storage.timestamps import stamp
from storage.warc_record import (
    Draft,
    Event,
    Original,
    metadata_fields,
    target_uri,
)
from storage.warc_writer import SegmentWriter

Document = dict[str, object]

KnownPayload = Callable[[str, str], Stored | None]
"""``(account key, sha256)`` to the answer that holds this payload, if one does.

It must be a response (``record_id == source``) of the same account whose
WARC-Payload-Digest is that sha256, so identity-coded and not transfer-coded,
and complete. Anything else must not be given: a revisit would then promise
bytes that nobody can replay.
"""


class Recorder:
    """Turns exchanges into records of one segment writer."""

    def __init__(
        self,
        writer: SegmentWriter,
        *,
        spool_dir: Path,
        limits: Limits,
        known_payload: KnownPayload,
    ) -> None:
        """
        Args:
            writer: Stays the caller's to roll over and to close.
            spool_dir: ``<archive>/spool``, on the same disk as the segments.
            limits: Bounds for decoding answers.
            known_payload: Payloads of earlier captures; see `KnownPayload`.
        """
        self.writer = writer
        self.limits = limits
        self.known_payload = known_payload
        self.spools = SpoolFolder(spool_dir)

    def scope(self, account: str, rules: SecretRules, secrets: Iterable[str]) -> CaptureSink:
        """A sink for one capture of one account.

        Args:
            account: The account's key; payloads are never shared between accounts.
            rules: Where the platform's traffic holds secrets.
            secrets: The identity's own secret values, cookies as a rule.
        """
        return CaptureSink(self, account, rules, secrets)

    def close(self) -> None:
        """Let go of spool files and hashing threads; not of the writer."""
        self.spools.close()


class CaptureSink:
    """The `ExchangeSink` of one capture. Safe to use from several threads.

    Attributes:
        requests: Exchanges of which request bytes were sent.
        bytes_received: Response body bytes, as they travelled.
    """

    def __init__(
        self, recorder: Recorder, account: str, rules: SecretRules, secrets: Iterable[str]
    ) -> None:
        """Use `Recorder.scope`."""
        self._recorder = recorder
        self._account = account
        self._redactor = Redactor(rules, KnownSecrets(secrets))
        self._lock = Lock()
        self._rows: list[RecordRow] = []
        self._stored: dict[RecordId, Stored] = {}
        self._payloads: dict[str, Stored] = {}
        self.requests = 0
        self.bytes_received = 0

    def begin(self, start: ExchangeStart) -> RecordedExchange:
        """Open one exchange. One of which nothing was sent leaves no record."""
        return RecordedExchange(
            start,
            RecordId(f"urn:uuid:{uuid.uuid4()}"),
            self._recorder.spools,
            clean_head=self._clean_head,
            store=self._store,
        )

    def stored(self, record_id: RecordId) -> Stored | None:
        """What is known of a finished exchange of this scope.

        Returns:
            ``None`` if no answer came, or the id is not of this scope.
        """
        with self._lock:
            return self._stored.get(record_id)

    def clean(self, document: Document) -> Document:
        """A document without the secrets known by now.

        What a platform says of an error may repeat a cookie. Clean a document
        before it is written, so that record and catalogue say the same.

        Args:
            document: JSON values only.
        """
        block = _as_json(document)
        spans = self._redactor.anywhere(block)
        if not spans:
            return document
        cleaned: Document = json.loads(redacted(block, spans))
        return cleaned

    def write_metadata(
        self,
        schema: str,
        document: Mapping[str, object],
        *,
        target_uri: str,
        at: datetime,
        concurrent_to: Sequence[RecordId] = (),
    ) -> RecordId:
        """Write a JSON metadata record.

        Args:
            schema: ``post/1`` or ``capture/1``.
            document: JSON values only.
            target_uri: What the document is about, such as the permalink. A web
                address is written as ``urn:jejak:post:https://…``: under the
                bare address, replay would serve the document as the page.
            at: Aware time of the event.
            concurrent_to: Records of the same event.

        Raises:
            SinkFailed: The archive cannot be written.
        """
        address = _clean_uri(target_uri, self._redactor)
        if address.lower().startswith(("http:", "https:")):
            address = f"urn:jejak:{schema.partition('/')[0]}:{address}"
        event = Event(stamp(at), address, None)
        return self._write_metadata(schema, document, event, concurrent_to)

    def take_rows(self) -> tuple[RecordRow, ...]:
        """Rows of every record written in this scope since the last call."""
        with self._lock:
            rows, self._rows = self._rows, []
            return tuple(rows)

    def sync(self) -> None:
        """Make all records written so far durable: one fdatasync.

        Raises:
            SinkFailed: The disk refused; nothing since the last sync is safe.
        """
        self._recorder.writer.sync()

    def secrets(self) -> frozenset[str]:
        """Every value known as secret by now, for scrubbing logs."""
        return self._redactor.known.values()

    def _clean_head(self, exchange: RecordedExchange, head: bytes) -> bytes:
        learn_from_request(exchange, self._redactor)
        spans = self._redactor.response_head(head)
        return redacted(head, (*spans, *self._redactor.anywhere(head)))

    def _store(self, exchange: RecordedExchange, truncated: Truncation | None) -> None:
        if exchange.buffer is not None:
            self._store_answer(exchange, truncated)
        elif exchange.request:
            request = request_record(exchange, None, self._redactor)
            self._append(request.draft)
            self._declare(request, None, 0)
        with self._lock:
            self.requests += bool(exchange.request)

    def _store_answer(self, exchange: RecordedExchange, truncated: Truncation | None) -> None:
        spools = self._recorder.spools
        assert exchange.buffer is not None
        assert exchange.response_head is not None
        received = exchange.buffer.size_bytes
        body = exchange.buffer.finish()
        answer = None
        try:
            answer = prepare(
                exchange.response_head, body, self._redactor, self._recorder.limits, spools
            )
            request = request_record(exchange, exchange.record_id, self._redactor)
            record = answer_record(exchange, answer, truncated, request.event)
            self._keep(record)
        finally:
            release(answer.body if answer is not None else body, spools)
        with self._lock:
            self.bytes_received += received
        if exchange.request:
            self._append(request.draft)
        self._declare(request, record, received)

    def _keep(self, record: AnswerRecord) -> None:
        """Write the answer; as a revisit if this account has its payload already."""
        original = self._original(record)
        stored = record.stored
        if original is None:
            self._append(record.draft)
        else:
            self._append(revisit_draft(record, original))
            stored = record.stored_as_revisit(original.record_id)
        with self._lock:
            self._stored[stored.record_id] = stored
            if original is None and record.repeatable and stored.sha256:
                self._payloads.setdefault(stored.sha256, stored)

    def _original(self, record: AnswerRecord) -> Original | None:
        digest = record.stored.sha256
        if not record.repeatable or digest is None:
            return None
        with self._lock:
            known = self._payloads.get(digest)
        known = known or self._recorder.known_payload(self._account, digest)
        if known is None or known.source != known.record_id or known.truncated is not None:
            return None
        return Original(known.record_id, known.target_uri, known.date)

    def _append(self, draft: Draft) -> None:
        row = self._recorder.writer.append(draft)
        with self._lock:
            self._rows.append(row)

    def _declare(self, request: RequestRecord, record: AnswerRecord | None, received: int) -> None:
        sent = request.draft.body != b""
        removed = [*(request.removed if sent else ()), *(record.removed if record else ())]
        removed = [part for part in removed if part.spans]
        renamed = record.renamed_lines if record else ()
        if not removed and not renamed:
            return
        document = redaction_document(removed, renamed_lines=renamed, received_bytes=received)
        ids = [request.record_id] if sent else []
        ids += [record.stored.record_id] if record else []
        event = Event(request.event.date, ids[-1], None)
        self._write_metadata(REDACTION, document, event, ids)

    def _write_metadata(
        self,
        schema: str,
        document: Mapping[str, object],
        event: Event,
        concurrent_to: Sequence[str],
    ) -> RecordId:
        record_id = RecordId(f"urn:uuid:{uuid.uuid4()}")
        block = _as_json(document)
        fields = metadata_fields(
            record_id,
            event,
            schema=schema,
            concurrent_to=concurrent_to,
            digest=sha256_of(block),
            size_bytes=len(block),
        )
        self._append(Draft(fields, b"", block, compress=True))
        return record_id


def _as_json(document: Mapping[str, object]) -> bytes:
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.encode("utf-8", "backslashreplace")


def _clean_uri(address: str, redactor: Redactor) -> str:
    uri = target_uri(address).encode()
    return redacted(uri, redactor.address(uri)).decode()
