"""
The solver process: one problem in by standard input, plans out by standard output.

``python -m web.jobs.solver --keeper PID --memory-mb N``. It knows neither database nor network,
and is started before it is needed: what it imports is ready when the order comes. SIGTERM means
stop and give the best plan; the keeper follows with SIGKILL if the search does not listen.
"""

import argparse
import os
import signal
import sys
import time
from types import FrameType
from typing import TYPE_CHECKING, BinaryIO

from data.documents import unpack
from web.jobs.confine import confine, end_after
from web.jobs.wire import Order, say
from web.memory import usable_memory_mb

if TYPE_CHECKING:
    from scheduler.plan import Plan
    from scheduler.progress import Progress

BETWEEN_PLANS_S = (0.5, 2.0)
BETWEEN_REPORTS_S = (0.25, 1.0)
"""While somebody watches closely, and later on."""
CLOSELY_S = 20.0


class Reporter:
    """Passes progress up, at most four times a second; the first plan goes at once."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._said_at = self._plan_at = float("-inf")
        self._plan: Plan | None = None

    def __call__(self, progress: "Progress") -> None:
        """Say it now, or keep the plan for the next time."""
        now = time.monotonic()
        self._plan = progress.plan or self._plan
        later = progress.seconds > CLOSELY_S
        plan_goes = self._plan is not None and now - self._plan_at >= BETWEEN_PLANS_S[later]
        if not plan_goes and now - self._said_at < BETWEEN_REPORTS_S[later]:
            return
        self._said_at = now
        say(
            self._stream,
            "progress",
            seconds=round(progress.seconds, 2),
            J=progress.objective,
            unplanned=progress.unplanned,
            bound=progress.bound,
            phase=progress.phase,
            plan=self._plan.to_json() if plan_goes and self._plan else None,
        )
        if plan_goes:
            self._plan_at, self._plan = now, None


class StopWish:
    """Whether SIGTERM came."""

    def __init__(self) -> None:
        self.asked = False
        signal.signal(signal.SIGTERM, self._note)

    def __call__(self) -> bool:
        """Answer ``should_stop``."""
        return self.asked

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True


def work(stream: BinaryIO, orders: BinaryIO) -> None:
    """Solve the one order that comes, if any."""
    stop = StopWish()
    from scheduler.engines.search.engine import warm
    from scheduler.errors import PlanningError
    from scheduler.plan import Plan
    from scheduler.planner import solve
    from scheduler.problem import Problem

    warm()
    say(stream, "ready")
    order = Order.read(orders)
    if order is None:
        return
    limit_s = order.time_limit_s + order.prove_s
    end_after(limit_s * 1.1 + order.grace_s)
    try:
        result = solve(
            Problem.from_json(unpack(order.problem)),
            time_limit_s=limit_s,
            prove_s=order.prove_s,
            seed=order.seed,
            workers=order.workers,
            start=Plan.from_json(unpack(order.start)) if order.start else None,
            on_progress=Reporter(stream),
            should_stop=stop,
            memory_mb=usable_memory_mb(),
        )
    except PlanningError as error:
        say(stream, "error", code=error.code, detail=str(error))
        return
    except MemoryError:
        say(stream, "error", code="out-of-memory", detail="The memory limit was reached.")
        return
    say(stream, "plan", plan=result.plan.to_json())


def own_output() -> BinaryIO:
    """Take standard output for the wire; what a library prints goes to standard error."""
    wire = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return wire


def main() -> None:
    """Confine this process, then serve one order."""
    parser = argparse.ArgumentParser(prog="web.jobs.solver")
    parser.add_argument("--keeper", type=int, required=True)
    parser.add_argument("--memory-mb", type=int, required=True)
    given = parser.parse_args()
    confine(memory_mb=given.memory_mb, keeper_pid=given.keeper)
    work(own_output(), sys.stdin.buffer)


if __name__ == "__main__":
    main()
