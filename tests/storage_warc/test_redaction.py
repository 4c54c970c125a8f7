"""No secret enters the archive; everything else stays byte-exact."""

from __future__ import annotations

import base64
import gzip
import json
import os
import re
import urllib.parse
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.base import SecretRules
from storage.conformance import check
from storage.known_secrets import KnownSecrets
from storage.redaction import Redactor, marker, redacted
from storage.warc_reader import members, payload_stream, row_of

OK = b"HTTP/1.1 200 OK\r\n"
SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "schemas"
RULES = SecretRules(
    request_headers=frozenset({"cookie", "authorization", "x-csrftoken"}),
    query_fields=frozenset({"mstoken"}),
    form_fields=frozenset({"fb_dtsg"}),
    body_patterns=(re.compile(rb'"csrf_token":"(?P<secret>[^"]+)"'),),
    public_cookies=frozenset({"ds_user_id"}),
)
COOKIE = "58123456%3Aq9Ab+cd/EF%3A27"
SECRETS = {
    "cookie": COOKIE,
    "bearer": "IGT:2:eyJkc191c2VyX2lkIjoi",
    "csrf": "Zx81bQ07hKpLmN55",
    "token": "a-Very_LongMsToken-0123456789==",
    "dtsg": "NAcM-form-secret:17:99",
    "set": "fresh~cookie~value~42",
    "pattern": "pattern-found-secret-1",
}
REQUEST = (
    f"POST /api?x=1&msToken={SECRETS['token']} HTTP/1.1\r\nHost: www.example.test\r\n"
    f"Cookie: sessionid={COOKIE}; ds_user_id=58123456; csrftoken={SECRETS['csrf']}\r\n"
    f"Authorization: Bearer {SECRETS['bearer']}\r\nX-CSRFToken: {SECRETS['csrf']}\r\n"
    f"Referer: https://www.example.test/?a=b&msToken={SECRETS['token']}\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    f"a=b&fb_dtsg={urllib.parse.quote(SECRETS['dtsg'])}&user=58123456"
).encode()
ANSWER_HEAD = (
    OK
    + (
        f"Set-Cookie: sid={SECRETS['set']}; Path=/; Secure\r\nSet-Cookie: empty=; Path=/\r\n"
        f"Location: /next?msToken={SECRETS['token']}\r\nContent-Type: application/json\r\n"
    ).encode()
)


def leaky_body() -> bytes:
    forms = [form for value in SECRETS.values() for form in disguised(value)]
    text = json.dumps({"user": "58123456", "leaks": forms, "url": "https://cdn.test/a?oh=sig&oe=1"})
    return text.encode() + b'"csrf_token":"%s"' % SECRETS["pattern"].encode()


def disguised(value: str) -> list[str]:
    plain = urllib.parse.unquote(value)
    encoded = [
        base64.b64encode(b"x" * shift + form.encode() + b"tail").decode()
        for shift in range(3)
        for form in (value, plain)
    ]
    safe = [base64.urlsafe_b64encode(value.encode()).decode()]
    return [value, plain, urllib.parse.quote(plain, safe=""), *encoded, *safe]


def everything(path: Path) -> bytes:
    """The segment and its sidecar as they are, unzipped, and every payload decoded."""
    parts = [path.read_bytes(), gzip.decompress(path.read_bytes())]
    parts.append(path.with_name(path.name.replace(".warc.gz", ".cdxj")).read_bytes())
    parts += [b"".join(payload_stream(path, member.offset)) for member in members(path)]
    return b"".join(parts)


def hits(data: bytes) -> list[str]:
    found = []
    for name, value in SECRETS.items():
        for form in disguised(value):
            core = form.encode() if form in (value,) else form.rstrip("=").encode()[4:-8]
            if len(core) >= 8 and core in data:
                found.append(f"{name}: {form}")
    return found


