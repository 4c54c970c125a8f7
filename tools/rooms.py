"""Writes the list of modules in docs/architecture.md from their docstrings.

The page's part between the two markers is never written by hand, so it always
names every module, and says of each what its first line says.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "architecture.md"
ROOMS = ("connectors", "storage", "schedules", "archiver", "demo", "benchmarks", "tools")
BEGIN = "<!-- modules: written by `make docs` -->"
END = "<!-- end of modules -->"


def purpose(path: Path) -> str:
    """The first paragraph of a module's docstring, as one line."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return " ".join(docstring.split("\n\n")[0].split()).replace("|", "\\|")


def modules(room: str) -> list[Path]:
    """Every module of a room; of ``__init__.py`` only those that hold code."""
    found = []
    for path in sorted((ROOT / room).rglob("*.py")):
        body = ast.parse(path.read_text(encoding="utf-8")).body
        if path.name != "__init__.py" or len(body) > 1:
            found.append(path)
    return found


def listing() -> str:
    """The Markdown between the markers: one table for each room."""
    parts = []
    for room in ROOMS:
        if not modules(room):
            continue
        rows = [f"| `{p.relative_to(ROOT).as_posix()}` | {purpose(p)} |" for p in modules(room)]
        parts.append(
            "\n".join([f"### {room}", "", "| module | what it is for |", "|---|---|", *rows])
        )
    return "\n\n".join(parts)


def renewed(page: str) -> str:
    """The page with its listing made anew; everything else unchanged."""
    before, rest = page.split(BEGIN)
    after = rest.split(END)[1]
    return f"{before}{BEGIN}\n\n{listing()}\n\n{END}{after}"


def main(arguments: list[str]) -> int:
    """Print the listing, or with ``--write`` put it into the page."""
    if arguments == ["--write"]:
        PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        print(listing())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
