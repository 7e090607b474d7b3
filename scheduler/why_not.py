"""
Why is there no visit here on this day: the rules in the way, or the price of one.

The question is asked of a village. What the village itself forbids comes first; then each
household's visit that could be moved here, or is missing, is tried against the whole plan.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from scheduler import reasons
from scheduler.cadre import Cadre
from scheduler.calendar import iso_week
from scheduler.explaining.alternatives import lifted_out
from scheduler.household import Household
from scheduler.plan import Plan, Reason
from scheduler.problem import Problem
from scheduler.roster import Roster
from scheduler.village import Village

MOST_REASONS = 3
CANDIDATES = 24
"""Households tried; a village of hundreds is answered from those, evenly chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Possible:
    """
    The cheapest visit that would fit.

    Parameters
    ----------
    household, cadre
        Ids.
    extra_min
        Minutes on the way it adds, less those it saves where it is moved from.
    moved_from
        Day the visit stands on now; None for one that is missing.
    """

    household: str
    cadre: str
    extra_min: float
    moved_from: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyNot:
    """
    The answer.

    Parameters
    ----------
    reasons
        Rules in the way; empty when a visit is possible.
    possible
        The cheapest visit that breaks no rule, or None.
    """

    reasons: tuple[Reason, ...]
    possible: Possible | None = None


def why_not(roster: Roster, village_id: str, day: date) -> WhyNot:
    """
    Tell why a village has no visit on a day, or what one would cost.

    Parameters
    ----------
    roster
        The plan (``roster_of``); changed while asking, left as it was.
    village_id, day
        The empty cell. A village that already has visits that day is asked for one team more.
    """
    village = roster.problem.village(village_id)
    homes = [h for h in roster.problem.households if h.village == village_id and h.visits_due > 0]
    if not homes:
        return WhyNot(reasons=(reasons.nobody_due(village),))
    found = (*_of_village(roster, village, day), *_of_cadres(roster, village, homes, day))
    if found:
        return WhyNot(reasons=found)
    counted: Counter[str] = Counter()
    first: dict[str, Reason] = {}
    best: Possible | None = None
    for h in homes[:: -(-len(homes) // CANDIDATES)]:
        for c in _visitors(roster, h):
            for moved_from in _movable(roster, h):
                obstacle, possible = _tried(roster, h, c, day, moved_from)
                if possible and (best is None or possible.extra_min < best.extra_min):
                    best = possible
                elif obstacle:
                    told = obstacle.code or obstacle.rule
                    counted[told] += 1
                    first.setdefault(told, obstacle)
    if best is not None:
        return WhyNot(reasons=(), possible=best)
    common = tuple(first[code] for code, _ in counted.most_common(MOST_REASONS))
    return WhyNot(reasons=common or (reasons.nothing_to_move(village),))


def roster_of(problem: Problem, plan: Plan) -> Roster:
    """Lay out a valid plan so that it can be asked."""
    return Roster(problem, plan.visits)


def _of_village(roster: Roster, v: Village, day: date) -> Iterator[Reason]:
    """What forbids a further team in the village, whoever is visited there."""
    if day not in roster.problem.days:
        yield reasons.no_working_day(day)
        return
    if day in v.blackout_days:
        yield reasons.blackout(v, day)
    here = roster.teams[v.id]
    if not here.get(day):
        for step in (-1, 1):
            near = (day + timedelta(step * n) for n in range(1, v.min_gap_days))
            other = next((d for d in near if here.get(d)), None)
            if other is not None:
                yield reasons.village_gap(v, day, other)
    elif len(here[day]) >= v.max_teams_per_day:
        yield reasons.village_teams(v, day, len(here[day]))
    if roster.weeks[v.id, iso_week(day)] >= v.max_visits_per_week:
        yield reasons.village_week(v, day)
    cap = roster.problem.district_max_teams_per_day
    if cap is not None and roster.district[day] >= cap:
        yield reasons.district_teams(cap, day)


def _of_cadres(
    roster: Roster, v: Village, homes: Sequence[Household], day: date
) -> Iterator[Reason]:
    """Whether anybody who may visit the village is there that day at all."""
    team = {c.id: c for c in roster.problem.cadres_of_unit(v.unit)}
    team |= {h.cadre: roster.problem.cadre(h.cadre) for h in homes if h.cadre is not None}
    if day in roster.problem.days and not any(day in c.shifts for c in team.values()):
        yield reasons.nobody_available(v, day, len(team))


def _visitors(roster: Roster, h: Household) -> list[Cadre]:
    """Cadres who may come: the paired one, or the one of its other visits, or all of the unit."""
    problem = roster.problem
    if h.cadre is not None:
        return [problem.cadre(h.cadre)]
    if len(roster.dates.get(h.id, [])) > 1:
        return [problem.cadre(roster.cadre_of[h.id])]
    return problem.cadres_of_unit(problem.village(h.village).unit)


def _movable(roster: Roster, h: Household) -> list[date | None]:
    """Days whose visit could be moved; None stands for a visit that is missing."""
    locked = {x.date for x in roster.problem.locked if x.household == h.id}
    planned = roster.dates.get(h.id, [])
    if len(planned) < h.visits_due:
        return [None]
    return [d for d in planned if d not in locked]


def _tried(
    roster: Roster, h: Household, c: Cadre, day: date, moved_from: date | None
) -> tuple[Reason | None, Possible | None]:
    if moved_from is None:
        return _asked(roster, h, c, day, None, 0.0)
    with lifted_out(roster, h, moved_from) as saved:
        return _asked(roster, h, c, day, moved_from, saved)


def _asked(
    roster: Roster, h: Household, c: Cadre, day: date, moved_from: date | None, saved: float
) -> tuple[Reason | None, Possible | None]:
    obstacle = next(roster.obstacles(h, c, day), None)
    if obstacle is not None:
        return obstacle, None
    fits = roster.position(h, c, day)
    if fits is None:
        return None, None
    return None, Possible(
        household=h.id, cadre=c.id, extra_min=fits[0] - saved, moved_from=moved_from
    )
