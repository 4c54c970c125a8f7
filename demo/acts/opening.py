"""The first act: an archive is set up, and what it will cost is told."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from demo.city import cookie_file
from demo.stage import IDENTITY, Stage
from demo.world import Account

_MARKER = "dibuat-oleh-demo.txt"


class FolderNotOurs(Exception):
    """The folder was not made by the demo."""


def prepare(folder: Path) -> None:
    """Make the demo's folder afresh.

    Raises:
        FolderNotOurs: Something else lies there.
    """
    if folder.exists():
        if any(folder.iterdir()) and not (folder / _MARKER).is_file():
            raise FolderNotOurs(str(folder))
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / _MARKER).write_text(
        "Folder ini dibuat oleh demo dan dibuat ulang setiap kali.\n"
        "This folder was made by the demo and is made anew each time.\n",
        encoding="utf-8",
    )


def set_up(stage: Stage) -> None:
    """An archive, its session, its accounts, and the plan."""
    stage.title("setting-up")
    sentence = stage.real.sentence_id if stage.words.language == "id" else stage.real.sentence_en
    print(sentence)
    stage.program.run("init", str(stage.folder))
    stage.program.config.write_text(demo_config(stage), encoding="utf-8")
    cookies = stage.folder / "cookies.txt"
    until = stage.city.world.now() + timedelta(days=90)
    cookies.touch(mode=0o600)
    cookies.write_text(cookie_file(stage.city.visitor, until), encoding="utf-8")
    stage.program.run("login", "instagram", IDENTITY, "--cookies", str(cookies), "--yes")
    # As everybody should: the exported session is not left lying about.
    cookies.unlink()
    first, *others = stage.accounts
    stage.program.run(
        "accounts", "add", first.platform, first.handle, "--identity", IDENTITY, "--yes"
    )
    listed = stage.folder / "akun.csv"
    write_list(listed, [(one, IDENTITY if stage.logged_in(one) else "") for one in others])
    stage.program.run("accounts", "import", str(listed), "--yes")
    stage.program.config.write_text(
        with_comments(stage.program.config.read_text("utf-8"), stage.city.disaster.handle), "utf-8"
    )
    stage.title("planning")
    stage.program.run("plan")


def write_list(file: Path, accounts: Iterable[tuple[Account, str]]) -> None:
    """Accounts as an office lists them, for ``jejak accounts import``.

    Args:
        accounts: Each with the identity that reads it, or nothing.
    """
    with file.open("w", encoding="utf-8", newline="") as lines:
        table = csv.writer(lines, delimiter=";")
        table.writerow(("platform", "nama akun", "instansi", "berlaku sejak", "identitas"))
        for account, identity in accounts:
            row = (account.platform, account.handle, account.name, "2024-01-01", identity)
            table.writerow(row)


def with_comments(config: str, handle: str) -> str:
    """A configuration in which the comments under one account's posts are kept.

    Raises:
        ValueError: The account is not in it.
    """
    line = f'handle = "{handle}"\n'
    if config.count(line) != 1:
        raise ValueError(f"the configuration has no single account {handle}")
    return config.replace(line, f"{line}comments = true\n")


def demo_config(stage: Stage) -> str:
    """The configuration of the demo's archive."""
    return f"""\
# Konfigurasi demo / configuration of the demo
language = "{stage.words.language}"

[archive]
path = "archive"
timezone = "Asia/Jakarta"
min_free_gb = 0.2

# Platform tiruan dicapai seperti internet dicapai dari kantor: lewat proksi.
# The pretend platforms are reached as offices reach the internet: by a proxy.
[network]
proxy = "{stage.platforms.proxy_url}"
ca_file = "{stage.platforms.ca_file.relative_to(stage.folder).as_posix()}"
contact = "arsip@tirtakencana.example"
pause_s = 0

[[identities]]
name = "{IDENTITY}"
platform = "instagram"
"""
