from __future__ import annotations

import gzip
import re
from base64 import b64decode
from typing import Any
from urllib.parse import parse_qsl, unquote

import pytest

from connectors.instagram.secrets import RULES
from connectors.model import PostRef, Section

HEAD_END = b"\r\n\r\n"


def kept_of_request(raw: bytes) -> bytes:
    """What the rules leave of a request: the platform's secrets must be gone."""
    head, _, body = raw.partition(HEAD_END)
    fields = [f"{k}={v}" for k, v in parse_qsl(body.decode()) if k not in RULES.form_fields]
    return _kept_lines(head, RULES.request_headers) + "&".join(fields).encode()


def kept_of_answer(raw: bytes) -> bytes:
    head, _, body = raw.partition(HEAD_END)
    if b"content-encoding: gzip" in head.lower():
        body = gzip.decompress(body)
    for pattern in RULES.body_patterns:
        body = pattern.sub(lambda m: m[0].replace(m["secret"], b"REDACTED"), body)
    return _kept_lines(head, RULES.response_headers) + body


def _kept_lines(head: bytes, secret: frozenset[str]) -> bytes:
    first, *lines = head.split(b"\r\n")
    kept = [x for x in lines if x.partition(b":")[0].decode().lower() not in secret]
    return b"\r\n".join([first, *kept]) + HEAD_END


def test_no_secret_of_a_session_stays_under_the_rules(desk: Any) -> None:
    connector = desk.connect(login=True)
    connector.whoami()
    connector.profile(desk.account)
    list(connector.list_posts(desk.account))
    connector.look(PostRef("instagram", "C003_-x", desk.account))
    context = connector._client._context
    context.get_iphone_json("api/v1/users/4242/info/", {})
    tokens = next(iter(context._web_api_tokens_cache.values()))
    secrets = {tokens["fb_dtsg"], tokens["lsd"]}
    secrets |= {v for k, v in connector.cookies().items() if k not in RULES.public_cookies}
    secrets |= {unquote(secret) for secret in secrets}
    assert len(secrets) >= 6 and min(map(len, secrets)) > 8
    requests = b"".join(bytes(e.request) for e in desk.sink.exchanges)
    assert sum(secret.encode() in requests for secret in secrets) >= 4
    for exchange in desk.sink.exchanges:
        kept = kept_of_request(bytes(exchange.request)) + kept_of_answer(bytes(exchange.answer))
        assert not [secret for secret in secrets if secret.encode() in kept], exchange.start.url


def test_the_mobile_bearer_is_covered(desk: Any) -> None:
    connector = desk.connect(login=True)
    connector._client._context.get_iphone_json("api/v1/users/4242/info/", {})
    raw = bytes(desk.sink.exchanges[-1].request)
    bearer = re.search(rb"authorization: Bearer IGT:2:(\S+)", raw, re.IGNORECASE)
    assert bearer and b"sessionid" in b64decode(bearer[1])
    assert bearer[1] not in kept_of_request(raw)


def test_no_secret_stays_on_the_newer_routes(full: Any, comment: Any) -> None:
    remarks = comment(20, replies=5)
    full.platforms.world.edit(full.city, "C003_-x", remarks=remarks, comments=len(remarks))
    connector = full.connect(login=True)
    (story, *_) = next(connector.list_posts(full.account, Section.STORIES)).posts
    for section in (Section.REELS, Section.HIGHLIGHTS):
        list(connector.list_posts(full.account, section))
    connector.look(story.ref)
    post = connector.look(PostRef("instagram", "C003_-x", full.account)).post
    list(connector.comments(post))
    answers = b"".join(bytes(e.answer) for e in full.sink.exchanges)
    handed_out = set(re.findall(rb"(?:x-ig-set-www-claim|ig-set-authorization): (\S+)", answers))
    handed_out |= set(re.findall(rb"Bearer IGT:2:(\S+)", answers))
    sessionid = connector.cookies()["sessionid"].encode()
    secrets = handed_out | {sessionid, unquote(sessionid.decode()).encode()}
    secrets -= {b"Bearer"}
    assert len(secrets) > 6
    for exchange in full.sink.exchanges:
        raw = bytes(exchange.request) + bytes(exchange.answer)
        kept = kept_of_request(bytes(exchange.request)) + kept_of_answer(bytes(exchange.answer))
        assert not [secret for secret in secrets if secret in kept], exchange.start.url
        on_mobile = "i.instagram.com" in exchange.start.url
        assert any(secret in raw for secret in secrets) or not on_mobile


@pytest.mark.parametrize(
    "page",
    [
        b'["DTSGInitialData",[],{"token":"SECRETVALUE"},258]',
        b'["DTSGInitData",[],{"token":"SECRETVALUE","async_get_token":"SECRETVALUE"},3515]',
        b'["LSD",[],{"token":"SECRETVALUE"},323]',
        b'{"config":{"csrf_token":"SECRETVALUE","viewer":null}}',
        rb"{\"config\":{\"csrf_token\":\"SECRETVALUE\"}}",
        b'{"machine_id":"SECRETVALUE","x":1}',
    ],
)
def test_each_token_of_a_page_is_covered(page: bytes) -> None:
    assert b"SECRETVALUE" not in kept_of_answer(b"HTTP/1.1 200 OK" + HEAD_END + page)


def test_media_signatures_stay(desk: Any) -> None:
    connector = desk.connect(login=True)
    post = next(connector.list_posts(desk.account)).posts[0]
    listing = kept_of_answer(bytes(desk.sink.exchanges[-1].answer))
    signature = post.media[0].url.rpartition("sig=")[2].encode()
    assert signature in listing
