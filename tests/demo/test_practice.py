"""The practice ground: what lies ready, and days that pass."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from demo.acts.opening import FolderNotOurs
from demo.practice import ACCOUNT_FILE, COOKIE_FILE, NETWORK_FILE, hold_practice
from demo.words import Words


def test_papers_are_ready_and_the_platforms_answer(tmp_path: Path, capsys) -> None:
    folder, answered = tmp_path / "latihan", []

    def days() -> Iterator[str]:
        network = tomllib.loads((folder / NETWORK_FILE).read_text())
        with (folder / ACCOUNT_FILE).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter=";"))
        for row in rows:
            at = "@" if row["platform"] == "tiktok" else ""
            page = requests.get(
                f"https://www.{row['platform']}.com/{at}{row['nama akun']}",
                proxies={"https": network["proxy"]},
                verify=network["ca_file"],
                timeout=10,
            )
            answered.append(page.status_code)
        assert (folder / COOKIE_FILE).stat().st_mode & 0o077 == 0
        yield "\n"
        yield "\n"

    assert hold_practice(folder, Words("id"), days()) == 0
    assert answered == [200] * 5
    said = capsys.readouterr().out
    assert "kota menerbitkan unggahan baru" in said
    assert "tidak ada unggahan baru" in said


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "surat.txt").write_text("penting")
    with pytest.raises(FolderNotOurs):
        hold_practice(tmp_path, Words("id"), [])
    assert (tmp_path / "surat.txt").read_text() == "penting"
