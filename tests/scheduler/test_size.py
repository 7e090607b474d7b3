"""How much memory a problem needs is known before it is taken, and what is too large is named."""

from dataclasses import replace

import pytest

from scheduler.cadre import Cadre
from scheduler.errors import InvalidProblem
from scheduler.planner import solve
from scheduler.problem import Problem
from scheduler.size import memory_needed_mb, require_memory
from scheduler.village import Village
from tests.scheduler.problems import a_household, a_problem, workdays


def _units(count: int, households: int) -> Problem:
    days = workdays(10)
    shifts = dict.fromkeys(days, (510.0, 1080.0))
    return a_problem(
        *(a_household(n, village=f"v{n % count}") for n in range(households)),
        units=tuple(f"u{n}" for n in range(count)),
        villages=tuple(Village(id=f"v{n}", unit=f"u{n}") for n in range(count)),
        cadres=tuple(
            Cadre(id=f"c{n}", unit=f"u{n}", base=(117.0, 30.5), shifts=shifts) for n in range(count)
        ),
    )


def test_one_large_unit_needs_more_than_many_small_ones() -> None:
    one, many = memory_needed_mb(_units(1, 4000)), memory_needed_mb(_units(40, 4000))

    assert one > many + 500


def test_a_unit_that_takes_most_is_named() -> None:
    with pytest.raises(InvalidProblem, match="u0 with 4000 households") as caught:
        require_memory(_units(1, 4000), 600.0)

    assert (caught.value.code, caught.value.field) == ("out-of-memory", "units[0]")


def test_many_households_are_named_where_no_unit_is_to_blame() -> None:
    with pytest.raises(InvalidProblem, match="4000 households") as caught:
        solve(_units(40, 4000), memory_mb=300.0)

    assert caught.value.field == "households"


def test_an_ordinary_problem_is_not_refused() -> None:
    problem = a_problem()

    require_memory(problem, 400.0)
    require_memory(replace(problem, households=()), 400.0)
