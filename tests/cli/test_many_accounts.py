"""Lists of accounts, bodies and notes, against the pretend platforms."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from demo.city import City
from demo.server import Platforms
from demo.world import Account

Run = Callable[..., Any]


@pytest.fixture
def online(office: Path, platforms: Platforms) -> Path:
    file = office / "config.toml"
    text = file.read_text("utf-8").replace("http://127.0.0.1:9", platforms.proxy_url)
    text = text.replace("[network]\n", f'[network]\nca_file = "{platforms.ca_file}"\n')
    file.write_text(text, "utf-8")
    return office


def of(city: City, platform: str) -> list[Account]:
    own = [a for a in city.world.accounts.values() if a.platform == platform and not a.private]
    return sorted(own, key=lambda account: len(account.items))


def config_of(office: Path) -> dict[str, Any]:
    return tomllib.loads((office / "config.toml").read_text("utf-8"))


def rows(said: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in said.out.splitlines()]


def test_a_list_is_looked_up_asked_once_and_pinned(
    jejak: Run, online: Path, city: City, tmp_path: Path
) -> None:
    first, second = of(city, "tiktok")[:2]
    file, left = tmp_path / "akun.csv", tmp_path / "akun-belum.csv"
    file.write_text(
        "platform;nama akun;instansi;berlaku sejak;nomor akun;keterangan\n"
        f"tiktok;{first.handle};Pemkot;01/02/2026;{first.native_id};dari humas\n"
        "tiktok;tidak.ada.sama.sekali;Pemkot;;;\n"
        f"tiktok;{second.handle};Pemkot;;123;\n"
    )
    before = (online / "config.toml").read_text("utf-8")
    assert jejak("accounts", "import", str(file), "--dry-run").code == 0
    assert jejak("accounts", "import", str(file)).code == 2, "nobody could be asked"
    assert (online / "config.toml").read_text("utf-8") == before
    said = jejak("accounts", "import", str(file), "--yes", "--json", "--rejects", str(left))
    assert said.code == 4, said.err
    results = {row["handle"]: (row["result"], row["added"]) for row in rows(said)}
    assert results == {
        first.handle: ("found", True),
        "tidak.ada.sama.sekali": ("gone", False),
        second.handle: ("handle_taken", False),
    }
    assert second.native_id in said.err or "123" in left.read_text("utf-8-sig")
    assert (online / "config.toml").read_text("utf-8").startswith(before.rstrip())
    kept = config_of(online)["accounts"]
    assert [(a["handle"], a["id"], a["body"]) for a in kept] == [
        (first.handle, first.native_id, "Pemkot")
    ]
    # What is left is corrected and comes again; what is known says so.
    again = left.read_text("utf-8-sig").replace(";123;", ";;")
    left.write_text(again, "utf-8")
    said = jejak("accounts", "import", str(left), "--yes")
    assert (said.code, len(config_of(online)["accounts"])) == (4, 2)
    said = jejak("accounts", "import", str(file), "--skip-bad", "--yes", "--json")
    assert rows(said)[0]["result"] == "known"
    check_the_books(jejak, first)


def check_the_books(jejak: Run, account: Account) -> None:
    shown = rows(jejak("accounts", "show", f"tiktok/{account.handle}", "--json"))[0]
    assert [(a["body"], a["valid_from"]) for a in shown["assignments"]] == [
        ("Pemkot", "2026-02-01")
    ]
    assert [(n["kind"], n["reason"]) for n in shown["notes"]] == [("remark", "dari humas")]
    assert jejak("accounts", "show", account.handle).code == 0
    assert jejak("reindex").code == 0
    assert rows(jejak("accounts", "show", account.handle, "--json"))[0] == shown
    assert jejak("verify", "--full").code == 0


def test_mistakes_change_nothing(jejak: Run, online: Path, tmp_path: Path) -> None:
    file = tmp_path / "akun.csv"
    file.write_text("platform,handle,id\ntiktok,dishub,1.2E+15\nfacebook,x,1\ntiktok,yyy,z\n")
    before = (online / "config.toml").read_bytes()
    said = jejak("accounts", "import", str(file), "--yes")
    assert (said.code, said.err.count("akun.csv: row")) == (2, 3)
    assert (online / "config.toml").read_bytes() == before
    assert not (online / "archive" / "segments").exists()


def test_a_check_of_all(jejak: Run, online: Path, city: City) -> None:
    first, second = of(city, "instagram")[:2]
    third = of(city, "tiktok")[0]
    for account in (first, second, third):
        assert jejak("accounts", "add", account.platform, account.handle, "--yes").code == 0
    city.world.rename(first, "pindah_resmi")
    second.gone = True
    said = jejak("accounts", "check", "--json")
    assert said.code == 4, said.err
    found = {row["account"]: row["result"] for row in rows(said)}
    assert found[f"tiktok:{third.native_id}"] == "same"
    assert found[f"instagram:{second.native_id}"] == "gone"
    assert found[f"instagram:{first.native_id}"] in ("renamed", "gone"), found
    second.gone = False


def test_a_handle_made_anew_is_never_taken_silently(jejak: Run, online: Path, city: City) -> None:
    account = of(city, "tiktok")[0]
    handle, stranger = account.handle, "7999999999999999999"
    assert jejak("accounts", "add", "tiktok", handle, "--yes").code == 0
    city.world.rename(account, "pindah.resmi")
    city.world.add(Account("tiktok", stranger, handle, "Baru", sec_uid="MS4wLjABAAAAstranger"))
    account.gone = True
    said = jejak("accounts", "check")
    assert (said.code, stranger in said.err, account.native_id in said.err) == (4, True, True)
    assert jejak("accounts", "retire", handle).code == 0
    said = jejak("accounts", "add", "tiktok", handle, "--yes")
    assert (said.code, stranger in said.err, account.native_id in said.err) == (2, True, True)
    assert jejak("accounts", "add", "tiktok", handle, "--yes", "--id", "5").code == 2
    assert jejak("accounts", "add", "tiktok", handle, "--yes", "--id", stranger).code == 0
    kept = [(a["handle"], a["id"]) for a in config_of(online)["accounts"]]
    assert kept == [(handle, account.native_id), (handle, stranger)]
    assert jejak("accounts", "pause", handle).code == 0, "the one that is kept is meant"
    assert [a["active"] for a in config_of(online)["accounts"]] == [False, False]
    listed = rows(jejak("accounts", "list", "--state", "retired", "--json"))
    assert [row["native_id"] for row in listed] == [account.native_id]


def test_bodies_and_notes_mark_posts(jejak: Run, online: Path, city: City) -> None:
    account = of(city, "tiktok")[0]
    assert jejak("accounts", "add", "tiktok", account.handle, "--yes", "--body", "Lama").code == 0
    assert jejak("capture").code == 0
    command = ("accounts", "assign", account.handle, "--body", "Baru", "--unit", "Humas")
    assert jejak(*command, "--from", "01/03/2026", "--reference", "SK 12/2026").code == 0
    kept = config_of(online)["accounts"][0]
    assert (kept["body"], kept["valid_from"].isoformat()) == ("Baru", "2026-03-01")
    assert "Baru" in jejak("bodies").out
    posts = rows(jejak("posts", "--json"))
    assert all(post["notes"] == [] for post in posts)
    note = ("note", "add", account.handle, "--kind", "unofficial", "--reason", "dibajak")
    assert jejak(*note).code == 2, "a period is needed"
    assert jejak(*note, "--from", "2020-01-01", "--until", "2020-01-01").code == 0
    assert jejak(*note, "--from", "2020-01-01", "--reference", "surat 7").code == 0
    marked = rows(jejak("posts", "--json"))
    assert {n["kind"] for post in marked for n in post["notes"]} == {"unofficial"}
    assert all(len(post["notes"]) == 1 for post in marked)
    assert "[unofficial]" in jejak("posts").out
    assert "surat 7" in jejak("show", posts[0]["id"]).out
    assert jejak("note", "add", posts[0]["id"], "--kind", "remark", "--reason", "x").code == 0
    numbers = [row["number"] for row in rows(jejak("note", "list", "--json"))]
    assert jejak("note", "withdraw", str(numbers[1]), "--reason", "keliru").code == 0
    assert jejak("note", "withdraw", str(numbers[1]), "--reason", "keliru").code == 2
    after = {post["id"]: post["notes"] for post in rows(jejak("posts", "--json"))}
    assert [n["basis"] for n in after.pop(posts[0]["id"])] == ["post"]
    assert not any(after.values())
    kept_notes = jejak("note", "list", "--json").out
    assert jejak("reindex").code == 0
    assert jejak("note", "list", "--json").out == kept_notes
