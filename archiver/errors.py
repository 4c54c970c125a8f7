"""What stops a command, and which exit code it gives.

::

    JejakError
    ├── UsageProblem        2  the command line or the configuration asks for what cannot be done
    │   └── ConfigProblem   2  config.toml, with every mistake in it
    ├── StorageProblem      4  the archive cannot take more: nothing acknowledged is lost
    │   ├── WriterBusy      2  another program is writing into this archive
    │   └── SpaceLow        4  the reserve of free space is reached
    └── NotCaptured         4  an account could not be reached

A full disk is code 4, not 1: it is no bug, and what a person must know is that
accounts were not captured.

An error carries its English sentence and the values in it, so that logs stay
English while people read their own language (`said`).
"""

from __future__ import annotations

from archiver.i18n import translate

OK = 0
BUG = 1
USAGE = 2
FINDINGS = 3
NOT_CAPTURED = 4


class JejakError(Exception):
    """Something a person can act on.

    Args:
        msgid: An English sentence, a key of the message catalogues, with
            ``{name}`` fields.
        hint: What to do next; also a key of the catalogues.
        values: What goes into the fields of both.
    """

    exit_code = USAGE

    def __init__(self, msgid: str, *, hint: str = "", **values: object) -> None:
        self.msgid = msgid
        self.hint_id = hint
        self.values = values
        super().__init__(msgid.format(**values))

    def said(self) -> str:
        """The sentence in the language spoken now."""
        return translate(self.msgid).format(**self.values)

    def hint(self) -> str:
        """What to do next, in the language spoken now; may be empty."""
        return translate(self.hint_id).format(**self.values) if self.hint_id else ""


class UsageProblem(JejakError):
    """The command line asks for what cannot be done."""


class ConfigProblem(UsageProblem):
    """The configuration cannot be used; the sentence holds one line a mistake."""


class StorageProblem(JejakError):
    """The archive cannot take more; what was acknowledged is kept."""

    exit_code = NOT_CAPTURED


class WriterBusy(StorageProblem):
    """Another program is writing into this archive."""

    exit_code = USAGE


class SpaceLow(StorageProblem):
    """The reserve of free space is reached."""


class NotCaptured(JejakError):
    """An account could not be reached, so nothing of it was done."""

    exit_code = NOT_CAPTURED
