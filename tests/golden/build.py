"""Compare the golden files with what is read now, or write them anew.

    python tests/golden/build.py            compare; exit status 1 if one differs
    python tests/golden/build.py --write    write; look at the difference before keeping it

Another platform's cases: a module ``PLATFORM_cases.py`` beside this file with
a tuple ``CASES``, named in `PLATFORMS`.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PLATFORMS = ("instagram_cases", "tiktok_cases")


def cases() -> tuple:
    """Every case of every platform that has some."""
    for folder in (str(HERE.parents[1]), str(HERE)):
        if folder not in sys.path:
            sys.path.insert(0, folder)
    found = ()
    for name in PLATFORMS:
        if (HERE / f"{name}.py").is_file():
            found += importlib.import_module(name).CASES
    return found


def main(arguments: list[str] | None = None) -> int:
    """Compare or write; say which files differ and which could not be made."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--write", action="store_true", help="write the golden files")
    write = parser.parse_args(arguments).write
    differing = 0
    for case in cases():
        if not case.recorded.is_file():
            print(f"skipped    {case.name}: no {case.file}; set JEJAK_REAL_DATA")
            continue
        with tempfile.TemporaryDirectory() as folder:
            made = case.made(Path(folder))
        kept = case.golden.read_text(encoding="utf-8") if case.golden.is_file() else None
        if made == kept:
            print(f"unchanged  {case.name}")
            continue
        differing += 1
        print(f"{'written' if write else 'differs':10} {case.name}")
        if write:
            case.golden.parent.mkdir(parents=True, exist_ok=True)
            case.golden.write_text(made, encoding="utf-8")
    return int(bool(differing) and not write)


if __name__ == "__main__":
    sys.exit(main())
