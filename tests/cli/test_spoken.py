"""Help pages and refusals of the command line, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archiver.cli.main import main

Run = Callable[..., Any]

REFUSALS = {
    ("posts", "--nope"): ("Tidak ada opsi --nope", "There is no option --nope"),
    ("posts", "--serch", "x"): ("Maksud Anda --search?", "Did you mean --search?"),
    ("posts", "--since"): ("--since memerlukan nilai", "--since needs a value"),
    ("runs", "--json=1"): ("--json tidak menerima nilai", "--json takes no value"),
    ("runs", "--limit", "x"): ("seharusnya bilangan bulat", "expected a whole number"),
    ("runs", "--limit", "0"): ("seharusnya paling sedikit 1", "expected at least 1"),
    ("show", "instagram:A", "--media", "x", "-o", "f"): (
        "--media: seharusnya",
        "--media: expected",
    ),
    ("show",): ("UNGGAHAN belum disebutkan", "POST is missing"),
    ("login", "instagram"): ("IDENTITAS belum disebutkan", "IDENTITY is missing"),
    ("verify", "more", "words"): ("Ada yang berlebih: more words", "Too much is given: more words"),
    ("frobnicate",): ("Tidak ada perintah frobnicate", "There is no command frobnicate"),
    ("accounts", "drop"): ("Tidak ada perintah drop", "There is no command drop"),
}

ENGLISH_OF_TYPER = re.compile(
    r"Usage|Options|Commands|Arguments|Show this|COMMAND|ARGS|Missing|No such|Invalid|"
    r"default:|required|Error|Did you mean|Got unexpected|<str>|<int>|<path>"
)


@pytest.mark.parametrize("words", REFUSALS, ids=" ".join)
@pytest.mark.parametrize("language", [0, 1], ids=["id", "en"])
def test_refusals(
    jejak: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], language: int
) -> None:
    monkeypatch.setenv("JEJAK_LANGUAGE", ("id", "en")[language])
    said = jejak(*words)
    assert (said.code, said.out) == (2, "")
    assert REFUSALS[words][language] in said.err
    assert "--help`" in said.err
    if language == 0:
        assert not ENGLISH_OF_TYPER.search(said.err), said.err


PAGES = [
    *([], ["init"], ["login"], ["identities"], ["capture"], ["runs"], ["posts"], ["show"]),
    *(["verify"], ["recover"], ["reindex"], ["doctor"], ["accounts"]),
    *(["accounts", name] for name in ("add", "list", "check", "pause", "retire")),
    *(["accounts", name] for name in ("import", "show", "history", "assign")),
    *(["bodies"], ["note"], ["note", "add"], ["note", "list"], ["note", "withdraw"]),
]


@pytest.mark.parametrize("words", PAGES, ids=lambda words: " ".join(words) or "jejak")
def test_help_pages_are_indonesian(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], words: list[str]
) -> None:
    monkeypatch.setenv("JEJAK_LANGUAGE", "id")
    assert main([*words, "--help"]) == 0
    page = capfd.readouterr().out
    assert page.startswith(f"Pemakaian: {' '.join(['jejak', *words])} [OPSI]")
    assert "Opsi:" in page and "Tampilkan bantuan ini." in page
    assert not ENGLISH_OF_TYPER.search(page), page


def test_help_pages_are_english_by_choice(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["runs", "--help"]) == 0
    page = capfd.readouterr().out
    assert page.startswith("Usage: jejak runs [OPTIONS]")
    assert "[default: 30; ≥ 1]" in page and "Show this help." in page


def test_without_arguments_there_is_help(office: Path, capfd: pytest.CaptureFixture[str]) -> None:
    capfd.readouterr()
    for words in ([], ["--config", str(office / "config.toml")], ["accounts"]):
        assert main(words) == 2, "a nightly call that lost its command is no good night"
        said = capfd.readouterr()
        assert said.out.startswith("Usage: jejak") and said.err == ""
