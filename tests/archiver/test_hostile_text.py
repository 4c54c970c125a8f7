"""Secrets, escapes, addresses and cookie files from strangers."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from archiver.cli.table import cut
from archiver.cookie_files import session_cookies
from archiver.errors import UsageProblem
from archiver.log import Log
from archiver.post_address import post_id
from archiver.scrub import MARK, Scrubber
from archiver.terminal import printable

secrets = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=12, max_size=40)


@given(secrets, st.binary(max_size=7), st.binary(max_size=7))
def test_no_form_of_a_secret_passes(secret: str, before: bytes, after: bytes) -> None:
    scrubber = Scrubber([secret])
    data = before + secret.encode() + after
    for form in (secret, quote(secret, safe=""), quote_plus(secret)):
        assert form not in scrubber.text(f"a {form} b")
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        assert MARK in scrubber.text(encode(data).decode())


def test_a_traceback_reaches_the_log_without_the_secret(tmp_path: Path) -> None:
    log = Log(tmp_path, Scrubber(["s3cr3t-value-42"]))
    try:
        raise ValueError("cookie sessionid=s3cr3t-value-42 \x1b[31m")
    except ValueError as error:
        log.write.error("bug", exc_info=error, where={"k": ["s3cr3t-value-42"]})
    text = next(tmp_path.glob("*.jsonl")).read_text()
    assert "s3cr3t-value-42" not in text
    assert "\x1b" not in text
    assert "ValueError" in json.loads(text)["exception"]


@given(st.text())
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    for shown in (printable(text), cut(printable(text), 40)):
        assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)
    assert cell_len(cut(printable(text), 40)) <= 40


@pytest.mark.parametrize(
    ("pasted", "id"),
    [
        ("instagram:C-_a1", "instagram:C-_a1"),
        ("tiktok:7700", "tiktok:7700"),
        ("https://www.instagram.com/p/C-_a1/?igsh=x&utm_source=y#z", "instagram:C-_a1"),
        ("instagram.com/pemkot/reel/Cx1/", "instagram:Cx1"),
        ("https://www.instagram.com/reels/Cx1", "instagram:Cx1"),
        ("https://www.instagram.com/tv/Cx1/?img_index=2", "instagram:Cx1"),
        ("https://www.tiktok.com/@dishub.kota/video/77001?is_copy_url=1", "tiktok:77001"),
        ("https://www.tiktok.com/@dishub.kota/photo/77002", "tiktok:77002"),
        ("https://m.tiktok.com/v/77003.html", "tiktok:77003"),
    ],
)
def test_pasted_addresses(pasted: str, id: str) -> None:
    assert post_id(pasted) == id


@pytest.mark.parametrize(
    "pasted",
    [
        "",
        "https://evil.example/p/Cx1/",
        "https://instagram.com.evil.example/p/Cx1/",
        "https://www.instagram.com/pemkot/",
        "https://vt.tiktok.com/ZS123/",
        "instagram:../../etc",
        "tiktok:abc",
        "https://[::1",
    ],
)
def test_what_names_no_post(pasted: str) -> None:
    with pytest.raises(UsageProblem):
        post_id(pasted)


NETSCAPE = (
    "# Netscape HTTP Cookie File\n"
    "#HttpOnly_.instagram.com\tTRUE\t/\tTRUE\t0\tsessionid\tabc%3A1\n"
    ".instagram.com\tTRUE\t/\tTRUE\t0\tcsrftoken\ttok\n"
    ".instagram.com\tTRUE\t/\tTRUE\t0\tds_user_id\t42\n"
    ".notinstagram.com\tTRUE\t/\tTRUE\t0\tother\tx\n"
)


def test_both_forms_of_exported_cookies() -> None:
    wanted = {"sessionid": "abc%3A1", "csrftoken": "tok", "ds_user_id": "42"}
    assert session_cookies("instagram", NETSCAPE) == wanted
    listed = [
        {"domain": ".instagram.com", "name": name, "value": value} for name, value in wanted.items()
    ]
    assert session_cookies("instagram", json.dumps(listed)) == wanted


@pytest.mark.parametrize("text", ["", "hello", "[1]", "{}", "[" * 5000, NETSCAPE[:90]])
def test_what_is_no_session(text: str) -> None:
    with pytest.raises(UsageProblem) as caught:
        session_cookies("instagram", text)
    assert "abc" not in caught.value.said()
