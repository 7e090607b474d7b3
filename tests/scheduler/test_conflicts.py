"""The rules that are named cannot all hold, each is needed, and some change helps."""

from collections import Counter

import pytest

from scheduler.engine import Run, Visits
from scheduler.engines.greedy import Greedy
from scheduler.explaining.choices import TooManyChoices
from scheduler.explaining.conflicts import find_conflict
from scheduler.explaining.placing import find_place
from scheduler.explaining.relax import Relaxation, find_relaxations
from scheduler.explaining.rule_model import RuleModel
from scheduler.problem import Problem
from tests.scheduler.brute import tiny_problem
from tests.scheduler.planted import PLANTED, can_be_met, planted
from tests.scheduler.problems import a_cadre, a_household, a_problem, broken_visits, workdays

SEEDS = range(7)
"""Of each kind: 105 planted problems in all."""


@pytest.mark.parametrize("kind", PLANTED)
@pytest.mark.parametrize("seed", SEEDS)
def test_the_planted_rule_is_named_and_every_rule_named_is_needed(kind: str, seed: int) -> None:
    problem, visits, household = planted(kind, seed)

    conflict = find_conflict(problem, visits, household)

    assert conflict is not None
    assert kind in {rule.kind for rule in conflict.rules}
    assert conflict.is_minimal
    assert not can_be_met(conflict.relaxed())
    for rule in conflict.rules:
        without_it, witness = conflict.relaxed(rule), conflict.witnesses[rule]
        assert broken_visits(without_it, witness) == []
        assert len(witness) == sum(h.visits_due for h in without_it.households)


@pytest.mark.parametrize("kind", PLANTED)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_change_other_than_giving_up_helps_and_the_judge_agrees(kind: str, seed: int) -> None:
    problem, visits, household = planted(kind, seed)

    found = find_relaxations(problem, visits, household, find_conflict(problem, visits, household))

    assert [x.change.kind for x in found] != ["fewer-visits"]
    assert [x.change.size for x in found] == sorted(x.change.size for x in found)
    for relaxation in found:
        assert is_true(relaxation, problem, visits, household)


def is_true(x: Relaxation, problem: Problem, visits: Visits, household: str) -> bool:
    """The household gets all its visits, nobody loses one, and no rule is broken."""
    changed = x.change.apply(problem)
    had, has = Counter(v.household for v in visits), Counter(v.household for v in x.visits)
    had[household] = changed.household(household).visits_due
    return broken_visits(changed, x.visits) == [] and +had == has


def test_where_nothing_forbids_it_no_rule_is_blamed_and_a_place_is_found() -> None:
    problem = a_problem(a_household(0), a_household(1))

    assert find_conflict(problem, (), "h0") is None
    place = find_place(problem, (), "h0")
    assert place is not None
    assert [x.household for x in place] == ["h0"]


def test_a_part_too_large_for_a_model_is_given_up_before_all_of_it_is_listed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("scheduler.explaining.choices.MOST_CHOICES", 15)
    problem = a_problem(*(a_household(n) for n in range(9)), cadres=(a_cadre(),))

    with pytest.raises(TooManyChoices) as raised:
        RuleModel(problem, [h.id for h in problem.households])

    assert raised.value.args == (20,)  # ten days each: the second household is one too many


def test_a_place_is_made_by_moving_a_neighbour() -> None:
    days = workdays(2)
    problem = a_problem(
        a_household(0, not_after=days[0]),
        a_household(1),
        days=days,
        cadres=(a_cadre(days=days, max_visits_per_day=1),),
    )
    taken = find_place(problem, (), "h1")
    assert taken is not None
    assert taken[0].date == days[0]

    place = find_place(problem, taken, "h0")

    assert place is not None
    assert {x.household: x.date for x in place} == {"h0": days[0], "h1": days[1]}


@pytest.mark.parametrize("batch", range(4))
def test_whatever_is_said_about_a_random_problem_is_true(batch: int) -> None:
    for seed in range(25 * batch, 25 * (batch + 1)):
        problem = tiny_problem(seed)
        visits: Visits = Greedy().propose(problem, Run()).visits
        had = Counter(x.household for x in visits)
        for h in problem.households:
            if had[h.id] >= h.visits_due:
                continue
            conflict = find_conflict(problem, visits, h.id)
            if conflict is not None:
                assert not can_be_met(conflict.relaxed()), (seed, conflict.sentence)
                for rule, witness in conflict.witnesses.items():
                    assert broken_visits(conflict.relaxed(rule), witness) == [], (seed, rule)
                assert find_place(problem, visits, h.id) is None, seed
            for relaxation in find_relaxations(problem, visits, h.id, conflict):
                assert is_true(relaxation, problem, visits, h.id), (seed, relaxation.change)
