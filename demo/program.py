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

from demo.nights import distance_s

REPOSITORY = Path(__file__).parent.parent


def near(path: Path | str) -> str:
    """A path as one types it here: relative when it lies in the present folder."""
    try:
        return Path(path).relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)


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
        print(f"\n$ jejak {' '.join(map(near, arguments))}", flush=True)
        done = subprocess.run(self._command(arguments), env=self._environment(), check=False)
        return self._checked(arguments, done.returncode, accept)

    def told(self, *arguments: str, accept: tuple[int, ...] = (0,)) -> str:
        """Run a command, show what it says, and give it back.

        Raises:
            CommandFailed: The code is not one of ``accept``.
        """
        text, code = self.heard(*arguments)
        self._checked(arguments, code, accept)
        return text

    def heard(self, *arguments: str) -> tuple[str, int]:
        """Run a command, show what it says while it says it, and give it back with its code."""
        print(f"\n$ jejak {' '.join(map(near, arguments))}", flush=True)
        said = []
        with subprocess.Popen(
            self._command(arguments),
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        ) as running:
            assert running.stdout is not None
            for line in running.stdout:
                print(line, end="", flush=True)
                said.append(line)
        return "".join(said), running.returncode

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
        program = [near(installed)]
        if not installed.exists():
            program = [near(sys.executable), "-m", "archiver.cli.main"]
        return f"{shlex.join([*program, '--config', near(self.config)])} {arguments}"

    def _checked(self, arguments: tuple[str, ...], code: int, accept: tuple[int, ...]) -> int:
        if code not in accept:
            raise CommandFailed(f"jejak {' '.join(map(near, arguments))}", code)
        return code

    def _command(self, arguments: tuple[str, ...]) -> list[str]:
        before = [] if arguments[0] == "init" else ["--config", str(self.config)]
        program = ["archiver.cli.main"]
        if distance := distance_s():
            program = ["demo.later", f"{distance:.3f}"]
        return [sys.executable, "-m", *program, *map(near, [*before, *arguments])]

    def _environment(self) -> dict[str, str]:
        # The program must be found whatever folder the demo was started in.
        path = os.pathsep.join(
            part for part in (str(REPOSITORY), os.environ.get("PYTHONPATH")) if part
        )
        return {**os.environ, "PYTHONPATH": path, "JEJAK_LANGUAGE": self.language}
