"""Each compiled kernel does what its plain-Python twin does."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, pairwise, permutations
from pathlib import Path
from shutil import ignore_patterns
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from scheduler.crew import Threads
from scheduler.engine import Run
from scheduler.engines.search import compiled
from scheduler.engines.search.anneal import improve
from scheduler.engines.search.arrays import Fixed, State
from scheduler.engines.search.compiled import SOURCE_HASH, source_hash
from scheduler.engines.search.district import District
from scheduler.engines.search.engine import Search
from scheduler.engines.search.lanes import LaneTask
from scheduler.engines.search.order import order_days
from scheduler.engines.search.random import seeded, uniform
from scheduler.engines.search.routes import settle
from scheduler.engines.search.sample import tiny_problem
from scheduler.engines.search.states import own_counts, scratch
from scheduler.engines.search.tokens import lane_count
from scheduler.household import Household
from scheduler.plan import PlannedVisit, in_order
from scheduler.problem import Problem
from scheduler.roster import Roster
from scheduler.score import score
from tests.scheduler.problems import (
    a_cadre,
    a_household,
    a_problem,
    a_village,
    problems,
    workdays,
)

small = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def a_searched_district(problem: Problem, steps: float = 6.0) -> District:
    district = District(problem, Run(seed=3))
    if problem.locked:
        district.load(tuple(Roster(problem).visits()))
    district.fill()
    district.round(steps, 8.0, 0.1)
    return district


def visits_of(district: District) -> tuple[PlannedVisit, ...]:
    return in_order(district.visits(district.snapshot()))


@small
@given(problem=problems())
def test_counts_and_times_kept_step_by_step_equal_a_recount(problem: Problem) -> None:
    district = a_searched_district(problem)

    for piece, s in zip(district.pieces, district.states, strict=True):
        kept = [np.copy(array) for array in s]
        external = [
            (s.village_teams[v] - own_counts(piece, s, v)[0]) for v in range(len(piece.villages))
        ]
        if any(e.any() for e in external):
            continue  # a recount knows only the piece's own visits

        assert settle(piece.fixed, s)

        for name, before in zip(s._fields, kept, strict=True):
            if name in ("depart", "arrive"):
                used = np.arange(before.shape[1])[None, :] <= s.length[:, None]
                assert np.allclose(before[used], getattr(s, name)[used]), name
            elif name not in ("random", "tally", "route", "days"):
                assert np.allclose(before, getattr(s, name)), name
        assert kept[s._fields.index("tally")][3] == s.tally[3]


@small
@given(problem=problems())
def test_the_objective_kept_by_the_search_is_the_objective_of_its_plan(problem: Problem) -> None:
    free = replace(problem, locked=())
    empty = score(free, ()).J

    district = a_searched_district(free)

    kept = empty + sum(s.tally[0] for s in district.states)
    assert kept == pytest.approx(score(free, visits_of(district)).J, abs=1e-6)


@small
@given(problem=problems(most_households=6))
def test_a_household_is_put_where_trying_everything_finds_it_cheapest(problem: Problem) -> None:
    # Visits a week apart: two in one week would crowd it more than each by itself.
    weekly = tuple(replace(h, min_gap_days=7) for h in problem.households)
    free = replace(problem, households=weekly, locked=())
    district = District(free, Run(seed=1))
    if not district.pieces:
        return
    piece, s = district.pieces[0], district.states[0]
    x = scratch(piece.fixed, s)
    district.shared.meet_one(district.states, 0)
    cap = free.district_max_teams_per_day
    if cap is not None:
        s.tokens[:] = cap
    visits: tuple[PlannedVisit, ...] = ()
    for stop in range(piece.first_locked):
        household = free.household(piece.stops[stop])
        cheapest = _cheapest_by_trying(free, visits, household)

        improve(piece.fixed, s, x, np.array([stop]), 0, 1.0, 1.0, 1.0)

        visits = in_order(district.visits(district.snapshot()))
        assert abs(score(free, visits).J - cheapest) < 1e-6, household.id


def _cheapest_by_trying(problem: Problem, visits: tuple[PlannedVisit, ...], h: Household) -> float:
    """Least J over every cadre and every set of days, each visit at its cheapest position."""
    best = score(problem, visits).J
    for c in problem.cadres:
        if not problem.may_visit(c, h):
            continue
        for n in range(1, h.visits_due + 1):
            for days in combinations(problem.days, n):
                roster = Roster(problem, visits)
                for day in days:
                    free = next(roster.obstacles(h, c, day), None) is None
                    found = roster.position(h, c, day) if free else None
                    if found is None:
                        break
                    roster.place(roster.stop(h, day), c, day, found[1])
                else:
                    best = min(best, score(problem, roster.visits()).J)
    return best


@small
@given(problem=problems())
def test_what_is_known_of_a_route_is_what_trying_every_place_finds(problem: Problem) -> None:
    district = a_searched_district(replace(problem, locked=()))
    for piece, s in zip(district.pieces, district.states, strict=True):
        f, x = piece.fixed, scratch(piece.fixed, s)
        improve(f, s, x, np.zeros(0, np.int64), 40, 8.0, 0.1, 3.0)
        known = np.argwhere(x.known_tag == x.stamp[None, :])
        for stop, z in known[:: max(1, len(known) // 200)]:
            if stop in s.route[z, : s.length[z]]:
                continue  # what was found before it was put in again
            extra, position = x.known_extra[stop, z], x.known_position[stop, z]
            least = _least_extra(f, s, int(stop), int(z))
            assert (least == pytest.approx(extra)) if position >= 0 else (least >= extra - 1e-9)


def test_a_large_piece_that_remembers_few_insertions_finds_the_same_plan() -> None:
    problem = a_problem(*(a_household(n, visits_due=1 + n % 2) for n in range(20)))
    plans = []
    for most_known in (1 << 20, 70, 1):
        district = a_searched_district(problem, steps=1.0)
        (f,), (s,) = [p.fixed for p in district.pieces], district.states
        improve(f, s, scratch(f, s, most_known), np.zeros(0, np.int64), 300, 8.0, 0.1, 4.0)
        plans.append(visits_of(district))

    assert plans[0] == plans[1] == plans[2]


def _least_extra(f: Fixed, s: State, stop: int, z: int) -> float:
    """Extra minutes of the best place in a route, by driving the whole day for each place."""
    cadres, days = f.duty.shape
    c, d = divmod(z, days)
    route = [int(i) for i in s.route[z, : s.length[z]]]

    def way(stops: list[int]) -> float:
        at, place, driven = f.shift[c, d, 0], c, 0.0
        for i in stops:
            leg = f.minutes[place, cadres + i]
            starts = [
                max(at + leg, a)
                for a, b in f.window[i, : f.windows[i]]
                if max(at + leg, a) <= b + 1e-5
            ]
            if not starts:
                return np.inf
            at, place, driven = min(starts) + f.service[i], cadres + i, driven + leg
        home = f.minutes[place, c] if stops else 0.0
        return driven + home if at + home <= f.shift[c, d, 1] + 1e-5 else np.inf

    longer = [[*route[:y], stop, *route[y:]] for y in range(len(route) + 1)]
    return min(way(stops) for stops in longer) - way(route)


@small
@given(problem=problems(most_households=8))
def test_reach_is_the_longest_spaced_chain_of_the_best_cadre(problem: Problem) -> None:
    free = replace(problem, locked=())
    empty = Roster(free)

    for piece in District(free, Run()).pieces:
        for stop, household_id in enumerate(piece.stops):
            h = free.household(household_id)
            gap = max(h.gap_days, free.village(h.village).min_gap_days)
            longest = 0
            for c in free.cadres:
                chain: list[int] = []
                for day in free.days:
                    alone = not any(r.rule not in ("district",) for r in empty.obstacles(h, c, day))
                    if alone and (not chain or day.toordinal() - chain[-1] >= gap):
                        chain.append(day.toordinal())
                longest = max(longest, len(chain))
            assert piece.fixed.reach[stop] == min(h.visits_due, longest)


@small
@given(problem=problems())
def test_every_day_gets_the_order_that_trying_all_orders_finds_best(problem: Problem) -> None:
    free = replace(problem, locked=())
    district = a_searched_district(free, steps=1.0)
    snapshot = district.snapshot()
    before = in_order(district.visits(snapshot))

    district.finish(snapshot)

    after = in_order(district.visits(snapshot))
    roster = Roster(free, before)
    least = 0.0
    for (cadre_id, day), route in roster.routes.items():
        c = free.cadre(cadre_id)
        ways = []
        for order in permutations(route):
            if roster.times(c, day, list(order)) is not None:
                nodes = [c.node, *(stop.household.node for stop in order), c.node]
                ways.append(sum(roster.leg(a, b) for a, b in pairwise(nodes)))
        least += min(ways)
    assert score(free, after).travel_min == pytest.approx(least, abs=1e-6)
    assert {(x.household, x.date) for x in after} == {(x.household, x.date) for x in before}


def test_ordering_never_makes_a_long_day_worse() -> None:
    days = workdays(1)
    problem = a_problem(
        *(a_household(n, service_min=5.0) for n in range(14)),
        days=days,
        cadres=(a_cadre(0, days, max_visits_per_day=20),),
        villages=(a_village(max_visits_per_week=20),),
    )
    district = a_searched_district(problem)
    route, length = district.snapshot().routes[0]

    assert length.max() == 14
    assert order_days(district.pieces[0].fixed, route, length) >= 0


def test_random_numbers_are_those_of_the_plain_twin() -> None:
    mask = (1 << 64) - 1
    state = seeded(5, 2)
    word = int(state[0])
    numbers = []
    for _ in range(1000):
        word ^= (word << 13) & mask
        word ^= word >> 7
        word ^= (word << 17) & mask
        numbers.append((word >> 11) / 2**53)

    assert numbers == [uniform.py_func(state) for _ in numbers]  # type: ignore[attr-defined]
    assert all(0 <= n < 1 for n in numbers)
    assert abs(sum(numbers) / 1000 - 0.5) < 0.05
    assert seeded(5, 2)[0] != seeded(5, 3)[0]


def test_a_refused_step_leaves_no_trace() -> None:
    problem = a_problem(*(a_household(n) for n in range(12)))
    district = a_searched_district(problem, steps=50.0)
    before, accepted = visits_of(district), district.states[0].tally[2]

    district.round(5.0, 1e-12, 1e-12)

    if district.states[0].tally[2] == accepted:
        assert visits_of(district) == before
    assert score(problem, visits_of(district)).J <= score(problem, before).J + 1e-9


def test_a_kernel_on_disk_is_not_used_when_a_part_in_another_file_changed() -> None:
    Search().propose(tiny_problem(), Run(iterations=1.0))

    cache = improve._cache  # type: ignore[attr-defined]
    signature = improve.signatures[0]  # type: ignore[attr-defined]
    key = cache._index_key(signature, improve.targetctx.codegen())  # type: ignore[attr-defined]
    assert key[-1] == SOURCE_HASH


@pytest.mark.parametrize("name", ["anneal", "chain", "insertion", "ruin", "routes"])
def test_a_change_in_any_file_of_kernels_compiles_them_anew(name: str, tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    for room in (before, after):
        shutil.copytree(Path(str(compiled.__file__)).parent, room, ignore=ignore_patterns("*c"))
    with (after / f"{name}.py").open("a") as file:
        file.write("# changed\n")

    assert source_hash(before) != source_hash(after)


def test_lanes_are_shared_out_evenly_among_two_four_or_eight_workers() -> None:
    counts = [lane_count(pieces) for pieces in range(1, 2000)]

    assert counts[0] == 1
    assert all(n <= pieces and n & (n - 1) == 0 for pieces, n in enumerate(counts, start=1))
    assert counts == sorted(counts)


def test_lanes_of_a_round_get_the_same_work_whatever_the_sizes_of_their_pieces() -> None:
    units = {"u0": 12, "u1": 8, "u2": 8}
    problem = a_problem(
        *(
            a_household(100 * u + n, village=f"v{u}")
            for u in range(3)
            for n in range(12 - 4 * (u > 0))
        ),
        units=tuple(units),
        villages=tuple(a_village(n, unit=unit) for n, unit in enumerate(units)),
        cadres=tuple(a_cadre(n, unit=unit) for n, unit in enumerate(units)),
    )
    crew = Listening()
    district = District(problem, Run(iterations=50.0, crew=crew))
    district.fill()

    for _ in range(5):
        district.round(10.0, 8.0, 1.0)

    assert [p.first_locked for p in district.pieces] == list(units.values())
    assert len(crew.steps) == 5
    assert all(max(round_) - min(round_) <= 2 and len(round_) == 2 for round_ in crew.steps)
    assert all(sum(round_) == pytest.approx(10.0 * 28, abs=2) for round_ in crew.steps)


class Listening(Threads):
    """A crew that notes how many steps each lane of a round is asked for."""

    def __init__(self) -> None:
        super().__init__(1)
        self.steps: list[list[int]] = []

    def hold(self, values: Sequence[Any]) -> Any:
        holding: Any = super().hold(values)
        here = holding.each

        def each(work: Any, needs: Any, tasks: Sequence[LaneTask]) -> Any:
            self.steps.append([sum(turn.steps for turn in task.turns) for task in tasks])
            return here(work, needs, tasks)

        holding.each = each
        return holding
