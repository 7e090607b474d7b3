"""
The bottleneck in a sentence: what is needed, and what can be taken, by counting alone.

A village takes so many sessions: teams times the days that its gap, its quiet days and the
cadres' shifts leave. Cadres of paired households need so many there, and so do all visits due
together. Of a unit, a smallest cut between the visits due and the days of its cadres names
those who have too few (Ford and Fulkerson 1956; Hall 1935). Every sentence is counted again
from the problem; whatever does not add up is not said.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ortools.graph.python import max_flow

from scheduler import missing_reasons
from scheduler.cadre import Cadre
from scheduler.calendar import iso_week
from scheduler.engines.search.pieces import routing_unit
from scheduler.explaining.counting import most_apart, most_sessions, most_stops
from scheduler.household import Household
from scheduler.plan import Reason
from scheduler.problem import Problem
from scheduler.village import Village

Group = tuple[str, str]
"""Households of one village with the same cadre; empty where anybody of the unit may come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bottleneck:
    """
    More is due than there is room for.

    Parameters
    ----------
    reason
        The sentence with its numbers.
    missing
        Visits that every plan lacks, at least.
    households
        Among whose visits they are.
    """

    reason: Reason
    missing: int
    households: frozenset[str]


class Bottlenecks:
    """
    The bottlenecks of a problem, each counted once.

    Parameters
    ----------
    problem
        What is asked.
    """

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._in_village: dict[str, list[Household]] = defaultdict(list)
        self._in_unit: dict[str, list[Household]] = defaultdict(list)
        for h in problem.households:
            if h.visits_due > 0:
                self._in_village[h.village].append(h)
                self._in_unit[routing_unit(problem, h)].append(h)
        self._villages: dict[str, Bottleneck | None] = {}
        self._units: dict[str, tuple[Bottleneck, ...]] = {}

    def of(self, household: str) -> Bottleneck | None:
        """Return the bottleneck of a household: that of its village, else of its cadres."""
        h = self._problem.household(household)
        village = self.of_village(h.village)
        if village is not None and household in village.households:
            return village
        cadres = self.of_unit(routing_unit(self._problem, h))
        return next((x for x in cadres if household in x.households), None)

    def of_village(self, village: str) -> Bottleneck | None:
        """Return what a village is short of most: sessions for pairings, for all, or weeks."""
        if village not in self._villages:
            found = self._counted(self._problem.village(village))
            self._villages[village] = max(found, key=lambda x: x.missing, default=None)
        return self._villages[village]

    def of_unit(self, unit: str) -> tuple[Bottleneck, ...]:
        """Return the groups of cadres of a unit who have too few days for those they visit."""
        if unit not in self._units:
            self._units[unit] = tuple(self._cut(unit))
        return self._units[unit]

    def _counted(self, v: Village) -> list[Bottleneck]:
        homes = self._in_village[v.id]
        if not homes:
            return []
        days = self._open_days(v)
        apart = most_apart(days, v.min_gap_days)
        takes = v.max_teams_per_day * apart
        rule = "village-gap" if v.min_gap_days > 1 else "village-teams"
        found = [*self._of_pairings(v, rule, days)]
        due = _due(homes)
        visitors = {c.id: c for h in homes for c in self._visitors(h)}
        most = max((self._most(c, homes, days) for c in visitors.values()), default=0)
        if most and due > takes * most:
            reason = missing_reasons.visits_are_too_many(
                rule, v, visits=due, most=most, needed=-(-due // most), takes=takes, days=apart
            )
            found.append(_bottleneck(reason, due - takes * most, homes))
        weeks = len({iso_week(d) for d in days})
        if due > v.max_visits_per_week * weeks:
            reason = missing_reasons.weeks_are_short(v, visits=due, weeks=weeks)
            found.append(_bottleneck(reason, due - v.max_visits_per_week * weeks, homes))
        return found

    def _of_pairings(self, v: Village, rule: str, days: Sequence[date]) -> Iterator[Bottleneck]:
        """Cadres who must come for their paired households, and the sessions that they need."""
        paired: dict[str, list[Household]] = defaultdict(list)
        for h in self._in_village[v.id]:
            if h.cadre is not None:
                paired[h.cadre].append(h)
        need = {c: self._sessions(c, some, days) for c, some in sorted(paired.items())}
        lacks = self._lacks(v, need, days)
        if lacks <= 0:
            return
        for c in sorted(need):  # whoever is not needed for the proof is left out of it
            fewer = {other: n for other, n in need.items() if other != c}
            if self._lacks(v, fewer, days) == lacks:
                need = fewer
        some = [h for c in need for h in paired[c]]
        needed = sum(need.values())
        reason = missing_reasons.sessions_are_short(
            rule, v, cadres=len(need), visits=_due(some), needed=needed, takes=needed - lacks
        )
        yield _bottleneck(reason, lacks, some)

    def _lacks(self, v: Village, need: Mapping[str, int], days: Sequence[date]) -> int:
        """Sessions that cadres need and the village cannot take."""
        cadres = [self._problem.cadre(c) for c in need]
        return sum(need.values()) - most_sessions(
            [(n, c.shifts) for n, c in zip(need.values(), cadres, strict=True)],
            days, gap=v.min_gap_days, teams=v.max_teams_per_day,
        )  # fmt: skip

    def _open_days(self, v: Village) -> list[date]:
        """Days on which the village is open and somebody who may come is on duty."""
        duty = {d for h in self._in_village[v.id] for c in self._visitors(h) for d in c.shifts}
        return [d for d in self._problem.days if d in duty and d not in v.blackout_days]

    def _visitors(self, h: Household) -> Sequence[Cadre]:
        p = self._problem
        if h.cadre is not None:
            return (p.cadre(h.cadre),)
        return p.cadres_of_unit(p.village(h.village).unit)

    def _sessions(self, cadre: str, homes: Sequence[Household], days: Iterable[date]) -> int:
        """Sessions that the visits of one cadre in one village need at least."""
        most = max(1, self._most(self._problem.cadre(cadre), homes, days))
        return max(max(h.visits_due for h in homes), -(-_due(homes) // most))

    def _most(self, c: Cadre, homes: Sequence[Household], days: Iterable[date]) -> int:
        """Most of these households that the cadre can visit on one of these days."""
        return max((most_stops(c, homes, d) for d in days if d in c.shifts), default=0)

    def _cut(self, unit: str) -> Iterable[Bottleneck]:
        """Groups of households whose visits exceed what all their cadres can make."""
        groups: dict[Group, list[Household]] = defaultdict(list)
        for h in self._in_unit[unit]:
            groups[h.village, h.cadre or ""].append(h)
        homes: dict[str, list[Household]] = defaultdict(list)
        for group, some in groups.items():
            for c in self._cadres_of(group):
                homes[c.id] += some
        can = {c: self._can_make(self._problem.cadre(c), some) for c, some in homes.items()}
        short = self._source_side(groups, {c: sum(n) for c, n in can.items()})
        while short:
            members, cadres = self._together(short)
            short -= members
            some = [h for group in members for h in groups[group]]
            most = sum(sum(can[c]) for c in cadres)
            if _due(some) > most:
                reason = missing_reasons.cadres_are_short(
                    unit, cadres=len(cadres), days=sum(len(can[c]) for c in cadres), most=most,
                    households=len(some), visits=_due(some),
                )  # fmt: skip
                yield _bottleneck(reason, _due(some) - most, some)

    def _cadres_of(self, group: Group) -> Sequence[Cadre]:
        village, paired = group
        p = self._problem
        return (p.cadre(paired),) if paired else p.cadres_of_unit(p.village(village).unit)

    def _can_make(self, c: Cadre, homes: Sequence[Household]) -> list[int]:
        """Visits on each day on which one of these villages is open."""
        villages = [self._problem.village(key) for key in {h.village for h in homes}]
        return [
            most_stops(c, homes, d)
            for d in self._problem.days
            if d in c.shifts and any(d not in v.blackout_days for v in villages)
        ]

    def _source_side(self, groups: dict[Group, list[Household]], can: dict[str, int]) -> set[Group]:
        """Groups on the side of the visits due, in the smallest cut towards the cadres' days."""
        villages = sorted({village for village, _ in groups})
        nodes: list[object] = ["due", "days", *villages, *groups, *can]
        at = {node: i for i, node in enumerate(nodes)}
        flow = max_flow.SimpleMaxFlow()
        everything = sum(_due(some) for some in groups.values())
        for village in villages:
            due = sum(_due(some) for (where, _), some in groups.items() if where == village)
            bottleneck = self.of_village(village)
            lacks = bottleneck.missing if bottleneck else 0
            flow.add_arc_with_capacity(at["due"], at[village], max(0, due - lacks))
        for group, some in groups.items():
            flow.add_arc_with_capacity(at[group[0]], at[group], _due(some))
            for c in self._cadres_of(group):
                flow.add_arc_with_capacity(at[group], at[c.id], everything)
        for c_id, visits in can.items():
            flow.add_arc_with_capacity(at[c_id], at["days"], visits)
        flow.solve(at["due"], at["days"])
        side = set(flow.get_source_side_min_cut())
        return {group for group in groups if at[group] in side and at[group[0]] in side}

    def _together(self, groups: set[Group]) -> tuple[set[Group], set[str]]:
        """One of the groups and all that share cadres with it, directly or by others."""
        members: set[Group] = set()
        cadres: set[str] = set()
        waiting = [min(groups)]
        while waiting:
            group = waiting.pop()
            members.add(group)
            cadres |= {c.id for c in self._cadres_of(group)}
            waiting += [
                other
                for other in groups - members
                if cadres & {c.id for c in self._cadres_of(other)} and other not in waiting
            ]
        return members, cadres


def _bottleneck(reason: Reason, missing: int, homes: Iterable[Household]) -> Bottleneck:
    return Bottleneck(reason=reason, missing=missing, households=frozenset(h.id for h in homes))


def _due(homes: Iterable[Household]) -> int:
    return sum(h.visits_due for h in homes)
