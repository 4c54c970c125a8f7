"""The log: JSON lines in the archive, human lines on request.

English always. No known secret and no control character reaches either.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, MutableMapping
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, TextIO

from archiver.scrub import Scrubber
from archiver.terminal import printable


class Log:
    """One program's log; `write` is a structlog logger.

    Args:
        directory: Where ``jejak-YYYY-MM-DD.jsonl`` is appended; ``None`` logs
            to no file, for commands without an archive.
        human: Where readable lines go; ``None`` for nowhere.
    """

    def __init__(self, directory: Path | None, scrubber: Scrubber, human: TextIO | None = None):
        self.directory = directory
        self.scrubber = scrubber
        self._human = human

    @cached_property
    def write(self) -> Any:
        """The logger; made when something is logged, as most commands log nothing."""
        import structlog  # slow to import: it brings a terminal's tracebacks

        return structlog.wrap_logger(
            self,
            processors=[
                structlog.processors.add_log_level,
                structlog.processors.format_exc_info,
                self._scrubbed,
                self._render,
            ],
            wrapper_class=structlog.BoundLogger,
            cache_logger_on_first_use=True,
        )

    def msg(self, line: str) -> None:
        """Append one rendered line (the end of structlog's chain).

        A log that cannot be written (full disk, read-only folder) must not
        end the work it tells of; the command's own messages still come.
        """
        if self.directory is None:
            return
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            name = datetime.now(UTC).strftime("jejak-%Y-%m-%d.jsonl")
            with (self.directory / name).open("a", encoding="ascii") as out:
                out.write(line + "\n")
        except OSError:
            return

    debug = info = warning = error = critical = exception = msg

    def _scrubbed(
        self, logger: object, method: str, event: MutableMapping[str, Any]
    ) -> Mapping[str, object]:
        return {key: self.scrubber.value(value) for key, value in event.items()}

    def _render(self, logger: object, method: str, event: MutableMapping[str, Any]) -> str:
        if self._human is not None:
            facts = " ".join(
                f"{key}={value}"
                for key, value in event.items()
                if key not in ("event", "level", "exception")
            )
            line = printable(f"{event.get('level', method)}: {event.get('event', '')} {facts}")
            print(line.rstrip(), file=self._human)
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        # ASCII only: every control and direction character is then escaped.
        return json.dumps({"at": at, **event}, ensure_ascii=True)


def open_log(archive: Path | None, *, verbose: bool = False) -> Log:
    """The log of an archive; without an archive folder it goes to no file."""
    directory = archive / "logs" if archive is not None and archive.is_dir() else None
    return Log(directory, Scrubber(), sys.stderr if verbose else None)
