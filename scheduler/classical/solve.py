"""Answer a classical instance: search in two lanes, judge the answer, bound it."""

from collections.abc import Callable
from functools import cache

import numpy as np

from scheduler.classical.answer import Answer, broken_rules, length
from scheduler.classical.bound import lower_bound
from scheduler.classical.instance import Instance
from scheduler.classical.lanes import Lanes, Schedule
from scheduler.engine import Run

SEARCH_SHARE = 0.96
"""Of the time; the rest is for the bound."""

ROUNDS_OF_BOUND = 150


@cache
def warm() -> None:
    """Compile the kernels, or find them compiled, before any clock runs."""
    leg = np.array([[0.0, 1.0], [1.0, 0.0]])
    tiny = Instance(
        name="tiny",
        ids=(0, 1),
        distance=leg,
        demand=leg[0],
        service=0.0 * leg[0],
        patterns=((), (1,)),
        vehicles=1,
        capacity=1.0,
    )
    lanes = Lanes(tiny, Run(iterations=1.0), Schedule())
    lanes.cool()
    lower_bound(tiny, lanes.routes(), most_rounds=1)


def solve_instance(
    instance: Instance,
    *,
    time_limit_s: float = 10.0,
    iterations: float | None = None,
    seed: int = 0,
    workers: int = 1,
    should_stop: Callable[[], bool] | None = None,
    schedule: Schedule | None = None,
) -> Answer:
    """
    Find routes that cost little.

    Parameters
    ----------
    instance
        What is to be driven.
    time_limit_s
        Wall-clock seconds.
    iterations
        Steps per customer and lane instead of seconds: the same seed gives the same answer.
    seed
        Seed of everything random.
    workers
        Threads; two lanes can be searched at once.
    should_stop
        Asked now and then; true means stop and keep the best answer.
    schedule
        How the search cools down.

    Returns
    -------
    Answer
        Breaks no rule. Customers that no place was found for are listed.
    """
    warm()
    run = Run(
        time_limit_s=time_limit_s,
        iterations=iterations,
        seed=seed,
        workers=workers,
        should_stop=should_stop,
    )
    lanes = Lanes(instance, run.part(SEARCH_SHARE), schedule or Schedule())
    lanes.cool()
    routes = lanes.routes()
    served = {i for route in routes for i in route.nodes}
    answer = Answer(
        routes=routes,
        unserved=tuple(i for i, f in enumerate(instance.frequency) if f > 0 and i not in served),
        cost=sum(length(instance, route.nodes) for route in routes),
        bound=lower_bound(instance, routes, most_rounds=ROUNDS_OF_BOUND, is_over=run.is_over),
        seconds=run.seconds,
        steps=lanes.steps,
    )
    broken = broken_rules(instance, answer)
    if broken:  # pragma: no cover - would be a mistake in the kernels
        raise AssertionError(f"The search broke a rule: {broken[0]}")
    return answer
