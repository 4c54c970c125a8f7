"""The commands against the pretend platforms, through the real libraries."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from demo.city import City, cookie_file
from demo.server import Platforms
from demo.world import Account

Run = Callable[..., Any]

ROW = {
    *("id", "platform", "account", "kind", "state", "caption", "published_at", "permalink"),
    *("first_seen", "last_seen", "versions", "media", "evidence"),
}


@pytest.fixture
def online(office: Path, platforms: Platforms) -> Path:
    """The office, with the pretend platforms for an internet."""
    file = office / "config.toml"
    text = file.read_text("utf-8").replace("http://127.0.0.1:9", platforms.proxy_url)
    text = text.replace("[network]\n", f'[network]\nca_file = "{platforms.ca_file}"\n')
    file.write_text(text, "utf-8")
    return office


def small(city: City) -> Account:
    """The city's smallest TikTok account."""
    accounts = [a for a in city.world.accounts.values() if a.platform == "tiktok"]
    return min(accounts, key=lambda account: len(account.items))


def test_from_adding_to_playing_back(jejak: Run, online: Path, city: City, tmp_path: Path) -> None:
    account = small(city)
    comment = (online / "config.toml").read_text("utf-8").splitlines()[0]
    added = jejak("accounts", "add", "tiktok", "@" + account.handle, "--yes", "--unit", "Dishub")
    assert (added.code, account.native_id in added.out) == (0, True)
    assert (online / "config.toml").read_text("utf-8").startswith(comment), "comments stay"
    listed = json.loads(jejak("accounts", "list", "--json").out)
    assert (listed["native_id"], listed["unit"]) == (account.native_id, "Dishub")
    assert jejak("accounts", "add", "tiktok", account.handle, "--yes").code == 2
    captured = jejak("capture", f"tiktok/{account.handle}", "--json")
    assert captured.code == 0, captured.err
    rows = [json.loads(line) for line in jejak("posts", "--json").out.splitlines()]
    assert {row["id"] for row in rows} == {f"tiktok:{item.code}" for item in account.public()}
    assert all(set(row) >= ROW for row in rows)
    row = rows[0]
    pasted = f"https://www.tiktok.com/@{account.handle}/video/{row['id'].split(':')[1]}?x=1"
    file = tmp_path / "played"
    assert jejak("show", pasted, "--media", "1", "-o", str(file)).code == 0
    digest = "sha256:" + hashlib.sha256(file.read_bytes()).hexdigest()
    assert digest == row["media"][0]["sha256"]
    assert jejak("show", pasted, "--media", "1", "-o", str(file)).code == 2, "never overwrites"
    check_what_is_said(jejak, account, row["id"], file)
    shown = json.loads(jejak("show", row["id"], "--json").out)
    assert (len(shown["versions"]), len(shown["observations"])) == (1, 1)
    check_what_verify_claims(jejak, online)
    assert jejak("reindex").code == 0
    assert [json.loads(line) for line in jejak("posts", "--json").out.splitlines()] == rows


def check_what_verify_claims(jejak: Run, office: Path) -> None:
    """The quick check must not speak for a catalogue that it does not compare."""
    whole = jejak("verify", "--full")
    assert (whole.code, "the archive agrees with itself" in whole.out) == (0, True)
    with closing(sqlite3.connect(office / "archive" / "catalogue.sqlite")) as conn, conn:
        conn.execute("UPDATE versions SET caption = 'lain'")
    quick = jejak("verify")
    assert (quick.code, "agrees with itself" in quick.out) == (0, False)
    assert "ledger and segments are whole" in quick.out
    assert "verify --full" in quick.err
    edited = jejak("verify", "--full")
    assert (edited.code, "A011" in edited.out) == (3, True)


def check_what_is_said(jejak: Run, account: Account, post: str, taken_out: Path) -> None:
    """Tables of a real archive, as a pipe gets them."""
    told = jejak("posts").out.splitlines()
    assert told[0].split() == ["published", "(WIB)", "post", "kind", "media", "versions", "caption"]
    assert len(told) == 1 + len(account.public())
    page = jejak("show", post)
    assert f"show {post} --media 1 -o {post.replace(':', '-')}-1." in page.err
    assert "first seen" in page.out and "likes" in page.out
    listed = jejak("accounts", "list").out.splitlines()
    assert listed[1].split()[0] == f"tiktok/{account.handle}"
    assert "  complete  " in listed[1]
    piped = jejak("show", post, "--media", "1", "-o", "-")
    # Text fixtures replace bytes that are no UTF-8; what is piped begins the same.
    assert piped.code == 0 and "checked" in piped.err
    assert piped.out[:8] == taken_out.read_bytes().decode("utf-8", "replace")[:8]


