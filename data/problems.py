"""
From what we know to what is asked: a campaign becomes one anonymous planning problem.

Ids are registry numbers and 12-digit codes; names, phones and reasons for care stay behind.
Whoever is owed a visit but cannot be asked of a planner at all (no point, no road, no unit,
no common hour) is listed as left out, with the reason, and never dropped in silence.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from data.calendar import each_day
from data.hours import shifts, windows_of
from data.left_out import LeftOut, cut_off, why_left_out
from data.rules import CampaignRules
from data.store.blackouts import load_closed_days
from data.store.cadres import active_cadres, days_away
from data.store.calendar import load_working_days
from data.store.contacts import households_visited, visit_days
from data.store.households import owed_sites, village_of_household
from data.store.regions import load_regions
from data.store.roads import KeptMatrix
from data.store.units import load_units, unit_of_village
from data.tables import Campaign
from data.travel_times import TravelTimes, travel_times
from scheduler.cadre import Cadre
from scheduler.household import Household
from scheduler.problem import Problem
from scheduler.travel import MatrixTravel, Travel
from scheduler.village import Village
from scheduler.weights import Weights

VISITS_PER_SESSION = 5
"""Households one team visits in a village on one day, for the even share of the district."""

FEWEST_TEAMS = 2
"""The district's cap that follows from the even share is never below this."""


