"""An empty cell answers with the rules in its way, or with a visit that breaks none."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler import missing_reasons
from scheduler.engine import Run
from scheduler.engines.greedy import Greedy
from scheduler.plan import Plan, Unplanned, in_order
from scheduler.problem import Problem
from scheduler.roster import Roster, Stop
from scheduler.score import score
from scheduler.why_not import Possible, WhyNot, why_not
from tests.scheduler.problems import (
    a_cadre,
    a_household,
    a_problem,
    a_village,
    broken_rules,
    problems,
    workdays,
)

DAYS = workdays(10)


def planned(problem: Problem) -> Roster:
    """The problem with a simple plan in place."""
    return Roster(problem, Greedy().propose(problem, Run()).visits)


def asked(problem: Problem, day: date) -> WhyNot:
    """Ask about the one village of a problem."""
    return why_not(planned(problem), "v0", day)


def codes(answer: WhyNot) -> list[str]:
    return [reason.code for reason in answer.reasons]


def test_a_quiet_day_is_named_first() -> None:
    problem = a_problem(villages=(a_village(blackout_days=frozenset(DAYS[3:4])),))

    assert codes(asked(problem, DAYS[3])) == ["blackout"]


def test_both_neighbours_of_a_gap_are_named() -> None:
    homes = [a_household(n, min_gap_days=1) for n in range(2)]
    problem = a_problem(
        *homes,
        villages=(a_village(min_gap_days=4),),
        cadres=(a_cadre(max_visits_per_day=1),),
    )
    roster = Roster(problem)
    for household, day in zip(problem.households, (DAYS[0], DAYS[4]), strict=True):
        roster.place(Stop(household, household.windows), problem.cadres[0], day, 0)

    answer = why_not(roster, "v0", DAYS[2])

    assert codes(answer) == ["village-too-soon", "village-too-soon"]
    assert [r.facts["other"] for r in answer.reasons] == [
        DAYS[0].isoformat(),
        DAYS[4].isoformat(),
    ]


def test_a_day_on_which_everybody_is_away_says_so() -> None:
    problem = a_problem(cadres=(a_cadre(days=DAYS[:2]),))

    assert codes(asked(problem, DAYS[5])) == ["nobody-available"]


def test_a_weekend_is_no_day_of_the_plan() -> None:
    assert codes(asked(a_problem(), date(2027, 3, 6))) == ["not-a-planning-day"]


def test_a_village_in_which_nobody_is_due_says_so() -> None:
    problem = a_problem(a_household(visits_due=0))

    assert codes(asked(problem, DAYS[1])) == ["nobody-due"]


def test_a_visit_that_would_fit_is_offered_with_its_minutes() -> None:
    answer = asked(a_problem(), DAYS[6])

    assert answer.reasons == ()
    assert answer.possible is not None
    assert answer.possible.moved_from == DAYS[0]
    assert abs(answer.possible.extra_min) < 1e-6  # the same way, alone, on another day


def test_asking_leaves_the_plan_as_it_was() -> None:
    roster = planned(a_problem(*[a_household(n) for n in range(5)]))
    before = list(roster.visits())

    for day in DAYS:
        why_not(roster, "v0", day)

    assert list(roster.visits()) == before


@given(problem=problems(), number=st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_whatever_is_offered_breaks_no_rule(problem: Problem, number: int) -> None:
    roster = planned(problem)
    village = problem.villages[number % len(problem.villages)].id
    day = problem.days[number // 7 % len(problem.days)]

    answer = why_not(roster, village, day)

    assert (answer.possible is None) == bool(answer.reasons)
    if answer.possible is not None:
        assert broken_rules(problem, with_the_offer(roster, answer.possible, day)) == []


def with_the_offer(roster: Roster, offer: Possible, day: date) -> Plan:
    """Carry the offer out."""
    problem = roster.problem
    household, cadre = problem.household(offer.household), problem.cadre(offer.cadre)
    if offer.moved_from is not None:
        roster.remove(household, offer.moved_from)
    fits = roster.position(household, cadre, day)
    assert fits is not None
    roster.place(Stop(household, household.windows), cadre, day, fits[1])
    visits = in_order(roster.visits())
    missing = {h.id: h.visits_due - len(roster.dates.get(h.id, [])) for h in problem.households}
    return Plan(
        visits=visits,
        unplanned=tuple(
            Unplanned(
                household=key,
                missing=n,
                reasons=(missing_reasons.not_found(problem.household(key), n),),
            )
            for key, n in missing.items()
            if n > 0
        ),
        metrics=score(problem, visits),
    )
