"""What a WARC record is made of, before it is written and after it is read.

*Source:* WARC 1.1 (ISO 28500:2017), "Named fields" and "WARC record types".
"""

from __future__ import annotations

import ipaddress
import re
import urllib.parse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from connectors.base import Wire
from connectors.model import RecordId
from storage.spool import SpooledBody

Fields = tuple[tuple[str, str], ...]

RECORD_END: Final = b"\r\n\r\n"
REVISIT_PROFILE: Final = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
REQUEST_TYPE: Final = "application/http;msgtype=request"
RESPONSE_TYPE: Final = "application/http;msgtype=response"
SCHEMA_PREFIX: Final = "urn:jejak:schema:"

_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True)
class Draft:
    """One record, ready to be written.

    Attributes:
        fields: All named fields in order, Content-Length included.
        head: The front of the block, an HTTP head as a rule; may be empty.
        body: The rest of the block.
        compress: Whether the member is deflated (small text) or stored.
    """

    fields: Fields
    head: bytes
    body: bytes | SpooledBody
    compress: bool


@dataclass(frozen=True, slots=True)
class Member:
    """One record as it stands in a segment.

    Attributes:
        offset / length: Of its gzip member in the file, bytes.
        fields: Its named fields in order.
        head: The HTTP head at the front of the block; empty if it has none.
        block_bytes: Length of the block.
        header_bytes: Length of the WARC header, its blank line included.
    """

    offset: int
    length: int
    fields: Fields
    head: bytes
    block_bytes: int
    header_bytes: int

    def field(self, name: str) -> str | None:
        """The first value of a field, named in any case."""
        wanted = name.lower()
        return next((value for key, value in self.fields if key.lower() == wanted), None)


def warc_header(fields: Fields) -> bytes:
    """The header of a record: version line, fields, blank line."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields)
    return f"WARC/1.1\r\n{lines}\r\n".encode()


def bracketed(record_id: str) -> str:
    """A record id as WARC fields write it."""
    return f"<{record_id}>"


def unbracketed(value: str) -> RecordId:
    """A record id as the rest of the archive writes it."""
    return RecordId(value.removeprefix("<").removesuffix(">"))


def target_uri(address: str) -> str:
    """An address as WARC-Target-URI takes it: no spaces, ASCII only."""
    return urllib.parse.quote(address, errors="replace", safe="!#$%&'()*+,/:;=?@[]~-._|{}\\^`\"<>")


def plain_value(text: str) -> str:
    """``text`` on one line, so that it cannot start a field of its own."""
    return _CONTROL.sub(" ", text).strip()


def _wire_fields(wire: Wire | None) -> Fields:
    if wire is None:
        return ()
    fields: list[tuple[str, str]] = []
    if wire.ip:
        # RFC 5952 is what `ipaddress` prints; a scope id is no part of it.
        fields.append(("WARC-IP-Address", str(ipaddress.ip_address(wire.ip.split("%")[0]))))
    fields += [("WARC-Protocol", plain_value(name)) for name in wire.protocols]
    if wire.cipher:
        fields.append(("WARC-Cipher-Suite", plain_value(wire.cipher)))
    return tuple(fields)


@dataclass(frozen=True, slots=True)
class Event:
    """What all records of one exchange share.

    Attributes:
        date: WARC-Date.
        uri: WARC-Target-URI.
    """

    date: str
    uri: str
    wire: Wire | None


@dataclass(frozen=True, slots=True)
class Original:
    """The record whose payload a revisit repeats."""

    record_id: RecordId
    uri: str
    date: str


def _start(kind: str, record_id: str, event: Event) -> list[tuple[str, str]]:
    return [
        ("WARC-Type", kind),
        ("WARC-Record-ID", bracketed(record_id)),
        ("WARC-Date", event.date),
        ("WARC-Target-URI", event.uri),
    ]


def _concurrent(record_ids: Iterable[str]) -> list[tuple[str, str]]:
    return [("WARC-Concurrent-To", bracketed(record_id)) for record_id in record_ids]


def request_fields(
    record_id: str, event: Event, *, concurrent_to: Sequence[str], digest: str, size_bytes: int
) -> Fields:
    """Fields of a request record; ``digest`` is the block's."""
    return (
        *_start("request", record_id, event),
        *_concurrent(concurrent_to),
        *_wire_fields(event.wire),
        ("WARC-Block-Digest", digest),
        ("Content-Type", REQUEST_TYPE),
        ("Content-Length", str(size_bytes)),
    )


def response_fields(
    record_id: str,
    event: Event,
    *,
    block_digest: str,
    payload_digest: str | None,
    identified: str | None,
    truncated: str | None,
    size_bytes: int,
) -> Fields:
    """Fields of a response record; ``None`` leaves a field out."""
    optional = (
        ("WARC-Truncated", truncated),
        ("WARC-Identified-Payload-Type", identified),
        ("WARC-Payload-Digest", payload_digest),
    )
    return (
        *_start("response", record_id, event),
        *_wire_fields(event.wire),
        *((name, value) for name, value in optional if value is not None),
        ("WARC-Block-Digest", block_digest),
        ("Content-Type", RESPONSE_TYPE),
        ("Content-Length", str(size_bytes)),
    )


def revisit_fields(
    record_id: str,
    event: Event,
    original: Original,
    *,
    block_digest: str,
    payload_digest: str,
    identified: str | None,
    size_bytes: int,
) -> Fields:
    """Fields of a revisit that keeps the server's head and no payload."""
    return (
        *_start("revisit", record_id, event),
        *_wire_fields(event.wire),
        ("WARC-Profile", REVISIT_PROFILE),
        ("WARC-Refers-To", bracketed(original.record_id)),
        ("WARC-Refers-To-Target-URI", original.uri),
        ("WARC-Refers-To-Date", original.date),
        ("WARC-Truncated", "length"),
        *((("WARC-Identified-Payload-Type", identified),) if identified else ()),
        ("WARC-Payload-Digest", payload_digest),
        ("WARC-Block-Digest", block_digest),
        ("Content-Type", RESPONSE_TYPE),
        ("Content-Length", str(size_bytes)),
    )


def metadata_fields(
    record_id: str,
    event: Event,
    *,
    schema: str,
    concurrent_to: Sequence[str],
    digest: str,
    size_bytes: int,
) -> Fields:
    """Fields of one of our JSON metadata records, such as ``post/1``."""
    return (
        *_start("metadata", record_id, event),
        *_concurrent(concurrent_to),
        ("WARC-Block-Digest", digest),
        ("Content-Type", f'application/json; profile="{SCHEMA_PREFIX}{schema}"'),
        ("Content-Length", str(size_bytes)),
    )


def warcinfo_fields(
    record_id: str, date: str, *, filename: str, digest: str, size_bytes: int
) -> Fields:
    """Fields of the record every segment begins with."""
    return (
        ("WARC-Type", "warcinfo"),
        ("WARC-Record-ID", bracketed(record_id)),
        ("WARC-Date", date),
        ("WARC-Filename", filename),
        ("WARC-Block-Digest", digest),
        ("Content-Type", "application/warc-fields"),
        ("Content-Length", str(size_bytes)),
    )
