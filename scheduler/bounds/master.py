"""
The master of column generation: the routes of one piece as a linear program.

It begins with the rows that cover stops and cadre-days, and adds others when a solution
breaks them. OR-Tools solves it again from where it stood.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from ortools.math_opt.python import mathopt

from scheduler.bounds.classes import DayClass, sessions
from scheduler.bounds.prices import Prices
from scheduler.bounds.rows import Route, Row, coefficient, in_time, subject, subjects
from scheduler.bounds.terms import Terms

SMALL = 1e-9
"""Values below this are 0."""

ANSWER = mathopt.ModelSolveParameters(
    variable_values_filter=mathopt.VariableFilter(skip_zero_values=True),
    reduced_costs_filter=mathopt.VariableFilter(filtered_items=()),
)
"""What is wanted of a solution: most routes are not in use, and their reduced costs are known."""


class Master:
    """
    The linear program of one piece, growing by routes and rows.

    Parameters
    ----------
    terms
        The piece, priced.
    classes
        Its cadre-days.
    """

    def __init__(self, terms: Terms, classes: Sequence[DayClass]) -> None:
        self.terms = terms
        self.classes = classes
        self.sessions = sessions(terms.fixed, terms.allowed, classes)
        self.weeks = _weeks(terms, classes)
        self.routes: dict[Route, mathopt.Variable] = {}
        self._route: dict[mathopt.Variable, Route] = {}
        self._values: dict[mathopt.Variable, float] = {}
        self._model = mathopt.Model()
        self._rows: dict[Row, mathopt.LinearConstraint] = {}
        self._about: dict[tuple[str, int, int], list[Row]] = defaultdict(list)
        self._members: dict[tuple[str, int, int], list[Route]] = defaultdict(list)
        self._crowd: dict[tuple[int, int], mathopt.Variable] = {}
        self._unfair: dict[int, mathopt.Variable] = {}
        self._stops()
        for z, kind in enumerate(classes):
            self._add(Row("class", z), ub=float(kind.size))
        self._solver = mathopt.IncrementalSolver(self._model, mathopt.SolverType.GLOP)

    def _stops(self) -> None:
        """Every stop is covered, or its missing visits are paid, at least those certified."""
        t = self.terms
        missing = []
        for i in range(len(t.due)):
            s = self._model.add_variable(lb=float(t.least_missing[i]), ub=float(t.due[i]))
            self._model.objective.set_linear_coefficient(s, float(t.missing[i]))
            self._add(Row("cover", i), lb=float(t.due[i])).set_coefficient(s, 1.0)
            missing.append(s)
        for v in np.flatnonzero(t.certified > 0):
            row = self._add(Row("certified", int(v)), lb=float(t.certified[v]))
            for k in np.flatnonzero(t.fixed.home == v):
                row.set_coefficient(missing[k], float(t.priority[k]))

    def add(self, route: Route, minutes: float) -> bool:
        """Add a route as a column; False when it is there already."""
        if route in self.routes:
            return False
        x = self._model.add_variable(lb=0.0)
        self._model.objective.set_linear_coefficient(x, self.terms.cost(route.stops, minutes))
        self.routes[route] = x
        self._route[x] = route
        for about in subjects(self.terms, self.classes[route.kind], route):
            self._members[about].append(route)
            for row in self._about[about]:
                self._set(row, route)
        return True

    def add_row(self, row: Row) -> bool:
        """Add a row that a solution breaks; False when it is there already."""
        if row in self._rows:
            return False
        f = self.terms.fixed
        if row.says == "crowd":
            where = (row.who, row.when)
            if where not in self._crowd:
                self._crowd[where] = self._model.add_variable(lb=0.0)
                self._model.objective.set_linear_coefficient(self._crowd[where], 1.0)
            constant = self.terms.crowding * row.at * (row.at + 1) * int(self.weeks[where])
            self._add(row, lb=-constant).set_coefficient(self._crowd[where], 1.0)
        elif row.says == "load":
            if row.who not in self._unfair:
                self._unfair[row.who] = self._model.add_variable(lb=0.0)
                self._model.objective.set_linear_coefficient(self._unfair[row.who], 1.0)
            self._add(row, lb=-self._excess(row)).set_coefficient(self._unfair[row.who], 1.0)
        elif row.says == "sessions":
            self._add(row, ub=float(self.sessions[row.who, row.when]))
        elif row.says == "gap":
            self._add(row, ub=1.0)
        elif row.says == "teams":
            self._add(row, ub=float(f.teams[row.who]))
        else:
            self._add(row, ub=float(f.weekly[row.who] * self.weeks[row.who, row.when]))
        for route in self._members[subject(row)]:
            self._set(row, route)
        return True

    def solve(self) -> tuple[float, Prices, dict[Route, float]]:
        """Solve; the objective, the prices, and the routes in use."""
        answer = self._solved()
        values = self._values = answer.variable_values()
        used = {self._route[v]: x for v, x in values.items() if x > SMALL and v in self._route}
        duals = answer.dual_values(list(self._rows.values()))
        prices = self.prices(dict(zip(self._rows, duals, strict=True)))
        return answer.objective_value() + self.terms.constant, prices, used

    def crowd(self, v: int, bucket: int) -> float:
        """What the last solution pays for a village in a bucket."""
        cost = self._crowd.get((v, bucket))
        return self._values.get(cost, 0.0) if cost is not None else 0.0

    def unfair(self, cadre: int) -> float:
        """What the last solution pays for a cadre's load above the common tangent."""
        cost = self._unfair.get(cadre)
        return self._values.get(cost, 0.0) if cost is not None else 0.0

    def _excess(self, row: Row) -> float:
        """Constant of a tangent of fairness, less that of the common one."""
        t = self.terms
        return t.rate * (t.load(row.at) ** 2 - t.mean**2)

    def prices(self, duals: Mapping[Row, float]) -> Prices:
        """Put the duals where they belong; whatever the solver's rounding, none is negative."""
        t, f = self.terms, self.terms.fixed
        villages, buckets = self.weeks.shape
        highest = max([r.at for r in duals if r.says == "crowd"] + [0, *t.tangent])
        p = Prices(
            visit=np.zeros(len(f.due)),
            certified=np.zeros(villages),
            gap=np.zeros((len(f.due), len(self.classes))),
            entry=np.zeros((villages, len(self.classes))),
            week=np.zeros((villages, buckets)),
            crowd=np.zeros((villages, buckets, int(highest) + 1)),
            load=np.zeros(len(f.capacity)),
            gain=np.zeros(1),
        )
        shares: dict[tuple[str, int, int], float] = defaultdict(float)
        for row, dual in duals.items():
            if row.says in ("crowd", "load"):
                shares[row.says, row.who, row.when] += max(0.0, dual)
        for row, dual in duals.items():
            at_least = row.says in ("cover", "certified", "crowd", "load")
            y = max(0.0, dual) if at_least else max(0.0, -dual)
            if row.says in ("crowd", "load"):
                y /= max(1.0, shares[row.says, row.who, row.when])
            if y > 0:
                self._book(p, row, y)
        for v in np.flatnonzero(t.tangent >= 0):
            p.crowd[v, :, t.tangent[v]] = 1.0
        return p

    def _book(self, p: Prices, row: Row, y: float) -> None:
        t, f = self.terms, self.terms.fixed
        if row.says == "cover":
            p.visit[row.who] = y
        elif row.says == "certified":
            p.certified[row.who] = y
        elif row.says == "week":
            p.week[row.who, row.when] += y
            p.gain[0] -= y * float(f.weekly[row.who] * self.weeks[row.who, row.when])
        elif row.says == "crowd":
            p.crowd[row.who, row.when, row.at] = y
            m = row.at * (row.at + 1) * int(self.weeks[row.who, row.when])
            p.gain[0] -= y * t.crowding * m
        elif row.says == "load":
            p.load[row.who] += y * 2.0 * t.rate * (t.load(row.at) - t.mean)
            p.gain[0] -= y * self._excess(row)
        elif row.says != "class":
            priced = p.gap if row.says == "gap" else p.entry
            for z, kind in enumerate(self.classes):
                if row.says == "sessions":
                    priced[row.who, z] += y * (kind.bucket == row.when)
                else:
                    priced[row.who, z] += y * in_time(t, row, kind)
            most = {
                "gap": 1.0,
                "teams": float(f.teams[row.who]) if row.says == "teams" else 0.0,
                "sessions": float(self.sessions[row.who, row.when])
                if row.says == "sessions"
                else 0.0,
            }
            p.gain[0] -= y * most[row.says]

    def _add(self, row: Row, **limits: float) -> mathopt.LinearConstraint:
        made = self._model.add_linear_constraint(**limits)
        self._rows[row] = made
        self._about[subject(row)].append(row)
        return made

    def _set(self, row: Row, route: Route) -> None:
        if in_time(self.terms, row, self.classes[route.kind]):
            value = coefficient(self.terms, row, route)
            if value:
                self._rows[row].set_coefficient(self.routes[route], value)

    def _solved(self) -> mathopt.SolveResult:
        """Go on from the last basis; from the beginning where rounding spoiled it."""
        try:
            return self._solver.solve(model_params=ANSWER)
        except Exception:  # the binding raises what it raises
            self._solver = mathopt.IncrementalSolver(self._model, mathopt.SolverType.GLOP)
            return self._solver.solve(model_params=ANSWER)


def _weeks(
    terms: Terms, classes: Sequence[DayClass]
) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Weeks of each bucket in which any stop of a village may be visited, shape (V, B)."""
    f = terms.fixed
    buckets = 1 + max((k.bucket for k in classes), default=0)
    found = np.zeros((len(f.teams), buckets), np.int64)
    weeks: dict[int, set[int]] = defaultdict(set)
    for kind in classes:
        weeks[kind.bucket].update(kind.days)
    for v in range(len(f.teams)):
        open_days = terms.allowed[f.home == v].any(0)
        for b, days in weeks.items():
            found[v, b] = len({int(f.week[d]) for d in days if open_days[d]})
    return found
