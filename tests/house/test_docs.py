"""The pages tell the truth about the code."""

from __future__ import annotations

import importlib.util
import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer
from jsonschema import Draft202012Validator

MARKDOWN_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
SHELL_BLOCK = re.compile(r"^```sh\n(.*?)^```", re.M | re.S)


def anchors(text: str) -> set[str]:
    """The anchors that a page's headings get."""
    headings = re.findall(r"^#+ (.+)$", text, re.M)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


def commands(text: str) -> list[list[str]]:
    """The `jejak …` lines of a page's shell blocks, split as a shell would."""
    lines = [line for block in SHELL_BLOCK.findall(text) for line in block.splitlines()]
    return [shlex.split(line, comments=True)[1:] for line in lines if line.startswith("jejak ")]


def unknown(words: list[str], root: Any) -> str | None:
    """What of a command line the program does not know, or ``None``.

    Args:
        root: A command as click or typer hold it: groups have ``commands``.
    """
    command, options = root, {"--help", *options_of(root)}
    for word in words:
        inside = getattr(command, "commands", None)
        if inside is not None and word in inside:
            command = inside[word]
            options |= options_of(command)
        elif word.startswith("--"):
            if word.split("=")[0] not in options:
                return word
        elif inside is not None and not word.startswith("-") and command is not root:
            return word
    return " ".join(words) if hasattr(command, "commands") else None


def options_of(command: Any) -> set[str]:
    """Every spelling of a command's options."""
    return {o for p in command.params for o in (*p.opts, *p.secondary_opts)}


@pytest.fixture(scope="module")
def pages(root, tracked):
    names = [n for n in tracked if n.endswith(".md") and not n.startswith("tests/data/")]
    return {name: (root / name).read_text(encoding="utf-8") for name in names}


@pytest.fixture(scope="module")
def program():
    from archiver.cli.app import build_app

    return typer.main.get_command(build_app())


def leads_somewhere(page: Path, target: str) -> bool:
    """Whether a relative link's file and heading exist."""
    path, _, anchor = target.partition("#")
    file = page.parent / path if path else page
    return file.exists() and (not anchor or anchor in anchors(file.read_text(encoding="utf-8")))


def test_links_lead_somewhere(pages, root):
    dead = [
        f"{name}: {target}"
        for name, text in pages.items()
        for target in MARKDOWN_LINK.findall(text)
        if not re.match(r"[a-z]+:", target) and not leads_somewhere(root / name, target)
    ]
    assert dead == []


def test_the_readme_is_short_and_begins_in_indonesian(pages):
    lines = pages["README.md"].splitlines()
    assert len(lines) <= 150
    opening = [line for line in lines[1:] if line.strip()][:10]
    assert sum(bool(re.search(r"\b(yang|dan|untuk|dari|di)\b", line)) for line in opening) >= 8
    assert "make demo" in pages["README.md"]
    assert "make test" in pages["README.md"]


def test_the_architecture_page_names_every_module(root):
    spec = importlib.util.spec_from_file_location("rooms", root / "tools" / "rooms.py")
    assert spec and spec.loader
    rooms = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(rooms)
    page = rooms.PAGE.read_text(encoding="utf-8")
    assert page == rooms.renewed(page), "run `make docs`"


def test_every_path_that_a_page_names_exists(pages, root):
    named = re.compile(
        r"`((?:connectors|storage|archiver|schedules|demo|tests|benchmarks|tools|docs|requirements)"
        r"/[\w./-]*\w\.(?:py|md|json|toml|txt|sh))`"
    )
    pages = {n: t for n, t in pages.items() if "CHANGELOG" not in n}
    gone = [
        f"{n}: {p}" for n, t in pages.items() for p in named.findall(t) if not (root / p).exists()
    ]
    assert gone == []


def test_schemas_are_valid_and_named_as_their_files(root):
    schemas = sorted((root / "docs" / "schemas").glob("*.schema.json"))
    for file in schemas:
        schema = json.loads(file.read_text(encoding="utf-8"))
        Draft202012Validator.check_schema(schema)
        name = file.name.removesuffix(".schema.json").replace("-", "/")
        assert (schema["$id"], schema["title"]) == (f"urn:jejak:schema:{name}", name)
        assert set(schema["required"]) == set(schema["properties"])
    assert len(schemas) == 5


def test_every_command_of_the_pages_exists(pages, program):
    wrong = {
        f"{name}: jejak {shlex.join(words)}": what
        for name, text in pages.items()
        for words in commands(text)
        if (what := unknown(words, program))
    }
    assert wrong == {}


def test_make_targets_of_the_pages_exist(pages, root):
    targets = set(re.findall(r"^([a-z-]+):", (root / "Makefile").read_text(encoding="utf-8"), re.M))
    named = {t for text in pages.values() for t in re.findall(r"`make ([a-z-]+)", text)}
    named |= {
        t
        for x in pages.values()
        for b in SHELL_BLOCK.findall(x)
        for t in re.findall(r"^make ([a-z-]+)", b, re.M)
    }
    assert named <= targets


def test_the_command_rule_notices():
    app, accounts = typer.Typer(), typer.Typer()
    app.add_typer(accounts, name="accounts")

    @app.command()
    def capture():
        pass

    @accounts.command()
    def add(handle: str, identity: str = typer.Option("", "--identity")):
        pass

    @accounts.command("list")
    def show_all():
        pass

    root = typer.main.get_command(app)
    assert unknown(["accounts", "add", "X", "--identity", "kantor"], root) is None
    assert unknown(["capture"], root) is None
    assert unknown(["accounts", "drop", "X"], root) == "drop"
    assert unknown(["acounts", "add"], root)
    assert unknown(["accounts", "add", "--identify", "x"], root) == "--identify"
