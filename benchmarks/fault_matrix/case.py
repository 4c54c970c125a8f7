"""What one row of the matrix says: which fault, whom it meets, and where it is known from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from benchmarks.fault_matrix.scene import Scene
from demo.faults import Fault


class Meets(StrEnum):
    """What a fault meets."""

    LISTING = "listing"
    PAGE = "one page of the listing"
    POST = "the address of one living post, which no listing shows"
    SHOWN_POST = "the address of one new post, which the listing shows"
    POSTS = "the addresses of all posts; one living one is in no listing"
    CONTROL = "the address of the control post"
    CANARY = "the address of the canary"
    PROFILE = "the profile"
    EVERYTHING = "every request to the platform"
    MEDIA = "the media hosts"
    ACCOUNT = "the account itself"
    CLOCK = "a clock"
    LINE = "the line"


class Visitor(StrEnum):
    """Who reads."""

    SESSION = "session"
    STRANGER = "stranger"


def nothing() -> None:
    """Undo nothing."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A fault, planned for one night.

    Attributes:
        faults: What requests meet; every one must meet some in the course of a run.
        beside: What a capture that is careful enough may never ask for.
        undo: Called when the night is over.
    """

    faults: tuple[Fault, ...] = ()
    beside: tuple[Fault, ...] = ()
    undo: Callable[[], None] = nothing


Plan = Callable[[Scene], Planned]
"""Plans a fault for the coming night."""


@dataclass(frozen=True, slots=True)
class Case:
    """One fault.

    Attributes:
        name: Unique on its platform.
        sources: Where it is known from: a section of the wire protocol and a row
            in it (``2.3 items-empty``), or ``8 WORD`` of the deletion rule.
    """

    platform: str
    name: str
    meets: Meets
    plan: Plan
    sources: tuple[str, ...]
    visitor: Visitor = Visitor.SESSION

    @property
    def key(self) -> str:
        """``platform:name``, as it is asked for."""
        return f"{self.platform}:{self.name}"


def together(*plans: Plan) -> Plan:
    """Several troubles in one night."""

    def plan(scene: Scene) -> Planned:
        made = [one(scene) for one in plans]

        def undo() -> None:
            for one in reversed(made):
                one.undo()

        return Planned(
            tuple(fault for one in made for fault in one.faults),
            tuple(fault for one in made for fault in one.beside),
            undo,
        )

    return plan


def beside(plan: Plan) -> Plan:
    """The same trouble, which need not meet anything."""

    def planned(scene: Scene) -> Planned:
        made = plan(scene)
        return Planned((), (*made.faults, *made.beside), made.undo)

    return planned


def unique(cases: Iterable[Case]) -> tuple[Case, ...]:
    """The cases, none named twice.

    Raises:
        ValueError: A name stands there twice.
    """
    found: dict[str, Case] = {}
    for case in cases:
        if case.key in found:
            raise ValueError(f"two faults are named {case.key}")
        found[case.key] = case
    return tuple(found.values())
