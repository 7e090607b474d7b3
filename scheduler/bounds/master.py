"""
The master of column generation: the routes of one piece as a linear program.

It begins with the rows that cover stops and cadre-days, and adds the others when a solution
breaks them. OR-Tools solves it again from where it stood.
"""

from collections import defaultdict
from collections.abc import Mapping

import numpy as np
from ortools.math_opt.python import mathopt

from scheduler.bounds.prices import Prices
from scheduler.bounds.rows import Route, Row, coefficient, subject, subjects
from scheduler.bounds.terms import Terms


class Master:
    """
    The linear program of one piece, growing by routes and rows.

    Parameters
    ----------
    terms
        The piece, priced.
    """

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.routes: dict[Route, mathopt.Variable] = {}
        self._model = mathopt.Model()
        self._rows: dict[Row, mathopt.LinearConstraint] = {}
        self._about: dict[tuple[str, int, int], list[Row]] = defaultdict(list)
        self._members: dict[tuple[str, int, int], list[Route]] = defaultdict(list)
        self._cost: dict[Row, mathopt.Variable] = {}
        self._stops()
        for c in range(len(terms.fixed.capacity)):
            self.add_row(Row("load", c, 0, terms.mean_load))
        for v, w in np.argwhere(terms.weeks):
            if terms.tangent[v] < 0:
                self.add_row(Row("crowd", int(v), int(w), float(terms.start_tangent[v])))
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
        for v, weight in enumerate(t.certified):
            if weight > 0:
                row = self._add(Row("certified", v), lb=float(weight))
                for i in np.flatnonzero(t.fixed.home == v):
                    row.set_coefficient(missing[i], float(t.priority[i]))

    def add(self, route: Route, minutes: float) -> bool:
        """Add a route as a column; False when it is there already."""
        if route in self.routes:
            return False
        day = Row("day", route.cadre, route.day)
        if day not in self._rows:
            self._add(day, ub=1.0)
        x = self._model.add_variable(lb=0.0)
        self._model.objective.set_linear_coefficient(x, self.terms.cost(route.stops, minutes))
        self.routes[route] = x
        for about in subjects(self.terms, route):
            self._members[about].append(route)
            for row in self._about[about]:
                self._set(row, route)
        return True

    def add_row(self, row: Row) -> bool:
        """Add a row that a solution breaks; False when it is there already."""
        if row in self._rows:
            return False
        t, f = self.terms, self.terms.fixed
        if row.kind == "gap":
            self._add(row, ub=1.0)
        elif row.kind == "teams":
            self._add(row, ub=float(f.teams[row.who]))
        elif row.kind == "week":
            self._add(row, ub=float(f.weekly[row.who]))
        elif row.kind == "crowd":
            self._add_tangent(row, -t.crowding * row.at * (row.at + 1.0))
        else:
            self._add_tangent(row, -t.fairness * row.at**2)
        for route in self._members[subject(row)]:
            self._set(row, route)
        return True

    def solve(self) -> tuple[float, Prices, dict[Route, float]]:
        """Solve; the objective, the prices, and the routes in use."""
        answer = self._solver.solve()
        self._answer = answer
        values = answer.variable_values(list(self.routes.values()))
        used = {r: x for r, x in zip(self.routes, values, strict=True) if x > 1e-9}
        duals = answer.dual_values(list(self._rows.values()))
        prices = self._prices(dict(zip(self._rows, duals, strict=True)))
        return answer.objective_value() + self.terms.constant, prices, used

    def cost_of(self, row: Row) -> float:
        """What the last solution pays for a village's week, or a cadre's load."""
        cost = self._cost.get(row._replace(at=0.0))
        return self._answer.variable_values(cost) if cost is not None else 0.0

    def _add(self, row: Row, **limits: float) -> mathopt.LinearConstraint:
        made = self._model.add_linear_constraint(**limits)
        self._rows[row] = made
        self._about[subject(row)].append(row)
        return made

    def _add_tangent(self, row: Row, constant: float) -> None:
        key = row._replace(at=0.0)
        if key not in self._cost:
            self._cost[key] = self._model.add_variable(lb=0.0)
            self._model.objective.set_linear_coefficient(self._cost[key], 1.0)
        self._add(row, lb=constant).set_coefficient(self._cost[key], 1.0)

    def _set(self, row: Row, route: Route) -> None:
        value = coefficient(self.terms, row, route)
        if value:
            self._rows[row].set_coefficient(self.routes[route], value)

    def _prices(self, duals: Mapping[Row, float]) -> Prices:
        """Put the duals where they belong; whatever the solver's rounding, none is negative."""
        t, f = self.terms, self.terms.fixed
        stops, days, villages = len(f.due), len(f.ordinal), len(f.teams)
        cadres, weeks = len(f.capacity), t.weeks.shape[1]
        highest = int(max([r.at for r in duals if r.kind == "crowd"] + list(t.tangent)))
        p = Prices(
            visit=np.zeros(stops),
            gap=np.zeros((stops, days)),
            entry=np.zeros((villages, days)),
            week=np.zeros((villages, weeks)),
            crowd=np.zeros((villages, weeks, max(0, highest) + 1)),
            minute=np.zeros(cadres),
            certified=np.zeros(villages),
            gain=np.zeros(1),
        )
        sums: dict[Row, float] = defaultdict(float)
        for row, dual in duals.items():
            if row.kind in ("crowd", "load"):
                sums[row._replace(at=0.0)] += max(0.0, dual)
        for row, dual in duals.items():
            at_least = row.kind in ("cover", "certified", "crowd", "load")
            y = max(0.0, dual) if at_least else max(0.0, -dual)
            if row.kind in ("crowd", "load"):
                y /= max(1.0, sums[row._replace(at=0.0)])
            _book(p, t, row, y)
        for v in np.flatnonzero(t.tangent >= 0):
            p.crowd[v, :, t.tangent[v]] = 1.0
        return p


def _book(p: Prices, t: Terms, row: Row, y: float) -> None:
    f = t.fixed
    if row.kind == "cover":
        p.visit[row.who] = y
    elif row.kind == "gap":
        days = t.days_from(row.when, int(f.gap[row.who]))
        p.gap[row.who, days.start : days.stop] += y
        p.gain[0] -= y
    elif row.kind == "teams":
        days = t.days_from(row.when, max(1, int(f.village_gap[row.who])))
        p.entry[row.who, days.start : days.stop] += y
        p.gain[0] -= y * float(f.teams[row.who])
    elif row.kind == "week":
        p.week[row.who, row.when] += y
        p.gain[0] -= y * float(f.weekly[row.who])
    elif row.kind == "crowd":
        p.crowd[row.who, row.when, int(row.at)] = y
        p.gain[0] -= y * t.crowding * row.at * (row.at + 1.0)
    elif row.kind == "load":
        p.minute[row.who] += y * 2.0 * row.at * t.fairness
        p.gain[0] -= y * t.fairness * row.at**2
    elif row.kind == "certified":
        p.certified[row.who] = y
