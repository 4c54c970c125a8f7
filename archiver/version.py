"""Which jejak this is, and which libraries it stands on."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

LIBRARIES = (
    "instaloader",
    "yt-dlp",
    "curl_cffi",
    "requests",
    "urllib3",
    "sqlalchemy",
    "alembic",
    "pydantic",
    "structlog",
    "typer",
    "rich",
    "tomlkit",
    "isal",
    "brotli",
)


def own_version() -> str:
    """The version of jejak; ``0+source`` when it runs without being installed."""
    return library_version("jejak") or "0+source"


def library_version(name: str) -> str | None:
    """A library's version, or ``None`` when it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def library_versions() -> dict[str, str]:
    """Versions of Python and of every library that is installed."""
    found = {name: library_version(name) for name in LIBRARIES}
    return {"python": platform.python_version()} | {k: v for k, v in found.items() if v}


def agent() -> str:
    """How the program signs in the ledger."""
    return f"program jejak {own_version()}"
