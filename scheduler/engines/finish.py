"""
The proven-best order and times of every cadre's day, for the plan of any engine.

Who is visited when and by whom stays; the kernel is that of the search (``search.order``).
"""

from collections.abc import Iterable

from scheduler.engine import Visits
from scheduler.engines.search.order import order_days
from scheduler.engines.search.pieces import cut
from scheduler.engines.search.states import begin, by_unit, load, visits_of
from scheduler.plan import PlannedVisit
from scheduler.problem import Problem


def finish(problem: Problem, visits: Iterable[PlannedVisit]) -> Visits:
    """
    Give every cadre's day its shortest order, and the earliest times; who is visited stays.

    Parameters
    ----------
    problem
        Distances, windows and shifts.
    visits
        The visits of a valid plan.
    """
    mine = by_unit(problem, visits)
    found: list[PlannedVisit] = []
    for number, piece in enumerate(cut(problem)):
        s = begin(piece, 0, number)
        load(problem, piece, s, mine.get(piece.unit, ()))
        order_days(piece.fixed, s.route, s.length)
        found += visits_of(problem, piece, s.route, s.length)
    return tuple(found)
