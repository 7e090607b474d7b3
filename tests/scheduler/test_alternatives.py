"""Other places of a visit break no rule and cost what they say; cells agree with the judge."""

import random
from datetime import date

import pytest

from scheduler.engine import Run
from scheduler.engines.greedy import Greedy
from scheduler.explaining.alternatives import Alternative, Cell, alternatives, ask_cell
from scheduler.explaining.one_day import timed_day
from scheduler.locked import LockedVisit
from scheduler.plan import PlannedVisit
from scheduler.problem import Problem
from scheduler.roster import Roster
from scheduler.score import score
from tests.scheduler.brute import tiny_problem
from tests.scheduler.problems import a_cadre, a_household, a_problem, broken_visits, workdays

DAYS = workdays(10)


def planned(problem: Problem) -> Roster:
    """The problem with a simple plan in place."""
    return Roster(problem, Greedy().propose(problem, Run()).visits)


def carried_out(
    problem: Problem, visits: list[PlannedVisit], household: str, cell: Cell, to: Alternative
) -> list[PlannedVisit]:
    """The visits with one of them moved, or added; the day is ordered anew."""
    kept = [x for x in visits if (x.household, x.date) != (household, cell.moved_from)]
    stops = [x.household for x in kept if (x.cadre, x.date) == (to.cadre, to.date)]
    homes = [problem.household(key) for key in (*stops, household)]
    made = timed_day(problem, problem.cadre(to.cadre), to.date, homes)
    assert made is not None
    return [*(x for x in kept if (x.cadre, x.date) != (to.cadre, to.date)), *made]


def forced(
    problem: Problem, visits: list[PlannedVisit], household: str, cell: Cell, cadre: str, day: date
) -> list[PlannedVisit]:
    """The visits with one more, in the best order of its day if there is one, else at its end."""
    to = Alternative(cadre=cadre, date=day, price=0.0, extra_min=0.0)
    h, c = problem.household(household), problem.cadre(cadre)
    if day in c.shifts:
        stops = [x.household for x in visits if (x.cadre, x.date) == (cadre, day)]
        if timed_day(problem, c, day, [problem.household(k) for k in (*stops, household)]):
            return carried_out(problem, visits, household, cell, to)
    kept = [x for x in visits if (x.household, x.date) != (household, cell.moved_from)]
    start = h.windows[0][0]
    end = start + h.service_min
    late = PlannedVisit(household=household, cadre=cadre, date=day, start=start, end=end, order=99)
    return [*kept, late]


def test_three_alternatives_are_the_cheapest_of_all() -> None:
    problem = a_problem(*(a_household(n) for n in range(4)), cadres=(a_cadre(), a_cadre(1)))
    roster = planned(problem)
    day = roster.dates["h0"][0]

    few, all_ = alternatives(roster, "h0", day), alternatives(roster, "h0", day, most=99)

    assert few == all_[:3]
    assert len(all_) == 18  # two cadres on ten days; one team a day, and that one stands
    assert [x.price for x in all_] == sorted(x.price for x in all_)


def test_a_locked_visit_has_no_alternatives() -> None:
    lock = LockedVisit(household="h0", cadre="c0", date=DAYS[2], start=600.0)
    roster = Roster(a_problem(locked=(lock,)))

    assert alternatives(roster, "h0", DAYS[2]) == ()


def test_a_visit_that_does_not_stand_there_is_refused() -> None:
    with pytest.raises(KeyError):
        alternatives(planned(a_problem()), "h0", DAYS[9])


def test_asking_leaves_the_plan_as_it_was() -> None:
    roster = planned(a_problem(*(a_household(n) for n in range(5))))
    before = list(roster.visits())

    for household in ("h0", "h4"):
        alternatives(roster, household, roster.dates[household][0])
        ask_cell(roster, household, "c0", DAYS[7])

    assert list(roster.visits()) == before


def agrees_with_the_judge(seed: int, cells: int) -> int:
    """Ask random cells of one problem and carry the answers out; how many were asked."""
    problem, r = tiny_problem(seed), random.Random(seed)
    roster = planned(problem)
    visits = list(roster.visits())
    before, asked = score(problem, visits), 0
    for _ in range(cells):
        h, c = r.choice(problem.households), r.choice(problem.cadres)
        day = r.choice(problem.days)
        cell = ask_cell(roster, h.id, c.id, day)
        if day in roster.dates.get(h.id, ()) and cell.moved_from != day:
            assert cell.reasons
            continue
        asked += 1
        if cell.alternative is None:
            new = forced(problem, visits, h.id, cell, c.id, day)
            assert broken_visits(problem, new), (seed, h.id, c.id, day, cell.reasons)
        else:
            new = carried_out(problem, visits, h.id, cell, cell.alternative)
            assert broken_visits(problem, new) == [], (seed, h.id, c.id, day)
            after = score(problem, new)
            # The day may be driven in another order here than the answer reckons with.
            way = after.travel_min - before.travel_min - cell.alternative.extra_min
            rise = after.J - before.J - problem.weights.travel * way
            assert rise == pytest.approx(cell.alternative.price, abs=1e-6)
    return asked


def test_random_cells_agree_with_the_judge_and_prices_with_the_objective() -> None:
    assert sum(agrees_with_the_judge(seed, 5) for seed in range(80)) > 300
