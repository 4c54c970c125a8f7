"""The records of one exchange, built and not yet written."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import Final

from connectors.base import Truncation
from connectors.media_type import is_media
from connectors.model import RecordId
from storage.answer import Answer
from storage.body_buffer import body_bytes, reader_of
from storage.digest import sha256_of
from storage.exchange import RecordedExchange
from storage.http_message import head_bytes, is_transfer_coded, status
from storage.media_end import ends_early
from storage.records import Stored
from storage.redaction import Redactor, merged, redacted
from storage.redaction_record import Removed
from storage.spool import SpooledBody
from storage.timestamps import stamp
from storage.warc_record import (
    Draft,
    Event,
    Original,
    request_fields,
    response_fields,
    revisit_fields,
    target_uri,
)

REVISIT_FLOOR_BYTES: Final = 64
"""Bodies up to this size are stored again: a revisit would not be smaller."""


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """A request as it will be stored, and the event it belongs to."""

    record_id: str
    event: Event
    draft: Draft
    removed: tuple[Removed, ...]


@dataclass(frozen=True, slots=True)
class AnswerRecord:
    """An answer as it will be stored.

    Attributes:
        repeatable: Whether its payload may stand for a later identical one:
            complete, without codings, and large enough.
    """

    draft: Draft
    event: Event
    stored: Stored
    repeatable: bool
    removed: tuple[Removed, ...]
    renamed_lines: tuple[str, ...]

    def stored_as_revisit(self, source: RecordId) -> Stored:
        """What is known of the answer when a revisit is written for it."""
        return replace(self.stored, source=source)


def learn_from_request(exchange: RecordedExchange, redactor: Redactor) -> None:
    """Make the request's own secrets known before its answer is searched."""
    request = exchange.request
    cut = head_bytes(request) or len(request)
    redactor.request_head(request[:cut])
    if cut < len(request):
        redactor.form(request[cut:])


def request_record(
    exchange: RecordedExchange, answer_id: RecordId | None, redactor: Redactor
) -> RequestRecord:
    """The request of an exchange, without secrets.

    Args:
        answer_id: The response record, or ``None`` if no answer came; the
            request then carries the exchange's own id.
    """
    request = exchange.request
    cut = head_bytes(request) or len(request)
    head, body = request[:cut], request[cut:]
    head_spans = redactor.request_head(head)
    body_spans = redactor.form(body) if body else ()
    head_spans = merged((*head_spans, *redactor.anywhere(head)))
    uri = target_uri(exchange.start.url).encode()
    uri_spans = redactor.address(uri)
    block = redacted(head, head_spans) + redacted(body, body_spans)
    record_id = f"urn:uuid:{uuid.uuid4()}" if answer_id else exchange.record_id
    event = Event(
        stamp(exchange.start.started_at),
        redacted(uri, uri_spans).decode(),
        exchange.wire_facts,
    )
    fields = request_fields(
        record_id,
        event,
        concurrent_to=(answer_id,) if answer_id else (),
        digest=sha256_of(block),
        size_bytes=len(block),
    )
    removed = (
        Removed(record_id, "target-uri", 0, uri_spans),
        Removed(record_id, "head", 0, head_spans),
        Removed(record_id, "body", cut, body_spans),
    )
    return RequestRecord(record_id, event, Draft(fields, b"", block, compress=True), removed)


def answer_record(
    exchange: RecordedExchange, answer: Answer, truncated: Truncation | None, event: Event
) -> AnswerRecord:
    """The response record of a prepared answer."""
    body, entity, head = answer.body, answer.entity, answer.head
    size = body_bytes(body)
    cut = str(truncated) if truncated else answer.truncated
    if isinstance(body, SpooledBody):
        block_digest = f"sha256:{body.block_sha256}"
        payload_digest = f"sha256:{body.payload_sha256}"
    else:
        block_digest = sha256_of(head, body)
        payload_digest = sha256_of(body) if answer.coded else f"sha256:{entity.sha256}"
    fields = response_fields(
        exchange.record_id,
        event,
        block_digest=block_digest,
        payload_digest=None if is_transfer_coded(head) else payload_digest,
        identified=entity.identified,
        truncated=cut,
        size_bytes=len(head) + size,
    )
    plain_text = not answer.coded and not is_media(entity.identified)
    stored = Stored(
        record_id=exchange.record_id,
        http_status=status(head),
        sha256=None if entity.failure else f"sha256:{entity.sha256}",
        size_bytes=entity.size_bytes,
        identified=entity.identified,
        truncated=cut,
        source=exchange.record_id,
        target_uri=event.uri,
        date=event.date,
        ends_early=not answer.coded and ends_early(entity.identified, size, reader_of(body)),
    )
    return AnswerRecord(
        draft=Draft(fields, head, body, compress=plain_text),
        event=event,
        stored=stored,
        repeatable=not cut
        and not answer.coded
        and not is_transfer_coded(head)
        and not answer.renamed_lines
        and size > REVISIT_FLOOR_BYTES,
        removed=(
            Removed(exchange.record_id, "head", 0, answer.head_spans),
            Removed(exchange.record_id, "body", len(head), answer.body_spans),
        ),
        renamed_lines=answer.renamed_lines,
    )


def revisit_draft(record: AnswerRecord, original: Original) -> Draft:
    """A revisit in place of the response: the server's head, no payload."""
    head = record.draft.head
    fields = revisit_fields(
        record.stored.record_id,
        record.event,
        original,
        block_digest=sha256_of(head),
        payload_digest=record.stored.sha256 or "",
        identified=record.stored.identified,
        size_bytes=len(head),
    )
    return Draft(fields, head, b"", compress=True)
