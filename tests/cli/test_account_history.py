"""The dated life of an account, over nights of the pretend platforms."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from demo.city import City
from demo.server import Platforms
from demo.world import Account

Run = Callable[..., Any]


@pytest.fixture
def online(office: Path, platforms: Platforms) -> Path:
    """The office, with the pretend platforms for an internet."""
    file = office / "config.toml"
    text = file.read_text("utf-8").replace("http://127.0.0.1:9", platforms.proxy_url)
    text = text.replace("[network]\n", f'[network]\nca_file = "{platforms.ca_file}"\n')
    file.write_text(text, "utf-8")
    return office


ENGLISH = """\
private, since TIME; last seen so TIME

TIME (WIB)  handle: HANDLE → pindah.resmi
  last seen as before: TIME
  record before: RECORD
  record: RECORD
  record: RECORD
  record: RECORD

TIME (WIB)  name: NAME → Nama Baru
  last seen as before: TIME
  record before: RECORD
  record: RECORD
  record: RECORD
  record: RECORD

TIME (WIB)  avatar: DIGEST → DIGEST
  last seen as before: TIME
  record before: RECORD
  record: RECORD
  record: RECORD
  record: RECORD

TIME (WIB)  presence: shown → gone
  last seen as before: TIME
  the platform says that there is no such account. (account_not_found)
  record before: RECORD
  record before: RECORD
  record before: RECORD
  record: RECORD
  record: RECORD

TIME (WIB)  presence: gone → shown
  last seen as before: TIME
  record before: RECORD
  record before: RECORD
  record: RECORD

TIME (WIB)  visibility: public → private
  last seen as before: TIME
  record before: RECORD
  record before: RECORD
  record before: RECORD
  record: RECORD
"""
INDONESIAN = [
    "privat, sejak TIME; terakhir terlihat demikian TIME",
    "TIME (WIB)  nama akun: HANDLE → pindah.resmi",
    "TIME (WIB)  keberadaan: tampil → tidak ada lagi",
    "TIME (WIB)  keterbukaan: publik → privat",
    "  terakhir terlihat seperti semula: TIME",
    "  rekaman sebelumnya: RECORD",
    "  rekaman: RECORD",
]


def plain(text: str, handle: str, name: str) -> str:
    """What differs from run to run, by one word each."""
    for pattern, word in (
        (r"\d{4}-\d\d-\d\d \d\d:\d\d", "TIME"),
        (r"urn:uuid:[0-9a-f-]{36}", "RECORD"),
        (r"sha256:[0-9a-f]{64}", "DIGEST"),
        (rf"\b{re.escape(handle)}\b", "HANDLE"),
        (re.escape(name), "NAME"),
    ):
        text = re.sub(pattern, word, text)
    return text


def objects(said: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in said.out.splitlines()]


def nights(jejak: Run, city: City, account: Account) -> list[int]:
    """Four nights: as it is; renamed; closed; back and private."""
    other = next(a for a in city.world.accounts.values() if a.avatar and a.avatar != account.avatar)

    def moved() -> None:
        city.world.rename(account, "pindah.resmi")
        account.name, account.avatar = "Nama Baru", other.avatar
        account.followers += 10

    def closed() -> None:
        account.gone = True

    def private() -> None:
        account.gone, account.private = False, True

    codes, start = [], datetime.now(UTC)
    for night, happens in enumerate((lambda: None, moved, closed, private)):
        happens()
        with time_machine.travel(start + timedelta(days=night), tick=True):
            codes.append(jejak("capture").code)
        if night == 1:
            assert jejak("accounts", "check").code == 0
    return codes


def test_the_life_of_an_account(
    jejak: Run, online: Path, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = min(
        (a for a in city.world.accounts.values() if a.platform == "tiktok"),
        key=lambda account: len(account.items),
    )
    handle, name, followers = account.handle, account.name, account.followers
    assert jejak("accounts", "add", "tiktok", handle, "--yes").code == 0
    key = f"tiktok:{account.native_id}"
    assert jejak("accounts", "history", key).code == 2, "not captured yet"
    assert nights(jejak, city, account) == [0, 0, 4, 4]
    said = jejak("accounts", "history", key)
    assert said.code == 0
    assert plain(said.out, handle, name).splitlines() == ENGLISH.splitlines()
    shown = jejak("accounts", "show", key)
    assert re.search(r"^condition +private, since ", shown.out, re.MULTILINE)
    post = str(objects(jejak("posts", "--json"))[0]["id"])
    assert re.search(r"^its account: private, since ", jejak("show", post).out, re.MULTILINE)
    assert objects(jejak("show", post, "--json"))[0]["account_condition"]["word"] == "private"
    found = [
        json.loads(line) for line in jejak("accounts", "history", key, "--json").out.splitlines()
    ]
    assert [row["what"] for row in found][-3:] == ["presence", "presence", "visibility"]
    assert all(row["evidence"] and row["capture"] and row["last_seen"] < row["at"] for row in found)
    counted = objects(jejak("accounts", "history", key, "--counts", "--json"))
    assert [row["followers"] for row in counted] == [followers, followers + 10, followers + 10]
    table = jejak("accounts", "history", key, "--counts").out.splitlines()
    assert table[0].split()[2:] == ["followers", "following", "posts", "record"]
    assert len(table) == 3, "the same counts are shown once"
    assert {row["state"] for row in objects(jejak("posts", "--json"))} == {"present"}, (
        "a private account marks no post"
    )
    check_the_rest(jejak, key, monkeypatch, (handle, name, said.out))


def check_the_rest(
    jejak: Run, key: str, monkeypatch: pytest.MonkeyPatch, told: tuple[str, str, str]
) -> None:
    """In Indonesian; the same after a reindex; every record can be read."""
    handle, name, said = told
    assert jejak("reindex").code == 0
    assert jejak("accounts", "history", key).out == said
    monkeypatch.setenv("JEJAK_LANGUAGE", "id")
    lines = plain(jejak("accounts", "history", key).out, handle, name).splitlines()
    assert [line for line in INDONESIAN if line not in lines] == []


def test_nothing_changes_in_a_quiet_life(jejak: Run, online: Path, city: City) -> None:
    account = min(
        (a for a in city.world.accounts.values() if a.platform == "tiktok"),
        key=lambda account: len(account.items),
    )
    assert jejak("accounts", "add", "tiktok", account.handle, "--yes").code == 0
    for _ in range(2):
        assert jejak("capture").code == 0
    said = jejak("accounts", "history", account.handle)
    assert said.out.startswith("public, since ") and len(said.out.splitlines()) == 1
    assert "Nothing has changed" in said.err
    assert jejak("accounts", "history", account.handle, "--json").out == ""
