"""Several changes that together make room for visits, and the plan that shows it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from scheduler.engine import Visits
from scheduler.explaining.changes import Change
from scheduler.problem import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """
    Changes that together make room.

    Parameters
    ----------
    changes
        In the order in which they are made; none where the visits have a place as things are.
    placed
        Missing visits that get a place.
    moved
        Planned visits of others that change their day or cadre.
    visits
        A plan of the changed problem; nobody loses a visit.
    """

    changes: tuple[Change, ...]
    placed: int
    moved: int
    visits: Visits = field(repr=False)

    @property
    def size(self) -> float:
        """How much is changed; only for ranking."""
        return sum(x.size for x in self.changes)

    @property
    def made(self) -> frozenset[str]:
        """The changes by what they say, in whatever order and however they were found."""
        return frozenset(x.sentence for x in self.changes)

    def apply(self, problem: Problem) -> Problem:
        """Make all changes."""
        return changed(problem, self.changes)

    def to_json(self) -> dict[str, Any]:
        """Write the package: plain dicts, lists, texts and numbers."""
        return {
            "changes": [
                {"kind": x.kind, "facts": dict(x.facts), "detail": x.sentence} for x in self.changes
            ],
            "size": round(self.size, 3),
            "placed": self.placed,
            "moved": self.moved,
        }


def changed(problem: Problem, made: Sequence[Change]) -> Problem:
    """Make changes one after another."""
    return reduce(lambda p, change: change.apply(p), made, problem)
