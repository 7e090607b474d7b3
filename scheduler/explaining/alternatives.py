"""
Where else could this visit be, and at what price: alternatives of a placed visit, by J.

Every cadre who may come and every day is asked against the plan as it stands; a day in which no
gap is wide enough is ordered anew, exactly. The price is the difference of J, part by part.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from scheduler import reasons
from scheduler.cadre import Cadre
from scheduler.calendar import iso_week
from scheduler.explaining.one_day import timed_day
from scheduler.household import Household
from scheduler.plan import Reason
from scheduler.roster import Roster
from scheduler.score import target_loads

MOST_STOPS = 8
"""Longer days are not ordered anew."""

ABOUT_TIME = frozenset({"no-room-in-the-day", "window-missed", "unreachable"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """
    Another cadre or day for a visit.

    Parameters
    ----------
    cadre, date
        Who would come, and when.
    price
        By how much J would rise; below 0 the plan would get better.
    extra_min
        Minutes on the way that are part of it.
    """

    cadre: str
    date: date
    price: float
    extra_min: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """
    The answer about one household, cadre and day: rules in the way, or the price of a visit.

    Parameters
    ----------
    reasons
        Every rule in the way; empty when the visit is possible.
    alternative
        The visit, or None.
    moved_from
        Day of the planned visit that would move; None for a visit that is missing.
    """

    reasons: tuple[Reason, ...]
    alternative: Alternative | None
    moved_from: date | None


def alternatives(
    roster: Roster, household: str, day: date, *, most: int = 3
) -> tuple[Alternative, ...]:
    """
    Find the cheapest other places of a planned visit.

    Parameters
    ----------
    roster
        The plan (``roster_of``); changed while asking, left as it was.
    household, day
        The visit. A locked one has no alternatives.
    most
        So many at most, the cheapest first.

    Raises
    ------
    KeyError
        If the household has no visit on that day.
    """
    h = roster.problem.household(household)
    if day not in roster.dates.get(h.id, ()):
        raise KeyError(f"Household {household} has no visit on {day}.")
    if roster.is_locked(h, day):
        return ()
    stands = roster.cadre_of[h.id]
    found = []
    with _Lifted(roster, h, day) as lifted:
        for c in lifted.visitors():
            for other in sorted(c.shifts):
                if (c.id, other) == (stands, day) or not roster.may_stand(h, c, other):
                    continue
                place = lifted.place(c, other)
                if place is not None:
                    found.append(place)
    found.sort(key=lambda x: (x.price, x.date, x.cadre))
    return tuple(found[:most])


def ask_cell(roster: Roster, household: str, cadre: str, day: date) -> Cell:
    """
    Tell why a cadre does not visit a household on a day, or what it would cost.

    Asked about a missing visit where one is missing, else about the planned visit that is
    nearest and may move.
    """
    h, c = roster.problem.household(household), roster.problem.cadre(cadre)
    planned = roster.dates.get(h.id, [])
    if len(planned) < h.visits_due:
        with _Lifted(roster, h, None) as lifted:
            return lifted.ask(c, day)
    free = [d for d in planned if not roster.is_locked(h, d)]
    if not free:
        locked = reasons.nothing_to_move(roster.problem.village(h.village))
        return Cell(reasons=(locked,), alternative=None, moved_from=None)
    with _Lifted(roster, h, min(free, key=lambda d: abs((d - day).days))) as lifted:
        return lifted.ask(c, day)


@contextmanager
def lifted_out(roster: Roster, h: Household, day: date) -> Iterator[float]:
    """Take one visit out for a while; gives the minutes on the way that this saves."""
    keeper = roster.problem.cadre(roster.cadre_of[h.id])
    route = roster.routes[keeper.id, day]
    at = next(i for i, stop in enumerate(route) if stop.household.id == h.id)
    stop = route[at]
    nodes = [keeper.node, *(s.household.node for s in route), keeper.node]
    saved = roster.leg(nodes[at], nodes[at + 1]) + roster.leg(nodes[at + 1], nodes[at + 2])
    if len(route) > 1:
        saved -= roster.leg(nodes[at], nodes[at + 2])
    roster.remove(h, day)
    try:
        yield saved
    finally:
        roster.place(stop, keeper, day, at)


class _Lifted:
    """One household's visit in the hand: where may it be put, and what does that cost?"""

    def __init__(self, roster: Roster, h: Household, day: date | None) -> None:
        self._roster = roster
        self._problem = roster.problem
        self._h = h
        self._day = day
        self._out = lifted_out(roster, h, day) if day is not None else None
        self._load = {c.id: 0.0 for c in self._problem.cadres}
        self._reached: dict[str, set[str]] = {c.id: set() for c in self._problem.cadres}
        for (c, _), route in roster.routes.items():
            self._load[c] += sum(stop.household.service_min for stop in route)
            self._reached[c].update(stop.household.id for stop in route)
        self._target = target_loads(self._problem)
        self._before = self._saved_min = 0.0

    def __enter__(self) -> "_Lifted":
        if self._out is not None and self._day is not None:
            keeper = self._roster.cadre_of[self._h.id]
            dates = list(self._roster.dates[self._h.id])
            saved = self._saved_min = self._out.__enter__()
            self._load[keeper] -= self._h.service_min
            if self._h.id not in self._roster.cadre_of:
                self._reached[keeper].discard(self._h.id)
            self._before = self._worth(self._problem.cadre(keeper), self._day, saved)
            self._before += self._spacing(dates)
        else:
            weights = self._problem.weights
            self._before = weights.unplanned * self._h.priority
            self._before += self._spacing(self._roster.dates.get(self._h.id, []))
        return self

    def __exit__(self, *_: object) -> None:
        if self._out is not None:
            self._out.__exit__(None, None, None)

    def visitors(self) -> list[Cadre]:
        """Cadres who may come: the one of its other visits, the paired one, or the unit's."""
        fixed = self._roster.cadre_of.get(self._h.id) or self._h.cadre
        if fixed:
            return [self._problem.cadre(fixed)]
        return self._problem.cadres_of_unit(self._problem.village(self._h.village).unit)

    def ask(self, c: Cadre, day: date) -> Cell:
        """Every rule in the way, or the price."""
        place = self.place(c, day)
        found = () if place else tuple(self._roster.obstacles(self._h, c, day))
        return Cell(reasons=found, alternative=place, moved_from=self._day)

    def place(self, c: Cadre, day: date) -> Alternative | None:
        """The price of a visit by this cadre on this day; None if a rule forbids it."""
        blocked = next(self._roster.obstacles(self._h, c, day), None)
        if blocked is None:
            found = self._roster.position(self._h, c, day)
            extra = found[0] if found else None
        elif blocked.code in ABOUT_TIME and day in c.shifts:
            extra = self._ordered_anew(c, day)
        else:
            extra = None
        if extra is None:
            return None
        price = self._worth(c, day, extra)
        price += self._spacing(sorted([*self._roster.dates.get(self._h.id, []), day]))
        return Alternative(
            cadre=c.id, date=day, price=price - self._before, extra_min=extra - self._saved_min
        )

    def _ordered_anew(self, c: Cadre, day: date) -> float | None:
        """Extra minutes when the day takes the visit in another order."""
        route = [stop.household for stop in self._roster.routes.get((c.id, day), ())]
        if len(route) > MOST_STOPS:
            return None
        made = timed_day(self._problem, c, day, [*route, self._h])
        if made is None:
            return None
        now = [self._problem.household(x.household).node for x in made]
        return self._way(c, now) - self._way(c, [h.node for h in route])

    def _way(self, c: Cadre, nodes: list[str]) -> float:
        legs = pairwise([c.node, *nodes, c.node])
        return sum(self._roster.leg(a, b) for a, b in legs) if nodes else 0.0

    def _worth(self, c: Cadre, day: date, travel_min: float) -> float:
        """What a visit adds to J beside spacing: travel, fairness, crowding, quota."""
        w = self._problem.weights
        load, service = self._load[c.id], self._h.service_min
        here = self._roster.weeks[self._h.village, iso_week(day)]
        added = w.travel * travel_min
        added += w.fairness * ((load + service) ** 2 - load**2) / self._target[c.unit]
        added += w.crowding * ((here + 1) ** 2 - here**2)
        reached = self._reached[c.id]
        if self._h.id not in reached and len(reached) < c.quota:
            added -= w.quota
        return added

    def _spacing(self, days: list[date]) -> float:
        ideal = self._problem.ideal_gap_days(self._h)
        off = sum(abs((b - a).days - ideal) for a, b in pairwise(days))
        return self._problem.weights.spacing * off
