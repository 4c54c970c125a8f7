"""Rows of the data: one answer to somebody is one case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from benchmarks.fault_matrix.answers import ANSWERS, Aim, Maker, aimed
from benchmarks.fault_matrix.case import Case, Meets, Plan, Visitor, together


@dataclass(frozen=True, slots=True)
class Rows:
    """Makes the cases of one platform."""

    platform: str

    def one(
        self,
        name: str,
        meets: Meets,
        plan: Plan,
        *sources: str,
        visitor: Visitor = Visitor.SESSION,
    ) -> Case:
        """One case.

        Args:
            sources: Each may hold several, parted by commas.
        """
        known = tuple(one for text in sources for one in text.split(", "))
        return Case(self.platform, name, meets, plan, known, visitor)

    def each(
        self,
        meets: Meets,
        aim: Aim,
        named: Mapping[str, str],
        *also: Plan,
        of: Mapping[str, Maker] = ANSWERS,
        prefix: str = "",
        visitor: Visitor = Visitor.SESSION,
    ) -> Iterator[Case]:
        """One case for each answer.

        Args:
            named: Name of the answer, and sources parted by commas.
            also: What happens in the same night.
            prefix: Before each name; whom it meets if empty.
        """
        for name, sources in named.items():
            plan = together(*also, aimed(of[name], aim))
            word = prefix or meets.name.lower().replace("_", "-")
            yield self.one(f"{word}-{name}", meets, plan, sources, visitor=visitor)
