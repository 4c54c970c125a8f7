"""What the program says when its catalogue is on a database server."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from tools.postgres import Server

SECRET = "s3cr3t-w0rds"
COMMANDS = (
    ("doctor",),
    ("doctor", "--json"),
    ("posts",),
    ("posts", "--json"),
    ("runs",),
    ("verify",),
    ("verify", "--json"),
    ("recover",),
    ("reindex", "--json"),
    ("capture",),
    ("--verbose", "capture", "--json"),
)


@pytest.fixture
def served(office: Path, add: Callable[..., None]) -> Callable[[str], None]:
    """Puts the address of a catalogue into the configuration."""
    add()
    file = office / "config.toml"
    text = file.read_text("utf-8")

    def at(address: str) -> None:
        assert "[archive]\n" in text
        line = f"[archive]\ncatalogue = '{address}'\n"
        file.write_text(text.replace("[archive]\n", line, 1), "utf-8")

    return at


def checks(jejak: Callable[..., Any]) -> dict[str, dict[str, str]]:
    lines = jejak("doctor", "--json").out.splitlines()
    return {found["check"]: found for found in map(json.loads, lines)}


def with_password(url: str, **changes: Any) -> str:
    return make_url(url).set(password=SECRET, **changes).render_as_string(hide_password=False)


def test_doctor_tells_of_the_server(
    jejak: Callable[..., Any],
    served: Callable[[str], None],
    office: Path,
    new_database: Callable[..., str],
) -> None:
    url = new_database()
    served(with_password(url))
    (office / "config.toml").chmod(0o644)
    found = checks(jejak)
    assert found["database"]["health"] == "good"
    assert "PostgreSQL" in found["database"]["detail"]
    assert str(make_url(url).database) in found["database"]["detail"]
    assert "UTF8" in found["database"]["detail"]
    assert "catalogue" not in found, "no run yet"
    assert found["catalogue password"]["health"] == "bad"
    assert "chmod 600" in found["catalogue password"]["hint"]
    (office / "config.toml").chmod(0o600)
    assert "catalogue password" not in checks(jejak)
    assert jejak("recover").code == 0
    (office / "archive" / "ledger").mkdir(exist_ok=True)
    assert checks(jejak)["catalogue"]["health"] == "good"


def test_doctor_has_the_right_words_for_what_is_no_catalogue(
    jejak: Callable[..., Any],
    served: Callable[[str], None],
    office: Path,
    new_database: Callable[..., str],
    new_postgres_catalogue: Callable[[], str],
    postgres_server: Server,
) -> None:
    (office / "archive" / "ledger").mkdir()
    foreign, newer = new_database(), new_postgres_catalogue()
    for url, statement, sentence in (
        (foreign, "CREATE TABLE letters (id int)", "This database is not a catalogue."),
        (newer, "UPDATE alembic_version SET version_num = '9999'", "A newer jejak"),
    ):
        postgres_server.run(statement, make_url(url).database)
        served(url)
        found = checks(jejak)["catalogue"]
        assert found["health"] == "bad"
        assert found["detail"].startswith(sentence)
        assert found["hint"]
        assert "aside" not in found["detail"] + found["hint"]
        said = jejak("posts")
        assert (said.code, said.out) == (2, "")
        assert sentence in said.err


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://u:{SECRET}@h/db",
        f"postgresql+psycopg://u:{SECRET}/db",
        f"postgresql+psycopg://u:{SECRET}@/db?host=/nowhere",
        f"postgresql+psycopg://u:{SECRET}@/db?host=/nowhere&no_such_option=1",
        f"postgresql+psycopg://u@/db?host=/nowhere&password={SECRET}",
    ],
)
def test_no_command_shows_the_password(
    jejak: Callable[..., Any], served: Callable[[str], None], office: Path, address: str
) -> None:
    (office / "archive" / "ledger").mkdir()
    served(address)
    for command in COMMANDS:
        said = jejak(*command)
        assert said.code in (2, 3, 4), command
        assert SECRET not in said.out + said.err, command
    for log in (office / "archive").rglob("*.jsonl"):
        assert SECRET not in log.read_text("utf-8")


def test_a_bug_that_repeats_the_address_shows_no_password(
    jejak: Callable[..., Any],
    served: Callable[[str], None],
    office: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address = f"postgresql+psycopg://u:{SECRET}@/db?host=/nowhere"
    served(address)

    def fails(url: str, **_: object) -> None:
        raise ZeroDivisionError(url)

    monkeypatch.setattr("storage.catalogue.open_catalogue", fails)
    (office / "archive" / "ledger").mkdir()
    said = jejak("posts")
    assert said.code == 1
    assert "ZeroDivisionError" in said.err
    logs = [log.read_text("utf-8") for log in (office / "archive" / "logs").glob("*.jsonl")]
    assert any("ZeroDivisionError" in log for log in logs)
    assert SECRET not in said.out + said.err + "".join(logs)
