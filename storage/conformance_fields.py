"""Rules for the header of one WARC record.

*Source:* WARC 1.1 (ISO 28500:2017) and its IIPC annotations; where marked
"house", what this archive demands beyond the standard.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from typing import Final

from storage.warc_record import REVISIT_PROFILE

Problem = tuple[str, str]
"""Code and sentence."""

TYPES: Final = frozenset(
    {"warcinfo", "response", "resource", "request", "metadata", "revisit", "conversion"}
)
_NEED_TARGET: Final = TYPES - {"warcinfo", "metadata"}
_REPEATABLE: Final = frozenset({"warc-concurrent-to", "warc-protocol", "warc-cipher-suite"})
_TRUNCATIONS: Final = frozenset({"length", "time", "disconnect", "unspecified"})
_SERVER_NOT_MODIFIED: Final = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_DATE = re.compile(r"\d{4}-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,9})?Z")
_RECORD_ID = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:[!-;=?-~]+>")
_SHA256 = re.compile(r"sha256:[0-9a-f]{64}")
_SHA1 = re.compile(r"sha1:[A-Z2-7]{32}")
_OTHER_DIGEST = re.compile(r"(?!sha1:|sha256:)[a-z0-9-]+:[0-9A-Za-z]+")


def header_problems(header: bytes) -> Iterator[Problem]:
    """Problems of the header's form: version line, lines, repeated fields."""
    first, _, rest = header.partition(b"\n")
    if first != b"WARC/1.1\r":
        yield "W010", "the record does not begin with the line WARC/1.1"
    try:
        header.decode("utf-8")
    except UnicodeDecodeError:
        yield "W019", "the header is not UTF-8"
    seen: set[str] = set()
    for line in rest.removesuffix(b"\r\n\r\n").split(b"\n"):
        text = line.removesuffix(b"\r")
        if not text:
            continue
        if text[:1] in b" \t":
            yield "W012", "a header line is folded"
            continue
        name, colon, value = text.partition(b":")
        if not colon or not _NAME.fullmatch(name) or re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", value):
            yield "W011", f"a header line has no proper form: {text[:60]!a}"
            continue
        key = name.decode("ascii").lower()
        if key in seen and key not in _REPEATABLE:
            yield "W013", f"the field {name.decode('ascii')} stands there twice"
        seen.add(key)


def field_problems(fields: dict[str, str]) -> Iterator[Problem]:
    """Problems of the fields' values.

    Args:
        fields: Lower-case names; the first value of each.
    """
    kind = fields.get("warc-type")
    yield from _identity(fields, kind)
    yield from _target(fields, kind)
    yield from _digests(fields, kind)
    if kind == "revisit":
        yield from _revisit(fields)
    elif "warc-profile" in fields:
        yield "W047", "WARC-Profile stands on a record that is no revisit"
    if (cut := fields.get("warc-truncated")) is not None and cut not in _TRUNCATIONS:
        yield "W053", f"WARC-Truncated has an unknown value: {cut[:40]!a}"
    if (address := fields.get("warc-ip-address")) is not None and not _is_address(address):
        yield "W054", f"WARC-IP-Address is no address in RFC 5952 form: {address[:60]!a}"


def _identity(fields: dict[str, str], kind: str | None) -> Iterator[Problem]:
    record_id = fields.get("warc-record-id")
    if record_id is None:
        yield "W020", "WARC-Record-ID is missing"
    elif not _RECORD_ID.fullmatch(record_id):
        yield "W021", f"WARC-Record-ID is no URI in angle brackets: {record_id[:60]!a}"
    date = fields.get("warc-date")
    if date is None:
        yield "W023", "WARC-Date is missing"
    elif not is_warc_date(date):
        yield "W024", f"WARC-Date is no UTC time of the W3C form: {date[:40]!a}"
    if kind is None:
        yield "W025", "WARC-Type is missing"
    elif kind not in TYPES:
        yield "W026", f"WARC-Type is unknown: {kind[:40]!a}"
    if "content-type" not in fields and fields.get("content-length") != "0":
        yield "W030", "Content-Type is missing"


def _target(fields: dict[str, str], kind: str | None) -> Iterator[Problem]:
    target = fields.get("warc-target-uri")
    if target is None:
        if kind in _NEED_TARGET:
            yield "W027", f"WARC-Target-URI is missing on a {kind} record"
        return
    if kind == "warcinfo":
        yield "W028", "a warcinfo record has no target, WARC-Target-URI must not stand there"
    if re.search(r"[^!-~]", target) or not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:.", target):
        yield "W029", f"WARC-Target-URI is no URI: {target[:80]!a}"
    content = fields.get("content-type", "").lower().replace(" ", "")
    is_http = kind in ("request", "response") and target.lower().startswith(("http:", "https:"))
    if is_http and not content.startswith(f"application/http;msgtype={kind}"):
        yield "W055", f"Content-Type of a {kind} must be application/http;msgtype={kind}"


def _digests(fields: dict[str, str], kind: str | None) -> Iterator[Problem]:
    for name in ("warc-block-digest", "warc-payload-digest"):
        value = fields.get(name)
        if value is not None and not is_digest(value):
            yield "W031", f"{name} is no labelled digest in its usual form: {value[:80]!a}"
    if kind in ("warcinfo", "metadata") and "warc-payload-digest" in fields:
        yield "W034", f"a {kind} record has no payload, WARC-Payload-Digest must not stand there"
    if "warc-block-digest" not in fields:
        yield "W036", "WARC-Block-Digest is missing (house)"


def _revisit(fields: dict[str, str]) -> Iterator[Problem]:
    profile = fields.get("warc-profile")
    if profile is None:
        yield "W040", "a revisit needs WARC-Profile"
    elif profile not in (REVISIT_PROFILE, _SERVER_NOT_MODIFIED):
        yield "W041", f"WARC-Profile is unknown: {profile[:100]!a}"
    if profile == _SERVER_NOT_MODIFIED:
        return
    if "warc-payload-digest" not in fields:
        yield "W042", "a revisit of an identical payload needs WARC-Payload-Digest"
    for name in ("WARC-Refers-To", "WARC-Refers-To-Target-URI", "WARC-Refers-To-Date"):
        if name.lower() not in fields:
            yield "W045", f"a revisit should have {name} (house)"
    if fields.get("warc-truncated") != "length":
        yield "W046", "a revisit without its payload needs WARC-Truncated: length (house)"


def is_warc_date(value: str) -> bool:
    """Whether ``value`` is a possible UTC time of the form WARC 1.1 wants."""
    match = _DATE.fullmatch(value)
    if match is None:
        return False
    month, day, hour, minute, second = (int(part) for part in match.groups()[:5])
    return 1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60 and second <= 60


def is_digest(value: str) -> bool:
    """Whether ``value`` has a label and the letters that go with it."""
    return any(form.fullmatch(value) for form in (_SHA256, _SHA1, _OTHER_DIGEST))


def _is_address(value: str) -> bool:
    try:
        return str(ipaddress.ip_address(value)) == value
    except ValueError:
        return False
