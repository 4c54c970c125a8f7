"""One cell of the matrix: one fault in one pattern of nights."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from archiver.run_report import RunReport
from benchmarks.fault_matrix.archive import Archive, capture, found
from benchmarks.fault_matrix.case import Case, Planned, Visitor
from benchmarks.fault_matrix.patterns import Pattern
from benchmarks.fault_matrix.scene import FIRST_NIGHT, NIGHT_TO_NIGHT, Scene, Stage

"""More than a cycle, and less than a story lasts."""


@dataclass(frozen=True, slots=True)
class Night:
    """What one night brought.

    Attributes:
        faulty: Whether the fault was there.
        withdrawn: What the catalogue says of the post that is truly gone.
        others: What it says of the others, if not that they are there.
    """

    faulty: bool
    outcome: str
    reason: str | None
    withdrawn: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """What a run came to.

    Attributes:
        false: Living posts that were called deleted on some night.
        confirmed: The true withdrawal stood in the catalogue at the end.
        unmet: Kinds of planned faults that met no request.
        broken: What kept the run from ending, or empty.
    """

    case: str
    pattern: str
    false: tuple[str, ...] = ()
    confirmed: bool = False
    unmet: tuple[str, ...] = ()
    nights: tuple[Night, ...] = ()
    seconds: float = 0.0
    broken: str = ""

    @property
    def word(self) -> str:
        """The cell in the table."""
        if self.broken:
            return "BROKEN"
        if self.false:
            return "FALSE"
        if self.unmet:
            return "unmet"
        return "ok" if self.confirmed else "late"


@dataclass(slots=True)
class Runner:
    """Plays cells on one stage.

    Attributes:
        folder: Where archives are made; each run has its own.
    """

    stage: Stage
    folder: Path
    _templates: dict[tuple[str, Visitor], Archive] = field(default_factory=dict)
    _serial: int = 0

    def play(self, case: Case, pattern: Pattern) -> Cell:
        """Run one cell."""
        begun = time.perf_counter()
        template = self._template(case)
        scene = self.stage.play(case.platform)
        self._serial += 1
        archive = template.copy(self.folder / f"archive-{self._serial}")
        cell = _play(archive, scene, case, pattern)
        return Cell(*cell, seconds=time.perf_counter() - begun)

    def _template(self, case: Case) -> Archive:
        """The archive after a night without fault."""
        key = (case.platform, case.visitor)
        if key not in self._templates:
            scene = self.stage.play(case.platform)
            folder = self.folder / f"template-{case.platform}-{case.visitor}"
            archive = found(folder, scene, case.visitor)
            report = capture(archive, scene)
            if report.exit_code != 0:
                raise RuntimeError(f"the night without fault failed: {_told(report)}")
            self._templates[key] = archive
        return self._templates[key]


def _play(
    archive: Archive, scene: Scene, case: Case, pattern: Pattern
) -> tuple[str, str, tuple[str, ...], bool, tuple[str, ...], tuple[Night, ...]]:
    faults = scene.platforms.faults
    withdrawn = f"{scene.platform}:{scene.withdrawn.code}"
    met: Counter[str] = Counter()
    false: dict[str, None] = {}
    nights: list[Night] = []
    scene.world.delete(scene.account, scene.withdrawn.code)
    for number, faulty in enumerate(pattern.nights, 1):
        scene.night = FIRST_NIGHT + number * NIGHT_TO_NIGHT
        planned = case.plan(scene) if faulty else Planned()
        for fault in (*planned.faults, *planned.beside):
            faults.add(fault)
        try:
            report = capture(archive, scene)
        finally:
            planned.undo()
            faults.clear()
        met.update({fault.kind: faults.fired(fault) for fault in planned.faults})
        states = archive.states()
        false |= dict.fromkeys(p for p in scene.living if states.get(p) in ("deleted", "returned"))
        nights.append(_night(faulty, report, states, withdrawn))
    unmet = tuple(kind for kind, count in met.items() if count == 0)
    confirmed = nights[-1].withdrawn == "deleted"
    return case.key, pattern.name, tuple(false), confirmed, unmet, tuple(nights)


def _night(faulty: bool, report: RunReport, states: Mapping[str, str], withdrawn: str) -> Night:
    result = report.captures[0] if report.captures else None
    return Night(
        faulty,
        result.outcome.value if result else "none",
        result.reason if result else report.stopped,
        states.get(withdrawn, "unknown"),
        tuple(f"{p}={s}" for p, s in states.items() if p != withdrawn and s != "present"),
    )


def _told(report: RunReport) -> str:
    return "; ".join(f"{one.outcome.value} {one.reason} {one.detail}" for one in report.captures)
