"""What a run did, and the exit code that says so."""

from __future__ import annotations

from dataclasses import dataclass

from archiver.completeness import UNDER_WAY, Outcome
from archiver.errors import BUG, FINDINGS, NOT_CAPTURED, OK
from archiver.orders import CaptureResult
from archiver.startup import StartupReport


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run did.

    Attributes:
        stopped: ``interrupted``, ``space_low`` or ``storage_failed`` when it
            did not get through all accounts, else ``None``.
        detail: About `stopped`, one English sentence.
        missed: Accounts that it did not come to.
        mute: Canaries that did not show what they should, with what was wrong.
    """

    run: str
    started: StartupReport
    captures: tuple[CaptureResult, ...]
    stopped: str | None
    detail: str
    missed: tuple[str, ...]
    mute: tuple[tuple[str, str], ...] = ()

    @property
    def exit_code(self) -> int:
        """0 all complete, or a harvest under way as planned · 1 a bug · 3 something
        partial, or a canary failed · 4 an account not captured."""
        if any(capture.reason == "bug" for capture in self.captures):
            return BUG
        failed = any(capture.outcome is Outcome.FAILED for capture in self.captures)
        if failed or self.missed or self.stopped:
            return NOT_CAPTURED
        partial = any(
            capture.outcome is Outcome.PARTIAL and capture.reason != UNDER_WAY
            for capture in self.captures
        )
        return FINDINGS if partial or self.mute else OK
