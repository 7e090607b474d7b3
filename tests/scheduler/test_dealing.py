"""What the dealing of teams and turns promises: all are dealt, by need, and all get a turn."""

import numpy as np

from scheduler.engine import Run
from scheduler.engines.search.dealing import open_days, shares, wants
from scheduler.engines.search.district import District
from scheduler.engines.search.rotation import LEAST_TURNS, STEPS_OF_A_TURN, Rotation
from tests.scheduler.problems import a_cadre, a_household, a_problem, a_village, workdays


def test_every_spare_team_is_dealt_and_more_to_who_wants_more() -> None:
    spare = np.array([0, 1, 7, 40])
    want = np.tile([1.0, 1.0, 1.0, 9.0], (4, 1))

    dealt = shares(spare, want, np.random.default_rng(1))

    assert (dealt >= 0).all()
    assert (dealt.sum(1) == spare).all()
    assert dealt[1:, 3].sum() > dealt[1:, :3].sum() / 3
    assert (dealt == shares(spare, want, np.random.default_rng(1))).all()


def test_teams_are_wanted_on_days_on_which_a_village_and_a_cadre_are_free() -> None:
    days = workdays(5)
    problem = a_problem(
        *(a_household(n) for n in range(4)),
        days=days,
        cadres=(a_cadre(days=days[:3]),),
        villages=(a_village(blackout_days=frozenset(days[:1])),),
    )
    district = District(problem, Run(seed=1))
    fixed, state = district.pieces[0].fixed, district.states[0]

    empty = wants(fixed, state, open_days(fixed))
    district.fill()
    full = wants(fixed, state, open_days(fixed))

    assert empty[0] == 0 and (empty[1:3] > 0).all() and (empty[3:] == 0).all()
    assert full.sum() < empty.sum()


def test_a_round_of_few_steps_takes_pieces_in_turn_and_none_is_left_out() -> None:
    sizes = np.full(300, 80)
    rotation = Rotation(sizes, np.random.default_rng(1))
    urgent = np.zeros(300, np.int64)
    urgent[:30] = 1
    turns = np.zeros(300, np.int64)

    for _ in range(400):
        chosen, steps = rotation.next(1.0, 1 / 400, urgent)
        turns[chosen] += 1
        assert steps.sum() == np.float64(sizes.sum()) or np.isclose(steps.sum(), sizes.sum())
        assert (steps[chosen] >= 0.9 * STEPS_OF_A_TURN).all()

    assert turns.min() >= LEAST_TURNS
    assert turns[:30].mean() > 1.5 * turns[30:].mean()


def test_a_round_of_many_steps_takes_every_piece_and_the_needy_longer() -> None:
    rotation = Rotation(np.array([80, 80, 40]), np.random.default_rng(1))

    chosen, steps = rotation.next(100.0, 0.01, np.array([1, 0, 0]))

    assert chosen == [0, 1, 2]
    assert steps[0] > 1.5 * steps[1] == 3.0 * steps[2]
