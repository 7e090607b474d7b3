"""
Look into a missing visit: which rules forbid it, is there a place after all, what would help?

``explain`` gives every missing visit its reasons at once; this takes seconds for one household,
and answers with proofs and with changes that were carried out.
"""

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from scheduler.engine import Visits
from scheduler.explaining.bottleneck import Bottleneck, Bottlenecks
from scheduler.explaining.conflicts import Conflict, find_conflict
from scheduler.explaining.placing import find_place
from scheduler.explaining.relax import Relaxation, find_relaxations
from scheduler.problem import Problem
from scheduler.sentences import said

PROOF_SHARE = 0.55
"""Of the time, for the conflict; changes have what is left."""

PLACE_SHARE = 0.15
"""Of the time, for a place as things are, if no conflict was proven."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """
    What was found about one household that lacks visits.

    Parameters
    ----------
    household, missing
        Whose visits, and how many.
    bottleneck
        What counting alone shows about its village or its cadres, if it does.
    conflict
        Rules that forbid them, or None when nothing was proven.
    place
        A plan with all visits of the household as things are, if the search overlooked one.
    relaxations
        Changes that were carried out and work, the smallest first.
    """

    household: str
    missing: int
    bottleneck: Bottleneck | None
    conflict: Conflict | None
    place: Visits | None = field(repr=False)
    relaxations: tuple[Relaxation, ...]

    @property
    def sentence(self) -> str:
        """The finding in English."""
        counted = f"{self.bottleneck.reason.detail} " if self.bottleneck is not None else ""
        return counted + self._found

    @property
    def _found(self) -> str:
        if self.conflict is not None:
            return self.conflict.sentence
        if self.place is not None:
            return (
                f"Nothing forbids them: the plan has a place for household {self.household} that "
                "the search overlooked. Solve again with more time."
            )
        if self.bottleneck is not None:
            return "Which rules forbid the visits of this household was not found in time."
        return said(
            "Nothing was proven: the search did not place {missing:visit|visits} of household "
            "{household} in the time given.",
            {"missing": self.missing, "household": self.household},
        )

    def to_json(self) -> dict[str, Any]:
        """Write the finding: plain dicts, lists, texts and numbers."""
        return {
            "household": self.household,
            "missing": self.missing,
            "sentence": self.sentence,
            "bottleneck": self.bottleneck.reason.to_json() if self.bottleneck else None,
            "conflict": self.conflict.to_json() if self.conflict else None,
            "has_place": self.place is not None,
            "relaxations": [x.to_json() for x in self.relaxations],
        }


def look_into(
    problem: Problem, visits: Visits, household: str, *, time_limit_s: float = 4.5
) -> Look:
    """
    Find out what keeps the missing visits of a household out of a plan, and what would help.

    Parameters
    ----------
    problem
        What was asked.
    visits
        A valid plan.
    household
        One that lacks visits.
    time_limit_s
        Wall-clock seconds, about.
    """
    began = time.monotonic()
    had = Counter(x.household for x in visits)[household]
    conflict = find_conflict(problem, visits, household, time_limit_s=PROOF_SHARE * time_limit_s)
    place = None
    if conflict is None:
        place = find_place(problem, visits, household, time_limit_s=PLACE_SHARE * time_limit_s)
    relaxations: tuple[Relaxation, ...] = ()
    if place is None:
        left = max(0.0, time_limit_s - (time.monotonic() - began))
        relaxations = find_relaxations(problem, visits, household, conflict, time_limit_s=left)
    return Look(
        household=household,
        missing=problem.household(household).visits_due - had,
        bottleneck=Bottlenecks(problem).of(household),
        conflict=conflict,
        place=place,
        relaxations=relaxations,
    )