def filler(size_bytes: int) -> bytes:
    return os.urandom(size_bytes // 2).hex().encode()


def record(desk, body: bytes, head: bytes) -> tuple:
    sink = desk.scope(rules=RULES, secrets=(COOKIE,))
    url = f"https://www.example.test/api?x=1&msToken={SECRETS['token']}"
    record_id = desk.exchange(sink, body, head=head, url=url, request=REQUEST)
    return sink, record_id, sink.take_rows()


CODINGS = {
    "plain": lambda body: (body, b"\r\n"),
    "gzip": lambda body: (
        gzip.compress(body),
        b"content-encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(gzip.compress(body)),
    ),
    "chunked": lambda body: (
        b"%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n" % (50, body[:50], len(body) - 50, body[50:]),
        b"Transfer-Encoding: chunked\r\n\r\n",
    ),
}


@pytest.mark.parametrize("padding", [0, 3_000_000])
@pytest.mark.parametrize("coding", CODINGS)
def test_no_secret_enters_the_archive(desk, row, coding: str, padding: int) -> None:
    body = b'"csrf_token":"%s"' % SECRETS["pattern"].encode() + filler(padding) + leaky_body()
    data, rest = CODINGS[coding](body)
    sink, record_id, rows = record(desk, data, ANSWER_HEAD + rest)
    desk.close()
    assert hits(everything(desk.path)) == []
    stored = desk.payload(row(rows, record_id), raw=False)
    assert len(stored) == len(body)
    assert b'"user": "58123456"' in stored and b"https://cdn.test/a?oh=sig&oe=1" in stored
    assert sink.secrets() >= {SECRETS[k] for k in ("cookie", "bearer", "csrf", "set", "pattern")}
    assert list(check(desk.path)) == []


def test_the_declaration_names_places_and_no_values(desk, row) -> None:
    body = gzip.compress(leaky_body())
    head = ANSWER_HEAD + b"Content-Encoding: gzip\r\n\r\n"
    _, _, rows = record(desk, body, head)
    desk.close()
    declared = next(r for r in rows if r.schema == "redaction/1")
    document = json.loads(desk.payload(declared))
    jsonschema.validate(document, json.loads((SCHEMAS / "redaction-1.schema.json").read_text()))
    assert document["decoded"]["original_lines"] == ["Content-Encoding: gzip"]
    assert document["decoded"]["received_bytes"] == len(body)
    blocks = {
        row_of(m, "x").record_id: m.head + b"".join(payload_stream(desk.path, m.offset))
        for m in members(desk.path)
    }
    for entry in document["removed"]:
        if entry["part"] == "target-uri":
            continue
        for start, size in entry["ranges"]:
            assert blocks[entry["record"]][start : start + size] == marker(size), entry
    whats = {entry["what"] for entry in document["removed"]}
    assert {"cookie:sessionid", "set-cookie:sid", "authorization", "field:msToken"} <= whats


def test_decoded_answer_claims_no_coding(desk, row) -> None:
    body = gzip.compress(leaky_body())
    head = OK + b"content-encoding: gzip\r\nContent-Length: %d\r\nX: y\r\n\r\n" % len(body)
    _, record_id, rows = record(desk, body, head)
    desk.close()
    (member,) = [m for m in members(desk.path) if m.offset == row(rows, record_id).offset]
    assert member.head == (
        b"HTTP/1.1 200 OK\r\nX-Jejak-Original-content-encoding: gzip\r\n"
        b"X-Jejak-Original-Content-Length: %d\r\nContent-Length: %d\r\nX: y\r\n\r\n"
        % (len(body), len(leaky_body()))
    )


def test_without_secrets_nothing_changes(desk, row) -> None:
    body = json.dumps(
        {"url": "https://cdn.test/v?x-expires=1&x-signature=abc%3D&sid=short"}
    ).encode()
    head = OK + b"Content-Type:  application/json \r\nX-Odd:\tv\xe9\r\n\r\n"
    request = b"GET /?oh=00_Af&oe=6 HTTP/1.1\r\nhost:  a\r\n\r\n"
    sink = desk.scope(rules=RULES, secrets=(COOKIE,))
    record_id = desk.exchange(sink, body, head=head, request=request)
    rows = sink.take_rows()
    desk.close()
    assert [r.type for r in rows] == ["response", "request"] or len(rows) == 2
    found = {m.field("WARC-Type"): m for m in members(desk.path)}
    assert found["response"].head == head and found["request"].head == request
    assert desk.payload(row(rows, record_id)) == body


def test_media_are_not_searched(desk, row) -> None:
    body = b"\xff\xd8\xff\xe0" + os.urandom(100) + COOKIE.encode()
    sink = desk.scope(rules=RULES, secrets=(COOKIE,))
    record_id = desk.exchange(sink, body)
    place = row(sink.take_rows(), record_id)
    desk.close()
    assert desk.payload(place) == body


secret_texts = st.text(
    st.characters(min_codepoint=33, max_codepoint=126, exclude_characters='"\\'), min_size=8
)


@settings(max_examples=150, deadline=None)
@given(secret=secret_texts, before=st.binary(max_size=20), shift=st.integers(0, 8))
def test_known_values_are_found_in_any_disguise(secret: str, before: bytes, shift: int) -> None:
    redactor = Redactor(SecretRules(), KnownSecrets([secret]))
    forms = [secret, urllib.parse.quote(secret, safe=""), json.dumps(secret)[1:-1]]
    for form in forms:
        data = before + form.encode() + b"&x"
        clean = redacted(data, redactor.text(data))
        assert len(clean) == len(data) and form.encode() not in clean
    coded = base64.b64encode(b"q" * shift + secret.encode() + b"!!")
    clean = redacted(coded, redactor.text(coded))
    assert secret.encode() not in base64.b64decode(clean)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_hostile_heads_never_raise(head: bytes) -> None:
    redactor = Redactor(RULES, KnownSecrets([COOKIE]))
    for data in (head, b"HTTP/1.1 200 OK\r\nSet-Cookie: " + head, b"GET /\r\ncookie:" + head):
        spans = redactor.request_head(data) + redactor.response_head(data)
        assert all(0 <= s.start <= s.end <= len(data) for s in spans)
        assert len(redacted(data, redactor.form(data))) == len(data)


def test_documents_are_cleaned_of_known_values(desk):
    secret = "61240098771%3Ap7YzK2wQeLr4Xv%3A19"
    sink = desk.scope(secrets=(secret,))
    said = f"bad session {secret}, that is 61240098771:p7YzK2wQeLr4Xv:19"
    document = {"problems": [{"detail": said}], "caption": "Pasar \ud800 murah"}
    cleaned = sink.clean(document)
    assert "p7YzK2wQeLr4Xv" not in str(cleaned)
    assert cleaned["caption"] == document["caption"]
    harmless = {"caption": "Pasar murah"}
    assert sink.clean(harmless) is harmless