class CannotPlan(Exception):
    """A campaign that holds nothing to plan; ``code`` says what is missing."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Assembled:
    """
    A problem with what must be remembered beside it.

    Parameters
    ----------
    problem
        What the planner is asked.
    left_out
        Owed households outside the problem.
    travel_engine
        ``road`` or ``line``.
    facts
        Source of the travel times, and counts.
    fresh_matrix
        A travel matrix to keep.
    """

    problem: Problem
    left_out: tuple[LeftOut, ...]
    travel_engine: str
    facts: dict[str, Any]
    fresh_matrix: KeptMatrix | None


def assemble(session: Session, campaign: Campaign, *, today: date | None = None) -> Assembled:
    """
    Build the problem of a campaign as things stand.

    Parameters
    ----------
    session
        Only read.
    campaign
        Period, rules and who takes part.
    today
        Days before it are past: visits made on them count, none is planned on them.

    Raises
    ------
    CannotPlan
        If there is no day, nobody to visit, or nobody who could.
    """
    rules = CampaignRules.read(campaign.rules)
    days = _days(session, campaign, today)
    visits = visit_days(session)
    cadres = _cadres(session, campaign, rules, days)
    sites, left_out = _sites(session, campaign, rules, visits)
    times = _travel(session, rules, cadres, sites)
    sites, unreachable = _without_cut_off(cadres, sites, times)
    if not sites:
        raise CannotPlan("nothing-to-plan", "No household of the campaign is owed a visit.")
    villages = _villages(session, rules, days, visits)
    problem = Problem(
        name=f"campaign-{campaign.id}",
        days=days,
        units=tuple(unit.number for unit in load_units(session).values()),
        villages=villages,
        cadres=tuple(cadres),
        households=tuple(sites),
        travel=_only_reached(times, cadres, sites),
        district_max_teams_per_day=_district_cap(rules, sites, days),
        weights=Weights(
            unplanned=rules.weight_unplanned,
            quota=rules.weight_quota,
            travel=rules.weight_travel,
            fairness=rules.weight_fairness,
            crowding=rules.weight_crowding,
            spacing=rules.weight_spacing,
        ),
    )
    everybody = tuple(sorted(left_out + unreachable, key=lambda left: left.household))
    return Assembled(
        problem=problem,
        left_out=everybody,
        travel_engine=times.engine,
        facts=times.facts | {"households": len(sites), "left_out": len(everybody)},
        fresh_matrix=times.fresh,
    )


def _days(session: Session, campaign: Campaign, today: date | None) -> tuple[date, ...]:
    first = campaign.first_day if today is None else max(campaign.first_day, today)
    days = load_working_days(session, first, campaign.last_day)
    if not days:
        raise CannotPlan("no-working-day", "The campaign has no working day left.")
    return days


def _cadres(
    session: Session, campaign: Campaign, rules: CampaignRules, days: Sequence[date]
) -> list[Cadre]:
    away = days_away(session, days[0], days[-1])
    visited = households_visited(session, campaign.first_day, campaign.last_day)
    units = load_units(session)
    cadres = [
        Cadre(
            id=row.number,
            unit=units[row.unit_id].number,
            base=(row.base_lon, row.base_lat),
            shifts=shifts(row, rules, (d for d in days if d not in away.get(row.id, ()))),
            max_visits_per_day=min(row.max_visits_per_day, rules.max_visits_per_day),
            quota=max(0, rules.quota(row.role, row.quota) - visited.get(row.id, 0)),
        )
        for row in active_cadres(session)
    ]
    if not any(cadre.shifts for cadre in cadres):
        raise CannotPlan("nobody-available", "No cadre is available on any day of the campaign.")
    return cadres


def _sites(
    session: Session,
    campaign: Campaign,
    rules: CampaignRules,
    visits: Mapping[int, Sequence[date]],
) -> tuple[list[Household], list[LeftOut]]:
    regions = load_regions(session)
    unit_of = unit_of_village(session)
    cadre_number = {row.id: row.number for row in active_cadres(session)}
    sites: list[Household] = []
    left_out: list[LeftOut] = []
    for site in owed_sites(session, campaign):
        made = visits.get(site.id, [])
        due = site.visits_due - sum(campaign.first_day <= d <= campaign.last_day for d in made)
        if due <= 0:
            continue
        service_min = max(site.service_min, rules.service_floor_min)
        windows = windows_of(site, rules)
        reason = why_left_out(
            site,
            village=regions[site.village_id].code,
            has_unit=site.village_id in unit_of,
            windows=windows,
            service_min=service_min,
        )
        if reason is not None:
            left_out.append(LeftOut(household=site.number, missing=due, reason=reason))
            continue
        assert site.lon is not None and site.lat is not None  # noqa: S101 - else left out
        sites.append(
            Household(
                id=site.number,
                village=regions[site.village_id].code,
                point=(site.lon, site.lat),
                visits_due=due,
                min_gap_days=max(site.min_gap_days, rules.household_min_gap_days),
                service_min=float(service_min),
                windows=tuple((float(a), float(b)) for a, b in windows),
                # A pairing with somebody who left the register binds nobody.
                cadre=cadre_number.get(site.paired_cadre_id or 0),
                last_visit=made[-1] if made else None,
                not_before=site.not_before,
                not_after=site.not_after,
                priority=float(max(1, site.priority)),
            )
        )
    return sites, left_out


def _travel(
    session: Session,
    rules: CampaignRules,
    cadres: Sequence[Cadre],
    sites: Sequence[Household],
) -> TravelTimes:
    places = [(c.node, c.base) for c in cadres] + [(h.node, h.point) for h in sites]
    lonlat = np.array([point for _, point in places], dtype=np.float64).reshape(-1, 2)
    return travel_times(session, rules, [node for node, _ in places], lonlat, len(cadres))


def _without_cut_off(
    cadres: Sequence[Cadre], sites: Sequence[Household], times: TravelTimes
) -> tuple[list[Household], list[LeftOut]]:
    reached: list[Household] = []
    left_out: list[LeftOut] = []
    for position, site in enumerate(sites, start=len(cadres)):
        if position in times.cut_off:
            left_out.append(cut_off(site, str(times.facts["mode"])))
        else:
            reached.append(site)
    return reached, left_out


def _only_reached(
    times: TravelTimes, cadres: Sequence[Cadre], sites: Sequence[Household]
) -> Travel:
    if not isinstance(times.travel, MatrixTravel):
        return times.travel
    wanted = {c.node for c in cadres} | {h.node for h in sites}
    rows = [i for i, node in enumerate(times.travel.nodes) if node in wanted]
    return MatrixTravel(
        nodes=tuple(times.travel.nodes[i] for i in rows),
        matrix=times.travel.matrix[np.ix_(rows, rows)],
    )


def _villages(
    session: Session,
    rules: CampaignRules,
    days: Sequence[date],
    visits: Mapping[int, Sequence[date]],
) -> tuple[Village, ...]:
    regions = load_regions(session)
    units = load_units(session)
    unit_of = unit_of_village(session)
    closed = load_closed_days(session, days)
    last_visit = _last_visit_of_village(session, visits, days[0])
    return tuple(
        Village(
            id=region.code,
            unit=units[unit_of[region.id]].number,
            blackout_days=frozenset(closed.get(region.id, ()))
            | _resting(last_visit.get(region.id), rules.village_min_gap_days, days),
            max_teams_per_day=rules.village_max_teams_per_day,
            max_visits_per_week=rules.village_max_visits_per_week,
            min_gap_days=rules.village_min_gap_days,
        )
        for region in regions.values()
        if region.is_village and region.id in unit_of
    )


def _last_visit_of_village(
    session: Session, visits: Mapping[int, Sequence[date]], before: date
) -> dict[int, date]:
    last: dict[int, date] = {}
    for household_id, village_id in village_of_household(session).items():
        for day in visits.get(household_id, ()):
            if day < before:
                last[village_id] = max(day, last.get(village_id, day))
    return last


def _resting(last: date | None, gap_days: int, days: Sequence[date]) -> frozenset[date]:
    """Days on which a village still rests from a visit made before the horizon."""
    if last is None or gap_days < 1:
        return frozenset()
    rest = set(each_day(last, last + timedelta(days=gap_days - 1)))
    return frozenset(day for day in days if day in rest)


def _district_cap(rules: CampaignRules, sites: Sequence[Household], days: Sequence[date]) -> int:
    if rules.district_max_teams_per_day is not None:
        return rules.district_max_teams_per_day
    sessions = sum(site.visits_due for site in sites) / VISITS_PER_SESSION
    even_share = sessions / len(days)
    return max(FEWEST_TEAMS, math.ceil(rules.district_share * even_share))
