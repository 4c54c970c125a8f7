"""``python -m demo.later SECONDS …``: the unmodified `jejak`, at another time.

The demo's nights are days apart, and nobody waits for them. In the demo's own
process `demo.nights` moves the clock of the pretend platforms; this starts the
program with its clock moved by as much.
"""

from __future__ import annotations

import runpy
import sys
import time


def main() -> None:
    """Run `jejak` with the arguments after the first, which is the distance in seconds."""
    # Without this time-machine would bring all of pytest into every command.
    sys.modules.setdefault("pytest", None)  # type: ignore[arg-type]
    from time_machine import travel

    moment = time.time() + float(sys.argv[1])
    sys.argv = ["jejak", *sys.argv[2:]]
    with travel(moment, tick=True):
        runpy.run_module("archiver.cli.main", run_name="__main__")


if __name__ == "__main__":
    main()
