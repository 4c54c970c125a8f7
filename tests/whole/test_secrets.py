"""Twelve secrets cross the wire, and none of them stays anywhere.

The demo platforms hand out, echo and expect secrets in every place the real
ones do; two nights, failures and every reading command later, nothing that the
archive holds or said contains one of them, in any disguise.
"""

from __future__ import annotations

import base64
import json
import re
import sqlite3
import stat
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest

from connectors.instagram.web import InstagramWeb
from connectors.tiktok.web import TikTokWeb
from demo.faults import Match, json_error, transform
from demo.http import Request, Response, redirect_response
from demo.instagram.faults import START_PAGE, TIMELINE_QUERY
from demo.tiktok.faults import LISTING
from demo.tiktok.site import TikTokSite
from storage.warc_reader import members, payload_stream

ROTATED = "Rotated0CsrfToken7Xw2LqPz"
WWW_CLAIM = "hmac.AR1Claim9QzT4vWmK8sNbE2yUo"
MS_TOKEN = "MsT0ken-q8Zr4VbN_x7Lk2WjYc5Gd=="
AUTHORIZED = {"authorization night", "www claim"}


def base64_cores(value: bytes) -> Iterator[bytes]:
    """What of a value stands in base64 whatever surrounds it, at each alignment."""
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + value)
        core = encoded[-(-shift * 8 // 6) : (shift + len(value)) * 8 // 6]
        yield core
        yield core.replace(b"+", b"-").replace(b"/", b"_")


def disguises(value: str) -> set[bytes]:
    """Everything that would give a value away."""
    forms: set[bytes] = set()
    for plain in {value, unquote(value)}:
        once = quote(plain, safe="")
        lower = re.sub("%..", lambda found: found[0].lower(), once)
        forms |= {text.encode() for text in (plain, once, quote(once, safe=""), lower)}
        forms |= {json.dumps(plain)[1:-1].replace("/", "\\/").encode()}
        forms |= set(base64_cores(plain.encode()))
    return {form for form in forms if len(form) >= 8}


def bearer(session: str) -> str:
    claims = json.dumps({"ds_user_id": "61240098771", "sessionid": session})
    return "Bearer IGT:2:" + base64.b64encode(claims.encode()).decode()


def echo_of(value: str) -> dict[str, Any]:
    """A value in every disguise, as careless answers echo it."""
    plain = unquote(value)
    return {
        "raw": value,
        "plain": plain,
        "quoted": quote(plain, safe=""),
        "twice": quote(quote(plain, safe=""), safe=""),
        "aligned": [base64.b64encode(b"x" * n + plain.encode()).decode() for n in range(3)],
        "stored": [base64.b64encode(b"x" * n + value.encode()).decode() for n in range(3)],
    }


def with_headers(**headers: str) -> Any:
    lines = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return lambda answer: replace(answer, headers=[*answer.headers, *lines])


def echoing(value: str, *, chunked: bool) -> Any:
    def change(answer: Response) -> Response:
        found = {**json.loads(answer.whole_body()), "debug_echo": echo_of(value)}
        body = json.dumps(found).encode()
        headers = answer.without("content-length")
        if chunked:
            pieces = [body[at : at + 700] for at in range(0, len(body), 700)]
            return replace(answer, headers=headers, body=iter(pieces))
        return replace(answer, headers=headers, body=body)

    return change


def to_film_with_token(request: Request) -> Response:
    target = request.raw.split(b" ", 2)[1].decode()
    return redirect_response(f"{target}&msToken={quote(MS_TOKEN, safe='')}")


def plant(house: Any, *, chunked: bool) -> None:
    """Let the platforms hand out and echo secrets in every place they can stand."""
    add, session = house.platforms.faults.add, house.town.visitor.cookies["sessionid"]
    add(transform("rotate", with_headers(Set_Cookie=ROTATED_LINE), START_PAGE))
    given = with_headers(ig_set_authorization=bearer(session), x_ig_set_www_claim=WWW_CLAIM)
    profile = Match("www.instagram.com", "/graphql/query")
    add(transform("authorize", given, profile))
    add(transform("echo", echoing(session, chunked=chunked), TIMELINE_QUERY))
    tokens = with_headers(x_ms_token=MS_TOKEN)
    add(transform("ms-token", tokens, replace(LISTING, method="*")))
    films = Match(
        "v*-webapp-prime.tiktok.com", where=lambda request: "msToken" not in request.query
    )
    add(replace(json_error(302, {}, films, kind="to-token"), answer=to_film_with_token, count=1))


ROTATED_LINE = f"csrftoken={ROTATED}; Domain=.instagram.com; Path=/; Secure"


def crash(connector: Any, account: object) -> Any:
    """A bug that tells everything it holds."""
    held = dict(connector.cookies())
    coded = [base64.b64encode(value.encode()) for value in held.values()]
    raise RuntimeError(f"unexpected: {held}, coded {coded}")


def work(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two nights with secrets on the way, then every sort of failure."""
    visitor, faults = house.town.visitor, house.platforms.faults
    plant(house, chunked=False)
    assert house.jejak("--verbose", "capture").code == 0
    faults.clear()
    plant(house, chunked=True)
    assert house.jejak("--verbose", "capture", "--full").code == 0
    faults.clear()
    told = {"message": f"bad session {visitor.cookies['sessionid']}", "status": "fail"}
    faults.add(json_error(400, told, TIMELINE_QUERY, count=None))
    assert house.jejak("--verbose", "capture").code == 4
    faults.clear()
    anything = Match("www.instagram.com", "/graphql/query")
    faults.add(json_error(400, told, anything, count=None))
    checked = house.jejak("--verbose", "accounts", "check", house.town.instagram.handle)
    assert checked.code == 4, checked.text
    assert house.log_in().code == 4
    faults.clear()
    visitor.expired = True
    assert house.jejak("--verbose", "capture").code == 4
    visitor.expired = False
    with monkeypatch.context() as patched:
        patched.setattr(InstagramWeb, "list_posts", crash)
        patched.setattr(TikTokWeb, "list_posts", crash)
        assert house.jejak("--verbose", "capture").code == 1
    with monkeypatch.context() as patched:
        patched.setattr("archiver.cli.doctor.checks", crash_with(house))
        assert house.jejak("--verbose", "doctor").code == 1


def crash_with(house: Any) -> Any:
    """The same outside any capture, with the cookies as they are kept now."""
    (file,) = (house.archive / "identities").iterdir()

    def fail(*args: object) -> Any:
        raise RuntimeError(f"unexpected: {json.loads(file.read_text())}")

    return fail


def read_everything(house: Any) -> None:
    house.jejak("doctor")
    house.jejak("verify", "--full")
    house.jejak("reindex")
    for command in (("posts",), ("runs",), ("identities",), ("accounts", "list"), ("verify",)):
        house.jejak(*command, "--json")
    for row in house.rows("posts"):
        house.jejak("show", row["id"], "--json")
        house.jejak("show", row["id"])


def everything_kept(house: Any) -> Iterator[tuple[str, bytes]]:
    """All bytes that the archive holds, and all that can be unfolded from them."""
    for path in sorted(house.folder.rglob("*")):
        if not path.is_file() or path.parent.name == "identities":
            continue
        yield str(path.relative_to(house.folder)), path.read_bytes()
        if path.name.endswith((".warc.gz", ".warc.gz.open")):
            yield from unfolded(path)
    with sqlite3.connect(house.archive / "catalogue.sqlite") as catalogue:
        yield "catalogue dump", "\n".join(catalogue.iterdump()).encode()
    for number, said in enumerate(house.said):
        yield f"said {number}", said


def unfolded(path: Path) -> Iterator[tuple[str, bytes]]:
    for member in members(path):
        name = f"{path.name}@{member.offset}"
        data = path.read_bytes()[member.offset :]
        yield name, zlib.decompressobj(wbits=31).decompress(data)
        if member.field("WARC-Type") == "response":
            yield f"{name} decoded", b"".join(payload_stream(path, member.offset))


def served(house: Any, mark: int) -> bytes:
    """All that crossed the wire, decoded."""
    parts = []
    for entry in house.platforms.log.entries(since=mark):
        parts += [entry.request.raw, entry.head]
        body = entry.body or b""
        if b"Content-Encoding: gzip" in entry.head:
            body = zlib.decompressobj(wbits=31).decompress(_dechunked(entry.head, body))
        parts.append(_dechunked(entry.head, body) if body[:2] != b"\x1f\x8b" else body)
    return b"\n".join(parts)


def _dechunked(head: bytes, body: bytes) -> bytes:
    if b"transfer-encoding: chunked" not in head.lower() or body[:1] in (b"{", b"<"):
        return body
    out = b""
    while body:
        size, _, body = body.partition(b"\r\n")
        count = int(size, 16)
        out, body = out + body[:count], body[count + 2 :]
    return out


def canaries(house: Any, wire: bytes) -> dict[str, str]:
    """Every secret by its name; those that the platforms made are read off the wire."""
    cookies = house.town.visitor.cookies
    dtsg = re.search(rb'"DTSGInitialData",\[\],\{"token":"([^"]+)"', wire)
    lsd = re.search(rb'"LSD",\[\],\{"token":"([^"]+)"', wire)
    chain = re.search(rb"tt_chain_token=([0-9a-f]{24})", wire)
    assert dtsg and lsd and chain
    return {
        "sessionid": cookies["sessionid"],
        "csrftoken": cookies["csrftoken"],
        "rotated csrftoken": ROTATED,
        "mid": cookies["mid"],
        "ig_did": cookies["ig_did"],
        "DTSG token": dtsg[1].decode(),
        "LSD token": lsd[1].decode(),
        "bearer token": bearer(cookies["sessionid"]).removeprefix("Bearer IGT:2:"),
        "www claim": WWW_CLAIM,
        "tt_chain_token": chain[1].decode(),
        "msToken": MS_TOKEN,
        "csrfToken": TikTokSite.secrets["csrfToken"],
        "odinId": TikTokSite.secrets["odinId"],
    }


def test_no_secret_stays_anywhere(house, monkeypatch):
    mark = house.platforms.log.mark()
    work(house, monkeypatch)
    read_everything(house)
    house.platforms.log.settle()
    wire = served(house, mark)
    secrets = canaries(house, wire)
    for name, value in secrets.items():
        crossed = [form for form in disguises(value) if form in wire]
        assert crossed, f"{name} never crossed the wire"
    for form in disguises(secrets["sessionid"]) & set(
        base64_cores(unquote(secrets["sessionid"]).encode())
    ):
        assert form in wire or b"-" in form or b"_" in form
    forms = {form: name for name, value in secrets.items() for form in disguises(value)}
    leaks = sorted(
        {
            f"{forms[form]} in {place}"
            for place, data in everything_kept(house)
            for form in forms
            if form in data
        }
    )
    assert leaks == [], "\n".join(leaks)


def test_only_the_identity_file_holds_its_cookies_and_only_its_owner_reads_it(house):
    house.jejak("capture")
    (file,) = (house.archive / "identities").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert house.town.visitor.cookies["sessionid"] in file.read_text("utf-8")


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_proxy_password_is_refused_and_not_repeated(house, language):
    password = "Pr0xyPassw0rd-canary"
    proxied = house.platforms.proxy_url.replace("http://", f"http://office:{password}@")
    house.configure(
        lambda text: text.replace(house.platforms.proxy_url, proxied).replace(
            'language = "en"', f'language = "{language}"'
        )
    )
    for command in (
        ("capture",),
        ("doctor",),
        ("accounts", "list", "--json"),
        ("--verbose", "runs"),
    ):
        done = house.jejak(*command)
        assert done.code == (3 if command == ("doctor",) else 2)
        assert "network.proxy" in done.text
    kept = b"".join(path.read_bytes() for path in house.archive.rglob("*") if path.is_file())
    said = b"".join(house.said)
    for form in disguises(password):
        assert form not in said
        assert form not in kept
