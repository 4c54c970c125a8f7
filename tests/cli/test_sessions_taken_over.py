"""Browser sessions in every form people hand over; their values are never shown."""

from __future__ import annotations

import json
import os
import pickle
import pty
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archiver.cookie_files import session_cookies
from archiver.errors import UsageProblem
from demo.city import City
from demo.server import Platforms

Run = Callable[..., Any]
ROOT = Path(__file__).parents[2]
VALUES = {"sessionid": "1%3As3cr3t%3A2", "csrftoken": "tok=en", "ds_user_id": "77"}


@pytest.fixture
def online(office: Path, platforms: Platforms) -> Path:
    file = office / "config.toml"
    text = file.read_text("utf-8").replace("http://127.0.0.1:9", platforms.proxy_url)
    text = text.replace("[network]\n", f'[network]\nca_file = "{platforms.ca_file}"\n')
    file.write_text(text, "utf-8")
    return office


def forms(values: dict[str, str]) -> dict[str, str]:
    rows = [{"domain": ".instagram.com", "name": n, "value": v} for n, v in values.items()]
    hosts = [{"host": "www.instagram.com", "name": n, "value": v} for n, v in values.items()]
    lines = [f".instagram.com\tTRUE\t/\tTRUE\t1999999999\t{n}\t{v}" for n, v in values.items()]
    header = "; ".join(f"{n}={v}" for n, v in values.items())
    return {
        "netscape": "# Netscape HTTP Cookie File\n\n" + "\n".join(lines),
        "spaces": "\n".join(line.replace("\t", "  ") for line in lines),
        "list": json.dumps(rows),
        "nested": json.dumps({"url": "https://www.instagram.com", "cookies": rows}),
        "deeper": json.dumps({"cookies": {"cookies": hosts}}),
        "header": f"Cookie: {header}\n",
        "pairs": header + ";",
        "curl": f"  -H 'cookie: {header}' \\\n",
    }


@pytest.mark.parametrize("form", forms(VALUES))
def test_every_form_gives_the_same_cookies(form: str) -> None:
    assert session_cookies("instagram", forms(VALUES)[form]) == VALUES


@pytest.mark.parametrize("text", ["hello", "{}", "[1]", '{"cookies": 3}', "a=b", "x" * 99, "; ;"])
def test_what_is_no_session_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(UsageProblem) as caught:
        session_cookies("instagram", text)
    assert text not in caught.value.said()


def test_a_pickle_is_never_opened(jejak: Run, online: Path) -> None:
    file = online / "session-humas"
    file.write_bytes(pickle.dumps({"sessionid": "s3cr3t"}))
    said = jejak("login", "instagram", "humas", "--cookies", str(file), "--yes")
    assert (said.code, "pickle" in said.err, "s3cr3t" in said.err) == (2, True, False)


def test_whose_it_is_decides(jejak: Run, online: Path, city: City) -> None:
    file = online / "cookies.json"
    file.write_text(forms(city.visitor.cookies)["nested"])
    kept = online / "archive" / "identities" / "instagram-humas.json"
    command = ("login", "instagram", "humas", "--cookies", str(file))
    said = jejak(*command)
    assert (said.code, kept.exists()) == (2, False), "nobody agreed"
    assert city.visitor.username in said.out and city.visitor.user_id in said.out
    said = jejak(*command, "--expect", "orang.lain")
    assert (said.code, kept.exists(), "orang.lain" in said.err) == (2, False, True)
    said = jejak(*command, "--expect", "@" + city.visitor.username.upper())
    assert (said.code, kept.exists()) == (0, True), said.err
    config = tomllib.loads((online / "config.toml").read_text("utf-8"))
    assert config["identities"] == [{"name": "humas", "platform": "instagram"}]
    assert json.loads(kept.read_bytes())["username"] == city.visitor.username
    secret = city.visitor.cookies["sessionid"]
    assert secret not in said.out + said.err
    for path in (online / "archive").rglob("*"):
        assert not path.is_file() or path == kept or secret.encode() not in path.read_bytes()
    assert jejak("login", "instagram", "Humas Kota", "--cookies", str(file)).code == 2


def test_a_tiktok_session_says_that_nobody_tells_whose_it_is(jejak: Run, online: Path) -> None:
    file = online / "cookies.txt"
    file.write_text("sessionid=s3cr3t-9; tt_csrf_token=s3cr3t-8")
    said = jejak("login", "tiktok", "humas", "--cookies", str(file), "--yes")
    assert said.code == 0, said.err
    assert "does not say whose" in said.out and "sessionid" in said.out
    assert "s3cr3t" not in said.out + said.err


def test_pasting_into_a_terminal_shows_nothing(online: Path, city: City) -> None:
    # Longer than the 4096 bytes at which a terminal cuts a line.
    padding = {f"x{n}": "y" * 90 for n in range(60)}
    text = forms(city.visitor.cookies | padding)["list"].encode()
    ours, theirs = pty.openpty()
    command = ["--config", str(online / "config.toml"), "login", "instagram", "humas", "--yes"]
    environment = {**os.environ, "JEJAK_LANGUAGE": "en", "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-m", "archiver.cli.main", *command],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    ) as program:
        assert program.stderr is not None
        said = b""
        while b"Ctrl-D" not in said:
            said += program.stderr.readline()
        shown = feed(ours, theirs, text + b"\x04")
        out, err = program.communicate()
    os.close(ours)
    assert program.returncode == 0, err
    assert city.visitor.username.encode() in out
    secret = city.visitor.cookies["sessionid"].encode()
    assert secret not in shown + out + err + said


def feed(ours: int, theirs: int, text: bytes) -> bytes:
    """Type into a terminal once it stopped echoing; returns what it showed."""
    import termios
    import time

    while termios.tcgetattr(theirs)[3] & termios.ECHO:
        time.sleep(0.01)
    while text:
        text = text[os.write(ours, text[:1024]) :]
    os.close(theirs)
    os.set_blocking(ours, False)
    try:
        return os.read(ours, 1 << 20)
    except (BlockingIOError, OSError):
        return b""
