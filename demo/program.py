"""The real `jejak` program, run as people run it."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parent.parent


class CommandFailed(Exception):
    """The program ended with a code that was not expected."""

    def __init__(self, command: str, code: int) -> None:
        super().__init__(f"{command} ended with {code}")
        self.command = command
        self.code = code


@dataclass(frozen=True, slots=True)
class Program:
    """The program with one configuration file.

    Attributes:
        language: Of the commands that run before a configuration exists.
    """

    config: Path
    language: str

    def run(self, *arguments: str, accept: tuple[int, ...] = (0,)) -> int:
        """Run a command; what it says goes to the terminal.

        Returns:
            Its exit code.

        Raises:
            CommandFailed: The code is not one of ``accept``.
        """
        print(f"\n$ jejak {' '.join(arguments)}", flush=True)
        done = subprocess.run(self._command(arguments), env=self._environment(), check=False)
        return self._checked(arguments, done.returncode, accept)

    def rows(self, *arguments: str) -> list[dict[str, Any]]:
        """Run a command with ``--json`` and read its rows."""
        command = (*arguments, "--json")
        done = subprocess.run(
            self._command(command),
            env=self._environment(),
            stdout=subprocess.PIPE,
            encoding="utf-8",
            check=False,
        )
        self._checked(command, done.returncode, (0,))
        return [json.loads(line) for line in done.stdout.split("\n") if line.strip()]

    def spoken(self, arguments: str) -> str:
        """A command as a person can type it after the demo."""
        installed = Path(sys.executable).with_name("jejak")
        program = [sys.executable, "-m", "archiver.cli.main"]
        start = shlex.join([str(installed)] if installed.exists() else program)
        return f"{start} --config {shlex.quote(str(self.config))} {arguments}"

    def _checked(self, arguments: tuple[str, ...], code: int, accept: tuple[int, ...]) -> int:
        if code not in accept:
            raise CommandFailed(f"jejak {' '.join(arguments)}", code)
        return code

    def _command(self, arguments: tuple[str, ...]) -> list[str]:
        before = [] if arguments[0] == "init" else ["--config", str(self.config)]
        return [sys.executable, "-m", "archiver.cli.main", *before, *arguments]

    def _environment(self) -> dict[str, str]:
        # The program must be found whatever folder the demo was started in.
        path = os.pathsep.join(
            part for part in (str(REPOSITORY), os.environ.get("PYTHONPATH")) if part
        )
        return {**os.environ, "PYTHONPATH": path, "JEJAK_LANGUAGE": self.language}
