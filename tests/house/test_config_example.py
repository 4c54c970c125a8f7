"""The example configuration is one that the program accepts."""

from __future__ import annotations

import tomllib

import pytest


@pytest.fixture
def example(root):
    return (root / "config.example.toml").read_text(encoding="utf-8")


def test_the_example_loads(example, tmp_path):
    from archiver.config import load

    file = tmp_path / "config.toml"
    file.write_text(example, encoding="utf-8")
    assert load(file).content.language == "id"


def test_what_init_writes_is_the_example(example):
    from archiver.example_config import example_config

    assert example_config() == example


def test_the_commented_parts_load_too(example, tmp_path):
    """A person takes the comment signs away; what then stands there must work."""
    from archiver.config import load

    lines = []
    for line in example.splitlines():
        bare = line.removeprefix("# ")
        setting = bare.startswith("[[") or (" = " in bare and bare.split(" = ")[0].isidentifier())
        lines.append(bare if line.startswith("# ") and setting else line)
    text = "\n".join(lines)
    assert len(tomllib.loads(text)["accounts"]) == 1
    file = tmp_path / "config.toml"
    file.write_text(text, encoding="utf-8")
    config = load(file)
    assert config.content.identities[0].name == config.accounts[0].identity
