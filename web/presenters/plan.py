"""A plan in figures and words: overview, parts of the objective, comparison, who is told."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from data.tables import Plan
from scheduler.measures.disturbance import Disturbance
from scheduler.metrics import Metrics
from web import i18n
from web.presenters.words import number, percent, short_date, signed
from web.usecases.plan_figures import PlanFigures
from web.usecases.read_plan import Names, OpenPlan, Visits

STATES: Mapping[str, tuple[Any, str, str]] = {
    "draft": (_l("Draft"), "", "pencil"),
    "published": (_l("Published"), "good", "megaphone"),
    "replaced": (_l("Replaced"), "", "clock-history"),
}
"""State of a plan -> its name, tone and icon."""

STATUS: Mapping[str, Any] = {
    "optimal": _l("Proven: no plan is better."),
    "feasible": _l("Keeps every rule; a better plan may exist."),
    "stopped": _l("Stopped by hand; the best plan found until then."),
}

ENGINES: Mapping[str, Any] = {
    "road": _l("along roads"),
    "line": _l("straight line × detour"),
}

PARTS: tuple[tuple[str, Any, Any], ...] = (
    (
        "unplanned",
        _l("Missing visits"),
        _l("Each visit that is due but not planned, times the priority of its household."),
    ),
    (
        "quota",
        _l("Quotas not reached"),
        _l("Each household that a cadre stays short of his quota of distinct households."),
    ),
    (
        "travel",
        _l("Time on the way"),
        _l("Minutes from base to door to door and back, of all cadres and days."),
    ),
    (
        "fairness",
        _l("Uneven work"),
        _l("Work above the unit's even share weighs more than in proportion."),
    ),
    (
        "crowding",
        _l("Crowding"),
        _l("Many visits in one village in one week weigh more than in proportion."),
    ),
    (
        "spacing",
        _l("Uneven spacing"),
        _l("Days by which the gaps between visits of a household miss even spacing."),
    ),
)
"""Parts of the objective J: key, name, definition."""

DISTURBANCES: tuple[tuple[str, Any, Any], ...] = (
    (
        "close_village_days",
        _l("Village visited again too soon"),
        _l("Pairs of successive visit days of a village closer than its gap, all units together."),
    ),
    (
        "close_household_visits",
        _l("Household visited again too soon"),
        _l("Pairs of successive visits of a household closer than its gap."),
    ),
    (
        "blackout_sessions",
        _l("Sessions on quiet days"),
        _l("Sessions on a day on which the village takes no visits: market day, farming season."),
    ),
    (
        "crowded_village_days",
        _l("Village days with too many teams"),
        _l("Days on which a village receives more teams than the rules allow."),
    ),
    (
        "peak_sessions",
        _l("Most sessions on one day"),
        _l("Sessions (one cadre in one village) on the fullest day of the district."),
    ),
)
"""What is compared with the uncoordinated baseline: key, name, definition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a table of figures; ``values`` are already words."""

    name: str
    definition: str
    values: tuple[str, ...]
    better: int | None = None


MODES: Mapping[str, Any] = {
    "car": _l("by car"),
    "ebike": _l("by e-bike"),
    "foot": _l("on foot"),
}


def travel_words(plan: Plan) -> str:
    """Say where the travel times of a plan come from; empty when nothing was noted."""
    facts = plan.facts
    mode = MODES.get(facts.get("mode", ""), "")
    roads = i18n.of_data(facts.get("roads", ""))
    if plan.travel_engine == "road" and "roads" in facts:
        return str(_("Travel times along roads (%(roads)s), %(mode)s.", roads=roads, mode=mode))
    if "measured_on" in facts:
        return str(
            _(
                "Travel times from straight lines at %(speed)s km/h, measured on %(stops)s stops "
                "along roads (%(roads)s), %(mode)s.",
                speed=number(facts["speed_kmh"], 1),
                stops=facts["measured_on"],
                roads=roads,
                mode=mode,
            )
        )
    if "speed_kmh" in facts:
        return str(
            _(
                "Travel times from straight lines, lengthened %(detour)s times, at %(speed)s km/h, "
                "%(mode)s.",
                detour=facts["detour"],
                speed=number(facts["speed_kmh"]),
                mode=mode,
            )
        )
    return ""


def objective_lines(metrics: Metrics) -> list[Line]:
    """Word the parts of J: value and share."""
    return [
        Line(
            name=str(name),
            definition=str(definition),
            values=(
                number(getattr(metrics, key)),
                percent(getattr(metrics, key) / metrics.J if metrics.J else None),
            ),
        )
        for key, name, definition in PARTS
    ]


def disturbance_lines(own: Disturbance, baseline: Disturbance) -> list[Line]:
    """Word the plan beside the uncoordinated baseline."""
    return [
        Line(
            name=str(name),
            definition=str(definition),
            values=(
                number(getattr(own, key)),
                _mean(getattr(baseline, key)),
            ),
        )
        for key, name, definition in DISTURBANCES
    ]


def comparison_lines(a: PlanFigures, b: PlanFigures) -> list[Line]:
    """Word two plans side by side; ``better`` is the position of the better one."""
    rows = (
        (_("Missing visits"), a.metrics.missing_visits, b.metrics.missing_visits, -1, 0),
        (_("Households reached"), a.households_reached, b.households_reached, 1, 0),
        (_("Quotas not reached"), a.metrics.quota_shortfall, b.metrics.quota_shortfall, -1, 0),
        (_("Hours on the way"), a.metrics.travel_min / 60, b.metrics.travel_min / 60, -1, 1),
        (_("Days out, all cadres"), a.metrics.cadre_days, b.metrics.cadre_days, -1, 0),
        (_("Most sessions on one day"), a.own.peak_sessions, b.own.peak_sessions, -1, 0),
        (_("Objective J"), a.metrics.J, b.metrics.J, -1, 0),
    )
    return [
        Line(
            name=name,
            definition="",
            values=(number(x, digits), number(y, digits), signed(y - x, digits)),
            better=None if x == y else int((y - x) * sign > 0),
        )
        for name, x, y, sign, digits in rows
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Who is told what when a plan is published."""

    name: str
    place: str
    visits: int
    days: int
    first: str
    changed: int


