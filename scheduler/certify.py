"""
What nobody could place: a proof, village by village.

A village is taken alone with every cadre who may come to it; everything else in the district
is left out, so whatever is impossible here is impossible in every plan. OR-Tools proves how
much priority-weighted visiting the village's days, teams, weeks, gaps and the cadres' shifts
can hold at most. Villages share no household, so the certificates add up. What counting alone
tells (``scheduler.explaining.bottleneck``) is asked first: it takes no effort.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scheduler.calendar import iso_week
from scheduler.certified_model import least_missing
from scheduler.engine import Run
from scheduler.explaining.bottleneck import Bottleneck, Bottlenecks
from scheduler.household import Household
from scheduler.legs import LeastLegs
from scheduler.plan import PlannedVisit
from scheduler.problem import Problem
from scheduler.village import Village

EFFORT = 2.0
"""Most deterministic time of one proof, about seconds: the same plan has the same proof."""

UNIT_EFFORT = 1.0
"""The same for all villages of a unit together."""


def unavoidable_missing(
    problem: Problem, visits: Iterable[PlannedVisit], run: Run
) -> Mapping[str, float]:
    """
    Certify the villages that lack visits in a plan.

    Parameters
    ----------
    problem
        What was asked.
    visits
        The plan; only villages with missing visits are looked at.
    run
        Its remaining time is the limit.

    Returns
    -------
    Mapping
        By village: missing visits times priority that every plan has at least.
    """
    return Certifier(problem).prove(lacking(problem, visits), run)


@dataclass(frozen=True, slots=True)
class _Proof:
    """Weight that a village lacks in every plan, and whether all was tried to prove more."""

    weight: float
    is_last: bool


class Certifier:
    """
    Proofs village by village, each made once.

    Parameters
    ----------
    problem
        What was asked.
    effort
        Most deterministic time of all proofs together, about seconds.
    """

    def __init__(self, problem: Problem, effort: float = float("inf")) -> None:
        self._problem = problem
        self._effort = effort
        self._legs = LeastLegs(problem)
        self._bottlenecks = Bottlenecks(problem)
        self._at_home: dict[str, list[Household]] = defaultdict(list)
        for h in problem.households:
            self._at_home[h.village].append(h)
        self._proofs: dict[str, _Proof] = {}

    def prove(self, lacks: Mapping[str, float], run: Run) -> Mapping[str, float]:
        """
        Prove what villages lack in every plan, the small ones first: they take least effort.

        Parameters
        ----------
        lacks
            By village, missing visits times priority of a plan: no more is to be proved.
        run
            Its remaining time is the limit.

        Returns
        -------
        Mapping
            By village, missing visits times priority of every plan; only those above 0.
        """
        waiting = self.open(lacks)
        for n, village_id in enumerate(waiting):
            if run.is_over() or self._effort <= 0:
                break
            seconds = run.seconds_left * min(1.0, 2.0 / (len(waiting) - n))
            self._prove(village_id, lacks[village_id], max(0.05, seconds))
        proven = {village_id: self.weight(village_id) for village_id in lacks}
        return {village_id: weight for village_id, weight in proven.items() if weight > 0}

    def open(self, lacks: Mapping[str, float]) -> list[str]:
        """Villages of which more might be proved than is, those with few households first."""
        return sorted(
            (v for v, lack in lacks.items() if not self._is_settled(v, lack)),
            key=lambda v: (len(self._at_home[v]), v),
        )

    @property
    def proven(self) -> dict[str, float]:
        """By village, what was proved so far; may be asked while proofs go on."""
        return {v: proof.weight for v, proof in self._proofs.copy().items()}

    def weight(self, village_id: str) -> float:
        """Missing visits times priority of one village in every plan, as far as proven."""
        if village_id in self._proofs:
            return self._proofs[village_id].weight
        counted = self._bottlenecks.of_village(village_id)
        return max(
            self._least_weight(counted) if counted else 0.0,
            _beyond_its_weeks(
                self._problem, self._problem.village(village_id), self._at_home[village_id]
            ),
        )

    def prove_unit(self, unit: str, run: Run, lack: float = float("inf")) -> float:
        """
        Missing visits times priority that the villages of a unit together have at least.

        Parameters
        ----------
        unit
            Id.
        run
            Its remaining time is the limit.
        lack
            No more is to be proved.
        """
        counted = self._count_unit(unit)
        if counted >= lack - 1e-6:
            return counted
        homes = [(v, self._at_home[v.id]) for v in self._problem.villages if v.unit == unit]
        limits = (max(0.05, run.seconds_left), max(0.0, min(UNIT_EFFORT, self._effort)))
        proof, spent = least_missing(self._problem, homes, self._legs, limits)
        self._effort -= spent
        return max(counted, proof)

    def _count_unit(self, unit: str) -> float:
        """Count what a unit lacks: its cadres' bottlenecks, and the villages that these spare."""
        weight, touched = 0.0, set()
        for counted in self._bottlenecks.of_unit(unit):
            at = {self._problem.household(key).village for key in counted.households}
            if all(self._problem.village(v).unit == unit for v in at):
                weight += self._least_weight(counted)
                touched |= at
        spared = (v.id for v in self._problem.villages if v.unit == unit and v.id not in touched)
        return weight + sum(self.weight(v) for v in spared)

    def _least_weight(self, counted: Bottleneck) -> float:
        """Weight of so many visits of a bottleneck's households, those of least priority."""
        homes = [self._problem.household(key) for key in counted.households]
        due = sorted(h.priority for h in homes for _ in range(h.visits_due))
        return sum(due[: counted.missing])

    def _is_settled(self, village_id: str, lack: float) -> bool:
        proof = self._proofs.get(village_id)
        return proof is not None and (proof.is_last or proof.weight >= lack - 1e-6)

    def _prove(self, village_id: str, lack: float, seconds: float) -> None:
        """Prove a village by those due more than once, and by all if that is not enough."""
        v, everybody = self._problem.village(village_id), self._at_home[village_id]
        needy = [h for h in everybody if h.visits_due > 1]
        weight, asked = self.weight(village_id), village_id in self._proofs
        if weight >= lack - 1e-6:
            self._proofs[village_id] = _Proof(weight, is_last=False)
            return
        for some in (needy, everybody) if 0 < len(needy) < len(everybody) else (everybody,):
            is_last = some is everybody
            if asked and not is_last:
                continue
            limits = (seconds, max(0.0, min(EFFORT, self._effort)))
            proof, spent = least_missing(self._problem, ((v, some),), self._legs, limits)
            self._effort -= spent
            weight = max(weight, proof)
            self._proofs[village_id] = _Proof(weight, is_last)
            if weight >= lack - 1e-6 or self._effort <= 0:
                return


def lacking(problem: Problem, visits: Iterable[PlannedVisit]) -> Mapping[str, float]:
    """By village: the visits that its households lack in a plan, times priority."""
    planned = Counter(x.household for x in visits)
    lacks: dict[str, float] = defaultdict(float)
    for h in problem.households:
        if planned[h.id] < h.visits_due:
            lacks[h.village] += (h.visits_due - planned[h.id]) * h.priority
    return lacks


def _beyond_its_weeks(problem: Problem, v: Village, households: Sequence[Household]) -> float:
    """Weight of the visits, those of least priority, that its weeks can never hold."""
    weeks = {iso_week(d) for d in problem.days if d not in v.blackout_days}
    due = sorted(h.priority for h in households for _ in range(h.visits_due))
    return sum(due[: max(0, len(due) - v.max_visits_per_week * len(weeks))])
