"""
A plan in the making: who is where on which day, and what forbids one more visit.

The simple engines place visits through it, and every explanation asks it; the fast search
keeps its own arrays. It knows the rules of the contract and names the one that is in the way.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from scheduler import reasons
from scheduler.cadre import Cadre
from scheduler.calendar import Minutes, iso_week
from scheduler.household import Household
from scheduler.plan import PlannedVisit, Reason
from scheduler.problem import Problem

SLACK_MIN = 1e-5


@dataclass(frozen=True, slots=True)
class Stop:
    """A visit in a route; `windows` bound its start and end, one of them must hold it."""

    household: Household
    windows: tuple[Minutes, ...]


class Roster:
    """
    Visits placed so far, with the counts that the rules ask for.

    Parameters
    ----------
    problem
        The problem; its locked visits are placed at once, at their times.
    visits
        The visits of a valid plan, placed in their order.
    """

    def __init__(self, problem: Problem, visits: Iterable[PlannedVisit] = ()) -> None:
        self.problem = problem
        self.routes: dict[tuple[str, date], list[Stop]] = defaultdict(list)
        self.dates: dict[str, list[date]] = defaultdict(list)
        self.cadre_of: dict[str, str] = {}
        self.teams: dict[str, dict[date, dict[str, int]]] = defaultdict(
            lambda: defaultdict(lambda: defaultdict(int))
        )
        self.weeks: dict[tuple[str, tuple[int, int]], int] = defaultdict(int)
        self.district: dict[date, int] = defaultdict(int)
        self._days = frozenset(problem.days)
        self._leg: dict[tuple[str, str], float] = {}
        self._fixed = {(x.household, x.date): x.start for x in problem.locked}
        placed = [(x.date, x.cadre, x.start, x.household) for x in visits] or [
            (x.date, x.cadre, x.start, x.household) for x in problem.locked
        ]
        for day, cadre_id, _, household_id in sorted(placed):
            stop = self.stop(problem.household(household_id), day)
            self.place(stop, problem.cadre(cadre_id), day, len(self.routes[cadre_id, day]))

    def stop(self, h: Household, day: date) -> Stop:
        """Return the stop of a household on a day; a locked visit stands at its time."""
        start = self._fixed.get((h.id, day))
        return Stop(h, h.windows if start is None else ((start, start + h.service_min),))

    def place(self, stop: Stop, cadre: Cadre, day: date, position: int) -> None:
        """Put a stop into the route of a cadre and day."""
        h = stop.household
        self.routes[cadre.id, day].insert(position, stop)
        self.dates[h.id].append(day)
        self.dates[h.id].sort()
        self.cadre_of[h.id] = cadre.id
        here = self.teams[h.village][day]
        if not here[cadre.id]:
            self.district[day] += 1
        here[cadre.id] += 1
        self.weeks[h.village, iso_week(day)] += 1

    def is_locked(self, h: Household, day: date) -> bool:
        """Whether a household's visit on a day is locked."""
        return (h.id, day) in self._fixed

    def remove(self, household: Household, day: date) -> int:
        """Take one visit of a household out again; the index it had in its route."""
        cadre_id = self.cadre_of[household.id]
        route = self.routes[cadre_id, day]
        index = next(i for i, s in enumerate(route) if s.household.id == household.id)
        del route[index]
        self.dates[household.id].remove(day)
        if not self.dates[household.id]:
            del self.cadre_of[household.id]
        here = self.teams[household.village][day]
        here[cadre_id] -= 1
        if not here[cadre_id]:
            del here[cadre_id]
            self.district[day] -= 1
        self.weeks[household.village, iso_week(day)] -= 1
        return index

    def obstacles(self, h: Household, c: Cadre, day: date) -> Iterator[Reason]:
        """Each rule that forbids one more visit of this household here, lazily, in order."""
        yield from self._standing(h, c, day)
        yield from self._household_gap(h, c, day)
        yield from self._village_caps(h, c, day)
        route = self.routes.get((c.id, day), [])
        if len(route) >= c.max_visits_per_day:
            yield reasons.day_full(c, day)
        elif day in c.shifts and self.position(h, c, day) is None:
            yield self._why_no_time(h, c, day)

    def may_stand(self, h: Household, c: Cadre, day: date) -> bool:
        """Whether calendar, unit and dates allow it, whatever else is planned."""
        return next(self._standing(h, c, day), None) is None

    def _standing(self, h: Household, c: Cadre, day: date) -> Iterator[Reason]:
        v = self.problem.village(h.village)
        if h.cadre is not None and h.cadre != c.id:
            yield reasons.paired_with(h, c)
        if h.cadre is None and v.unit != c.unit:
            yield reasons.other_unit(v, c)
        if day not in self._days:
            yield reasons.no_working_day(day)
        elif day not in c.shifts:
            yield reasons.no_shift(c, day)
        if day in v.blackout_days:
            yield reasons.blackout(v, day)
        if (h.not_before and day < h.not_before) or (h.not_after and day > h.not_after):
            yield reasons.outside_dates(h, day)
        if h.last_visit is not None and (day - h.last_visit).days < h.gap_days:
            yield reasons.too_soon(h, h.last_visit, day)

    def _household_gap(self, h: Household, c: Cadre, day: date) -> Iterator[Reason]:
        mine = self.dates.get(h.id, [])
        if mine and self.cadre_of[h.id] != c.id:
            yield reasons.other_cadre(h, self.cadre_of[h.id])
        near = [d for d in mine if abs((d - day).days) < h.gap_days]
        if near:
            yield reasons.too_soon(h, near[0], day)

    def _village_caps(self, h: Household, c: Cadre, day: date) -> Iterator[Reason]:
        v = self.problem.village(h.village)
        here = self.teams[v.id]
        now = here.get(day) or {}
        if c.id not in now:
            if len(now) >= v.max_teams_per_day:
                yield reasons.village_teams(v, day, len(now))
            cap = self.problem.district_max_teams_per_day
            if cap is not None and self.district[day] >= cap:
                yield reasons.district_teams(cap, day)
        if not now:
            for n in range(1, v.min_gap_days):
                for other in (day - timedelta(n), day + timedelta(n)):
                    if here.get(other):
                        yield reasons.village_gap(v, day, other)
                        return
        if self.weeks[v.id, iso_week(day)] >= v.max_visits_per_week:
            yield reasons.village_week(v, day)

    def position(self, h: Household, c: Cadre, day: date) -> tuple[float, int] | None:
        """Cheapest place in the route: extra minutes of travel and index; None if none fits."""
        route = self.routes.get((c.id, day), [])
        best: tuple[float, int] | None = None
        stop = Stop(h, h.windows)
        nodes = [c.node, *(s.household.node for s in route), c.node]
        for i in range(len(route) + 1):
            extra = self.leg(nodes[i], h.node) + self.leg(h.node, nodes[i + 1])
            if route:
                extra -= self.leg(nodes[i], nodes[i + 1])
            if (best is None or extra < best[0]) and self.times(
                c, day, [*route[:i], stop, *route[i:]]
            ) is not None:
                best = extra, i
        return best

    def times(self, c: Cadre, day: date, route: list[Stop]) -> list[float] | None:
        """Earliest start of each stop, minutes after midnight; None if the route is too long."""
        at, shift_end = c.shifts[day]
        node, starts = c.node, []
        for stop in route:
            h = stop.household
            at += self.leg(node, h.node)
            fits = [
                max(at, a) for a, b in stop.windows if max(at, a) + h.service_min <= b + SLACK_MIN
            ]
            if not fits:
                return None
            starts.append(min(fits))
            at, node = starts[-1] + h.service_min, h.node
        return starts if at + self.leg(node, c.node) <= shift_end + SLACK_MIN else None

    def leg(self, origin: str, destination: str) -> float:
        """Minutes between two nodes, remembered."""
        key = origin, destination
        if key not in self._leg:
            self._leg[key] = self.problem.travel.minutes(
                (origin, self._point(origin)), (destination, self._point(destination))
            )
        return self._leg[key]

    def visits(self) -> Iterator[PlannedVisit]:
        """Every visit with its times."""
        for (cadre_id, day), route in self.routes.items():
            starts = self.times(self.problem.cadre(cadre_id), day, route)
            if starts is None:
                raise RuntimeError(f"The route of {cadre_id} on {day} has no times.")
            for order, (stop, start) in enumerate(zip(route, starts, strict=True), start=1):
                yield PlannedVisit(
                    household=stop.household.id,
                    cadre=cadre_id,
                    date=day,
                    start=start,
                    end=start + stop.household.service_min,
                    order=order,
                )

    def adopt(self, visits: Iterable[PlannedVisit]) -> None:
        """Place the visits of an earlier plan as far as the rules still allow them."""
        starts = dict(self._fixed)
        for x in sorted(visits, key=lambda x: (x.date, x.cadre, x.start)):
            if not (self.problem.has_household(x.household) and self.problem.has_cadre(x.cadre)):
                continue
            h, c = self.problem.household(x.household), self.problem.cadre(x.cadre)
            if (h.id, x.date) in self._fixed or len(self.dates.get(h.id, [])) >= h.visits_due:
                continue
            if next(self.obstacles(h, c, x.date), None) is not None:
                continue
            stop, route = Stop(h, h.windows), self.routes.get((c.id, x.date), [])
            # In the order that it had: a valid day stays valid when others leave it.
            at = sum(starts.get((s.household.id, x.date), 0.0) < x.start for s in route)
            if self.times(c, x.date, [*route[:at], stop, *route[at:]]) is None:
                found = self.position(h, c, x.date)
                if found is None:
                    continue
                at = found[1]
            self.place(stop, c, x.date, at)
            starts[h.id, x.date] = x.start

    def _point(self, node: str) -> tuple[float, float]:
        kind, _, key = node.partition(":")
        if kind == "base":
            return self.problem.cadre(key).base
        return self.problem.household(key).point

    def _why_no_time(self, h: Household, c: Cadre, day: date) -> Reason:
        out, back = self.leg(c.node, h.node), self.leg(h.node, c.node)
        start, end = c.shifts[day]
        if out + back > end - start:
            return reasons.unreachable(h, c, out + back, end - start)
        if self.times(c, day, [Stop(h, h.windows)]) is not None:
            return reasons.no_room(h, c, day, len(self.routes[c.id, day]))
        return reasons.window_missed(h, c, day, start + out, end - back)
