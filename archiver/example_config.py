"""The commented example configuration that ``jejak init`` writes.

It is ``config.example.toml`` of the source tree. A built package carries a
copy beside this module (see ``pyproject.toml``); a test keeps them equal.
"""

from __future__ import annotations

from importlib.resources import files


def example_config() -> str:
    """The text of the example configuration."""
    return files("archiver").joinpath("config.example.toml").read_text("utf-8")