def told_cadres(
    opened: OpenPlan, names: Names, changed: Mapping[str, tuple[Visits, Visits]]
) -> list[Told]:
    """List the cadres by unit and name with what each gets to do."""
    moved = Counter(who for old, new in changed.values() for who in {x.cadre for x in (*old, *new)})
    days = defaultdict(list)
    count: Counter[str] = Counter()
    for (cadre, day), visits in opened.by_cadre_day.items():
        days[cadre].append(day)
        count[cadre] += len(visits)
    rows = [
        Told(
            name=names.cadre(c.id),
            place=names.unit(c.unit),
            visits=count[c.id],
            days=len(days[c.id]),
            first=short_date(min(days[c.id], default=None)),
            changed=moved[c.id],
        )
        for c in opened.problem.cadres
    ]
    return sorted(rows, key=lambda row: (row.place, row.name))


def told_villages(
    opened: OpenPlan, names: Names, changed: Mapping[str, tuple[Visits, Visits]]
) -> list[Told]:
    """List the visited villages by town and name with what each has to expect."""
    moved = Counter(opened.village_of(h) for h in changed if opened.problem.has_household(h))
    count: Counter[str] = Counter()
    for (code, _day), visits in opened.by_village_day.items():
        count[code] += len(visits)
    rows = [
        Told(
            name=names.village(code),
            place=names.town(code),
            visits=count[code],
            days=len(days),
            first=short_date(days[0]),
            changed=moved[code],
        )
        for code, days in opened.days_of_village.items()
    ]
    return sorted(rows, key=lambda row: (row.place, row.name))


def _mean(value: float) -> str:
    return number(value, 0 if value >= 20 or not value % 1 else 1)
