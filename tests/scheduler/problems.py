"""Small problems for tests: builders that hide what a test is not about, and random ones."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from hypothesis import strategies as st

from scheduler.cadre import Cadre
from scheduler.check import check
from scheduler.engine import Run
from scheduler.engines.greedy import Greedy
from scheduler.household import Household
from scheduler.locked import LockedVisit
from scheduler.metrics import Metrics
from scheduler.plan import Plan, PlannedVisit
from scheduler.problem import Problem
from scheduler.travel import LineTravel, MatrixTravel
from scheduler.village import Village

MONDAY = date(2027, 3, 1)
DAY = (510.0, 1080.0)
MORNING = (510.0, 720.0)
AFTERNOON = (840.0, 1080.0)
WINDOWS = (((510.0, 690.0), (870.0, 1050.0)), ((510.0, 690.0),), ((870.0, 1050.0),))


def workdays(count: int, first: date = MONDAY) -> tuple[date, ...]:
    days = (first + timedelta(days=n) for n in range(count * 7 // 5 + 3))
    return tuple(d for d in days if d.weekday() < 5)[:count]


def a_household(n: int = 0, **facts: Any) -> Household:
    return Household(
        **{
            "id": f"h{n}",
            "village": "v0",
            "point": (117.0 + 0.004 * (n % 7), 30.55 + 0.003 * (n // 7)),
            "min_gap_days": 7,
            "windows": (DAY,),
        }
        | facts
    )


def a_cadre(n: int = 0, days: tuple[date, ...] = workdays(10), **facts: Any) -> Cadre:
    return Cadre(
        **{
            "id": f"c{n}",
            "unit": "u0",
            "base": (117.01, 30.55),
            "shifts": dict.fromkeys(days, DAY),
        }
        | facts
    )


def a_village(n: int = 0, **facts: Any) -> Village:
    return Village(**{"id": f"v{n}", "unit": "u0"} | facts)


def a_problem(*households: Household, **facts: Any) -> Problem:
    """One unit, one village, one cadre, two weeks; whatever is named replaces it."""
    return Problem(
        **{
            "days": workdays(10),
            "units": ("u0",),
            "villages": (a_village(),),
            "cadres": (a_cadre(),),
            "households": households or (a_household(),),
        }
        | facts
    )


def matrix_of(problem: Problem, noise: Any) -> MatrixTravel:
    """An asymmetric matrix: the line's minutes, each leg longer by some share."""
    line = LineTravel()
    places = [(c.node, c.base) for c in problem.cadres]
    places += [(h.node, h.point) for h in problem.households]
    minutes = line.block(places, places)
    return MatrixTravel(
        nodes=tuple(name for name, _ in places),
        matrix=np.round(minutes * (1 + 0.2 * noise.random(minutes.shape)), 2),
    )


@st.composite
def problems(draw: st.DrawFn, *, most_households: int = 14) -> Problem:
    """Problems of every kind the contract knows, small enough for any engine."""
    random = draw(st.randoms(use_true_random=False))
    days = workdays(draw(st.integers(5, 15)))
    units = tuple(f"u{n}" for n in range(draw(st.integers(1, 2))))
    villages = tuple(
        Village(
            id=f"v{n}",
            unit=random.choice(units),
            blackout_days=frozenset(random.sample(days, random.randint(0, 2))),
            max_teams_per_day=random.choice([0, 1, 1, 2]),
            max_visits_per_week=random.choice([1, 3, 6]),
            min_gap_days=random.choice([0, 1, 3]),
        )
        for n in range(draw(st.integers(1, 4)))
    )
    cadres = tuple(
        Cadre(
            id=f"c{n}",
            unit=random.choice(units),
            base=(117.0, 30.5 + 0.01 * n),
            shifts={
                d: random.choice([DAY, DAY, MORNING, AFTERNOON])
                for d in days
                if random.random() < 0.6
            },
            max_visits_per_day=random.choice([1, 2, 6]),
            quota=random.choice([0, 1, 4]),
        )
        for n in range(draw(st.integers(1, 4)))
    )
    households = tuple(
        Household(
            id=f"h{n}",
            village=random.choice(villages).id,
            point=(117.0 + random.uniform(0, 0.1), 30.5 + random.uniform(0, 0.1)),
            visits_due=random.choice([0, 1, 1, 1, 2, 3]),
            min_gap_days=random.choice([0, 1, 4, 7]),
            service_min=random.choice([20.0, 45.0, 90.0]),
            windows=random.choice(WINDOWS),
            cadre=random.choice(cadres).id if random.random() < 0.2 else None,
            last_visit=MONDAY - timedelta(days=random.randint(1, 9))
            if random.random() < 0.2
            else None,
            not_before=random.choice(days) if random.random() < 0.1 else None,
            not_after=random.choice(days) if random.random() < 0.1 else None,
            priority=random.choice([1.0, 2.0, 0.5]),
        )
        for n in range(draw(st.integers(1, most_households)))
    )
    problem = Problem(
        days=days,
        units=units,
        villages=villages,
        cadres=cadres,
        households=households,
        district_max_teams_per_day=random.choice([None, 1, 3]),
    )
    if draw(st.booleans()):
        noise = np.random.default_rng(random.randrange(1000))
        problem = replace(problem, travel=matrix_of(problem, noise))
    return with_locks(problem, random) if draw(st.booleans()) else problem


def with_locks(problem: Problem, random: Any) -> Problem:
    """Lock some visits of a valid plan, a little later than they could start."""
    visits = Greedy().propose(problem, Run()).visits
    if not visits:
        return problem
    chosen = random.sample(visits, min(2, len(visits)))
    locked = tuple(
        LockedVisit(household=x.household, cadre=x.cadre, date=x.date, start=x.start)
        for x in chosen
    )
    return replace(problem, locked=locked)


def broken_rules(problem: Problem, plan: Plan) -> list[str]:
    """What the judge finds broken, as sentences."""
    return [f"{b.rule}: {b.detail}" for b in check(problem, plan).broken]


def broken_visits(problem: Problem, visits: Iterable[PlannedVisit]) -> list[str]:
    """What the judge finds broken in some visits; what a plan says of itself is left out."""
    plan = Plan(visits=tuple(visits), unplanned=(), metrics=Metrics())
    told = ("9-reason", "metrics", "bound")
    return [f"{b.rule}: {b.detail}" for b in check(problem, plan).broken if b.rule not in told]
