"""``python -m demo``: watch the nights of an archive, or practise on one."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import cast

from demo.acts.opening import FolderNotOurs
from demo.practice import hold_practice
from demo.program import near
from demo.story import tell_story
from demo.words import Language, Words


def main() -> int:
    """Read the command line and run the demo."""
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument("--language", choices=("id", "en"), default="id")
    parser.add_argument("--folder", type=Path)
    parser.add_argument(
        "--practice", action="store_true", help="keep the pretend platforms running for practice"
    )
    arguments = parser.parse_args()
    words = Words(cast(Language, arguments.language))
    try:
        if arguments.practice:
            return hold_practice((arguments.folder or Path("latihan")).absolute(), words)
        return tell_story((arguments.folder or Path("demo-archive")).absolute(), words)
    except FolderNotOurs as taken:
        print(words("not-ours", folder=near(str(taken))))
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
