"""
Watch a running solve: its trace, its progress for whoever asked, and whether it is enough.

Figures of a plan take a moment, so they are made no more often than a small share of the time
allows; the proofs that a criterion asks for are made once for each village.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable

from scheduler.bound import lower_bound
from scheduler.certify import Certifier
from scheduler.engine import Run
from scheduler.explain import still_searching
from scheduler.plan import Bound, Plan, PlannedVisit, Unplanned, in_order
from scheduler.problem import Problem
from scheduler.progress import Progress
from scheduler.result import Moment
from scheduler.score import score
from scheduler.stopping import StoppingCriterion

SHARE, AT_ONCE_S = 0.05, 0.5
"""Figures may take this share of the seconds so far, and so much more."""

PROOF_S = 5.0
"""Most seconds of proofs at one time."""


class Watch:
    """
    How a solve stands, and what has been told of it.

    Parameters
    ----------
    problem
        What is asked.
    run
        Its clock and its effort.
    criterion
        When it is enough.
    on_progress
        Called whenever there is something to tell, or None.
    """

    def __init__(
        self,
        problem: Problem,
        run: Run,
        criterion: StoppingCriterion,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> None:
        self._problem = problem
        self._run = run
        self._criterion = criterion
        self._on_progress = on_progress
        self._plan: Plan | None = None
        self._bound: Bound | None = None
        self._certifier: Certifier | None = None
        self._cost_s = 0.0
        self.trace: list[Moment] = []

    @property
    def seconds(self) -> float:
        """Wall-clock seconds since the start."""
        return self._run.seconds

    @property
    def iterations(self) -> float:
        """Search steps per household so far."""
        return self._run.effort.iterations

    @property
    def stale_seconds(self) -> float:
        """Seconds since the last improvement."""
        return self.seconds - self._run.effort.improved_at_s

    @property
    def stale_iterations(self) -> float:
        """Search steps per household since the last improvement."""
        return self.iterations - self._run.effort.improved_at

    @property
    def objective(self) -> float:
        """J of the best plan so far."""
        return self._plan.metrics.J if self._plan else float("inf")

    @property
    def missing(self) -> int | None:
        """Visits that it lacks."""
        return self._plan.missing_visits if self._plan else None

    @property
    def bound(self) -> float:
        """The bound in closed form, made at the first question."""
        if self._bound is None:
            self._bound = lower_bound(self._problem)
        return self._bound.J

    def is_enough(self) -> bool:
        """Whether the criterion is met."""
        return self._criterion.is_met(self)

    def coverage_is_proven(self) -> bool:
        """Whether what every village lacks is proven; a village is looked at once."""
        if self._plan is None:
            return False
        if self._certifier is None:
            self._certifier = Certifier(self._problem)
        lack = self._lack(self._plan)
        proofs = Run(time_limit_s=PROOF_S, should_stop=lambda: self._run.was_stopped)
        proven = self._certifier.prove(lack, proofs)
        return all(lack[v] <= proven.get(v, 0.0) + 1e-6 for v in lack)

    def improved(self, visits: Iterable[PlannedVisit], phase: str) -> None:
        """Note an improved set of visits, if there is time to look at it."""
        self._run.effort.improve(self.seconds)
        begun = time.monotonic()
        if self._plan is not None and self._cost_s > SHARE * self.seconds + AT_ONCE_S:
            return
        ordered = in_order(visits)
        self._plan = Plan(
            visits=ordered,
            unplanned=_not_yet(self._problem, ordered),
            metrics=score(self._problem, ordered),
            seed=self._run.seed,
            seconds=round(self.seconds, 3),
        )
        self._note(self._plan, phase)
        self._cost_s += time.monotonic() - begun

    def bounded(self, plan: Plan, bound: Bound) -> None:
        """Note a better bound of a finished plan."""
        self._note(plan, "bound", bound)

    def done(self, plan: Plan) -> None:
        """Note the end."""
        self._note(plan, "done", plan.bound)

    def _note(self, plan: Plan, phase: str, bound: Bound | None = None) -> None:
        best = bound.J if bound else None
        self.trace.append(
            Moment(
                seconds=round(self.seconds, 3),
                objective=plan.metrics.J,
                missing=plan.missing_visits,
                bound=best,
            )
        )
        if self._on_progress is not None:
            self._on_progress(
                Progress(
                    seconds=self.seconds,
                    objective=plan.metrics.J,
                    unplanned=plan.missing_visits,
                    bound=best,
                    plan=None if phase == "bound" else plan,
                    phase=phase,
                )
            )

    def _lack(self, plan: Plan) -> dict[str, float]:
        lack: dict[str, float] = defaultdict(float)
        for u in plan.unplanned:
            h = self._problem.household(u.household)
            lack[h.village] += u.missing * h.priority
        return lack


def _not_yet(problem: Problem, visits: Iterable[PlannedVisit]) -> tuple[Unplanned, ...]:
    """What is missing while the search goes on; the reasons come with the final plan."""
    count = dict.fromkeys((h.id for h in problem.households), 0)
    for x in visits:
        count[x.household] += 1
    return tuple(
        Unplanned(household=h.id, missing=h.visits_due - count[h.id], reasons=still_searching(h))
        for h in problem.households
        if count[h.id] < h.visits_due
    )