def test_a_handle_that_a_stranger_took(jejak: Run, online: Path, city: City) -> None:
    account = small(city)
    old = account.handle
    assert jejak("accounts", "add", "tiktok", old, "--yes").code == 0
    city.world.rename(account, "pindah.resmi")
    city.world.add(
        Account("tiktok", "7999999999999999999", old, "Orang Lain", sec_uid="MS4wLjABAAAAstranger")
    )
    account.gone = True
    captured = jejak("capture", "--json")
    assert captured.code == 4
    row = json.loads(captured.out)
    assert (row["reason"], row["listed"]) == ("handle_taken", 0)
    assert jejak("posts", "--json").out == ""
    checked = jejak("accounts", "check")
    assert (checked.code, "7999999999999999999" in checked.err) == (4, True)


@pytest.mark.parametrize("is_taken", [False, True])
def test_an_account_goes_on_under_its_new_handle(
    jejak: Run, online: Path, city: City, is_taken: bool
) -> None:
    account = small(city)
    old = account.handle
    assert jejak("accounts", "add", "tiktok", old, "--yes").code == 0
    city.world.rename(account, "pindah.resmi")
    if is_taken:
        city.world.add(Account("tiktok", "7999", old, "Orang Lain", sec_uid="MS4wLjABAAAAstranger"))
    captured = jejak("capture")
    assert captured.code == 0, captured.err
    change = f'id = "{account.native_id}": handle = "{old}" → handle = "pindah.resmi"'
    assert f"tiktok/{old} is now @pindah.resmi" in captured.err
    assert change in captured.err and f"jejak accounts check tiktok/{old}" in captured.err
    assert change in jejak("runs").out
    rows = [json.loads(line) for line in jejak("posts", "--json").out.splitlines()]
    assert {row["account"] for row in rows} == {f"tiktok:{account.native_id}"}
    assert len(rows) == len(account.public())
    assert jejak("accounts", "check", f"tiktok/{old}").code == 0
    assert 'handle = "pindah.resmi"' in (online / "config.toml").read_text("utf-8")
    assert change not in jejak("runs").out
    assert "is now" not in jejak("capture", "--full").err


def test_a_stranger_follows_an_instagram_account_by_its_posts(
    jejak: Run, online: Path, city: City
) -> None:
    own = [a for a in city.world.accounts.values() if a.platform == "instagram" and a.public()]
    account = min((a for a in own if not a.private), key=lambda account: len(account.items))
    old = account.handle
    assert jejak("accounts", "add", "instagram", old, "--yes").code == 0
    city.world.rename(account, "pindah.resmi")
    assert json.loads(jejak("capture", "--json").out)["reason"] == "account_not_found"
    city.world.rename(account, old)
    assert jejak("capture").code == 0
    city.world.rename(account, "pindah.resmi")
    captured = jejak("capture")
    assert captured.code == 0, captured.err
    assert "is now @pindah.resmi" in captured.err
    checked = json.loads(jejak("accounts", "check", "--json").out)
    assert (checked["result"], checked["found_handle"]) == ("renamed", "pindah.resmi")
    account.private = True
    refused = json.loads(jejak("capture", "--json").out)
    assert (refused["outcome"], refused["reason"]) == ("failed", "account_private")
    rows = [json.loads(line) for line in jejak("posts", "--json").out.splitlines()]
    assert rows and {row["state"] for row in rows} == {"present"}


def test_a_session_comes_and_expires(jejak: Run, online: Path, city: City, add: Run) -> None:
    add('\n[[identities]]\nname = "humas"\nplatform = "instagram"\n')
    file = online / "cookies.txt"
    file.write_text(cookie_file(city.visitor, city.world.now() + timedelta(days=9)), "utf-8")
    file.chmod(0o600)
    said = jejak("login", "instagram", "humas", "--cookies", str(file), "--yes")
    assert (said.code, city.visitor.username in said.out) == (0, True), said.err
    kept = online / "archive" / "identities" / "instagram-humas.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    accounts = [a for a in city.world.accounts.values() if a.platform == "instagram"]
    handle = accounts[0].handle
    command = ("accounts", "add", "instagram", handle, "--identity", "humas", "--yes")
    assert jejak(*command).code == 0
    city.visitor.expired = True
    captured = jejak("capture", "--json")
    assert captured.code == 4
    assert json.loads(captured.out)["reason"] in ("session_expired", "login_wall")
    assert "jejak login" in captured.err
    assert json.loads(jejak("identities", "--json").out)["last_error"] is not None
    secret = city.visitor.cookies["sessionid"]
    for path in (online / "archive").rglob("*"):
        if path.is_file() and path != kept:
            assert secret.encode() not in path.read_bytes()
