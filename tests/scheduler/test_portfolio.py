"""What the portfolio promises: proofs beside the search, bounded like the search itself."""

from itertools import product

from scheduler.certify import Certifier, lacking
from scheduler.engine import Run
from scheduler.engines.portfolio import Beside, Portfolio
from scheduler.engines.search.district import District
from scheduler.plan import PlannedVisit
from scheduler.problem import Problem
from tests.scheduler.problems import a_cadre, a_household, a_problem, a_village, workdays


def a_full_village() -> Problem:
    """Three households, one team on each of two days three days apart, one visit a day."""
    days = workdays(4)
    return a_problem(
        *(a_household(n) for n in range(3)),
        days=days,
        cadres=(a_cadre(days=days, max_visits_per_day=1),),
        villages=(a_village(max_teams_per_day=1, min_gap_days=3),),
    )


def a_short_week() -> Problem:
    """Room for every visit, but one household is due twice, 14 days apart, in one week."""
    return a_problem(a_household(0, visits_due=2), a_household(1), days=workdays(5))


def test_what_nobody_could_place_is_certified_whether_time_or_steps_are_limited() -> None:
    for run in (Run(time_limit_s=2.0), Run(iterations=5.0)):
        proposal = Portfolio().propose(a_full_village(), run)

        assert len(proposal.visits) == 2
        assert proposal.unavoidable == {"v0": 1.0}


def test_without_effort_only_counting_proves() -> None:
    full, short = Certifier(a_full_village(), effort=0.0), a_short_week()

    assert full.prove({"v0": 1.0}, Run()) == {"v0": 1.0}
    assert Certifier(short, effort=0.0).prove({"v0": 1.0}, Run()) == {}
    assert Certifier(short, effort=1.0).prove({"v0": 1.0}, Run()) == {"v0": 1.0}


def test_a_village_is_proved_once() -> None:
    certifier = Certifier(a_short_week(), effort=1.0)
    certifier.prove({"v0": 1.0}, Run())

    assert certifier.prove({"v0": 1.0}, Run(time_limit_s=0.0)) == {"v0": 1.0}


def test_proofs_begin_after_the_first_part_of_a_search_by_the_clock() -> None:
    problem = a_short_week()
    timed, counted = Run(time_limit_s=60.0), Run(iterations=1.0)
    proven = {}
    for run, progress in product((timed, counted), (0.2, 0.9)):
        certifier = Certifier(problem)
        with Beside(certifier, run) as beside:
            beside.look(progress, {"v0": 1.0})
            beside._thread.shutdown(wait=True)
        proven[run, progress] = certifier.prove({"v0": 1.0}, Run(time_limit_s=0.0))

    assert proven == {
        (timed, 0.2): {},
        (timed, 0.9): {"v0": 1.0},
        (counted, 0.2): {},
        (counted, 0.9): {},
    }


def test_what_those_due_more_than_once_lack_is_proved_without_the_others() -> None:
    """Its neighbours are in nobody's way."""
    certifier = Certifier(a_short_week())

    assert certifier.prove({"v0": 1.0}, Run()) == {"v0": 1.0}
    assert certifier.open({"v0": 1.0}) == []
    assert certifier.open({"v0": 2.0}) == ["v0"]  # a plan that lacks more asks for more
    assert certifier.prove({"v0": 2.0}, Run()) == {"v0": 1.0}
    assert certifier.open({"v0": 2.0}) == []


def test_villages_lack_visits_as_the_search_and_as_the_plan_see_it() -> None:
    problem = a_full_village()
    district = District(problem, Run())
    district.fill()
    visits: tuple[PlannedVisit, ...] = tuple(district.visits(district.snapshot()))

    assert district.lacking() == lacking(problem, visits) == {"v0": 1.0}
    assert lacking(problem, ()) == {"v0": 3.0}
