"""The objective J over the free visits, part by part, in the units of J."""

from collections import defaultdict

from ortools.sat.python import cp_model

from scheduler.engines.cpsat.constraints import BASE, visits_by_week
from scheduler.engines.cpsat.variables import Variables
from scheduler.score import target_loads
from scheduler.travel import Place

PARTS = 10
"""Service is counted in whole parts of a minute; a fraction that is left over costs nothing."""

Cost = list[tuple[float, cp_model.IntVar]]


def add_objective(x: Variables) -> float:
    """Minimise J; returns the part of it that no variable changes."""
    cost: Cost = []
    constant = (
        unplanned(x, cost)
        + travel(x, cost)
        + fairness(x, cost)
        + crowding(x, cost)
        + spacing(x, cost)
        + quota(x, cost)
    )
    x.model.minimize(
        cp_model.LinearExpr.weighted_sum([v for _, v in cost], [float(w) for w, _ in cost])
    )
    return constant


def unplanned(x: Variables, cost: Cost) -> float:
    """Each visit due is paid, and refunded when it is made."""
    price = x.problem.weights.unplanned
    for (h, _, _), visit in x.visit.items():
        cost.append((-price * x.problem.household(h).priority, visit))
    return price * sum(h.priority * h.visits_due for h in x.free)


def travel(x: Variables, cost: Cost) -> float:
    """Minutes of every arc of every route."""
    for (duty, a, b), go in x.arc.items():
        if a != b:
            minutes = x.problem.travel.minutes(_place(x, duty[0], a), _place(x, duty[0], b))
            cost.append((x.problem.weights.travel * min(minutes, 1e5), go))
    return 0.0


def fairness(x: Variables, cost: Cost) -> float:
    """Squared load of each cadre over the target of the unit."""
    target = target_loads(x.problem)
    load: dict[str, list[cp_model.LinearExprT]] = defaultdict(list)
    most: dict[str, int] = defaultdict(int)
    for (h, c, _), visit in x.visit.items():
        parts = int(x.problem.household(h).service_min * PARTS)
        load[c].append(parts * visit)
        most[c] += parts
    for c, terms in load.items():
        price = x.problem.weights.fairness / target[x.problem.cadre(c).unit] / PARTS**2
        cost.append((price, _square(x, sum(terms), most[c])))
    return 0.0


def crowding(x: Variables, cost: Cost) -> float:
    """Squared visits of each village and week, less what stands there anyway."""
    for visits, standing in visits_by_week(x).values():
        square = _square(x, sum(visits) + standing, len(visits) + standing)
        cost.append((x.problem.weights.crowding, square))
    return -x.problem.weights.crowding * sum(n * n for _, n in visits_by_week(x).values())


def spacing(x: Variables, cost: Cost) -> float:
    """How far each gap is from the ideal."""
    for (h, day, later), link in x.after.items():
        if day and later and day != later:
            off = abs((later - day).days - x.problem.ideal_gap_days(x.problem.household(h)))
            cost.append((x.problem.weights.spacing * off, link))
    return 0.0


def quota(x: Variables, cost: Cost) -> float:
    """Households that a cadre stays short of the quota."""
    reached: dict[str, list[cp_model.IntVar]] = defaultdict(list)
    for (_, c), comes in x.comes.items():
        reached[c].append(comes)
    constant = 0.0
    for c in _cadres(x):
        wanted = x.problem.cadre(c).quota
        if not reached[c]:
            constant += x.problem.weights.quota * wanted
        elif wanted > 0:
            short = x.model.new_int_var(0, wanted, "")
            x.model.add(short >= wanted - sum(reached[c]))
            cost.append((x.problem.weights.quota, short))
    return constant


def _cadres(x: Variables) -> list[str]:
    """Cadres whose days are decided: all but those with visits that stand."""
    standing = {y.cadre for y in x.standing}
    return [c.id for c in x.problem.cadres if c.id not in standing]


def _square(x: Variables, value: cp_model.LinearExprT, most: int) -> cp_model.IntVar:
    number = x.model.new_int_var(0, most, "")
    x.model.add(number == value)
    square = x.model.new_int_var(0, most * most, "")
    x.model.add_multiplication_equality(square, [number, number])
    return square


def _place(x: Variables, cadre: str, name: str) -> Place:
    if name == BASE:
        c = x.problem.cadre(cadre)
        return c.node, c.base
    h = x.problem.household(name)
    return h.node, h.point
