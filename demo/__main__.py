"""``python -m demo``: watch two nights of an archive."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import cast

from demo.story import tell_story
from demo.words import Language, Words


def main() -> int:
    """Read the command line and run the demo."""
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument("--language", choices=("id", "en"), default="id")
    parser.add_argument("--folder", type=Path, default=Path("demo-archive"))
    arguments = parser.parse_args()
    words = Words(cast(Language, arguments.language))
    try:
        return tell_story(arguments.folder.absolute(), words)
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
