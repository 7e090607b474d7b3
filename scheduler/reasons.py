"""
The sentences of refusal: one function for each way a rule can stand in the way of one visit.

Every reason names a rule of the contract, a code that pages translate, the facts, and the
English sentence made of them. Reasons why a plan lacks visits: ``missing_reasons``.
"""

from datetime import date

from scheduler.cadre import Cadre
from scheduler.calendar import iso_week
from scheduler.household import Household
from scheduler.plan import Reason
from scheduler.sentences import clock, said
from scheduler.village import Village


def worded(rule: str, code: str, sentence: str, **facts: int | str | float) -> Reason:
    """Make a reason of its facts and its English sentence."""
    return Reason(rule=rule, code=code, facts=facts, detail=said(sentence, facts))


def paired_with(h: Household, c: Cadre) -> Reason:
    """Only the paired cadre may come."""
    return worded(
        "pairing",
        "paired-with-another",
        "Household {household} is paired with {paired}; {cadre} may not come.",
        household=h.id,
        paired=h.cadre or "",
        cadre=c.id,
    )


def other_cadre(h: Household, cadre_id: str) -> Reason:
    """All visits of a household are by one cadre."""
    return worded(
        "pairing",
        "keeps-one-cadre",
        "Household {household} keeps one cadre, and its other visits are by {cadre}.",
        household=h.id,
        cadre=cadre_id,
    )


def other_unit(v: Village, c: Cadre) -> Reason:
    """A village belongs to one unit."""
    return worded(
        "unit",
        "other-unit",
        "Village {village} belongs to unit {unit}, cadre {cadre} to {other}.",
        village=v.id,
        unit=v.unit,
        cadre=c.id,
        other=c.unit,
    )


def no_working_day(day: date) -> Reason:
    """The date is not in the problem."""
    return worded(
        "dates", "not-a-planning-day", "{day} is not a day of this plan.", day=day.isoformat()
    )


def no_shift(c: Cadre, day: date) -> Reason:
    """The cadre is not available."""
    return worded(
        "shift",
        "no-shift",
        "Cadre {cadre} is not available on {day}.",
        cadre=c.id,
        day=day.isoformat(),
    )


def blackout(v: Village, day: date) -> Reason:
    """The village is not to be disturbed."""
    return worded(
        "blackout",
        "blackout",
        "Village {village} takes no visits on {day}.",
        village=v.id,
        day=day.isoformat(),
    )


def outside_dates(h: Household, day: date) -> Reason:
    """Before the first or after the last allowed date."""
    return worded(
        "dates",
        "outside-dates",
        "Household {household} may be visited from {first} to {last}, not on {day}.",
        household=h.id,
        first=h.not_before.isoformat() if h.not_before else "the first day",
        last=h.not_after.isoformat() if h.not_after else "the last day",
        day=day.isoformat(),
    )


def too_soon(h: Household, other: date, day: date) -> Reason:
    """Too close to another visit of the household."""
    return worded(
        "household-gap",
        "household-too-soon",
        "Household {household} is visited on {other}; {day} is {days:day|days} away, and "
        "{needed:day is|days are} needed.",
        household=h.id,
        other=other.isoformat(),
        day=day.isoformat(),
        days=abs((day - other).days),
        needed=h.gap_days,
    )


def village_teams(v: Village, day: date, teams: int) -> Reason:
    """The village already has its teams."""
    return worded(
        "village-teams",
        "village-teams-full",
        "Village {village} already has {teams} of {cap:team|teams} on {day}.",
        village=v.id,
        day=day.isoformat(),
        teams=teams,
        cap=v.max_teams_per_day,
    )


def village_gap(v: Village, day: date, other: date) -> Reason:
    """The village is visited too shortly before or after."""
    return worded(
        "village-gap",
        "village-too-soon",
        "Village {village} is visited on {other}; {day} is {days:day|days} away, and "
        "{needed:day is|days are} needed.",
        village=v.id,
        day=day.isoformat(),
        other=other.isoformat(),
        days=abs((day - other).days),
        needed=v.min_gap_days,
    )


def village_week(v: Village, day: date) -> Reason:
    """The village has its visits of the week."""
    year, week = iso_week(day)
    return worded(
        "village-week",
        "village-week-full",
        "Village {village} already has its {cap:visit|visits} of week {week} of {year}.",
        village=v.id,
        cap=v.max_visits_per_week,
        week=week,
        year=year,
    )


def district_teams(cap: int, day: date) -> Reason:
    """The district has its teams."""
    return worded(
        "district",
        "district-full",
        "The district already has its {cap:team|teams} on {day}.",
        cap=cap,
        day=day.isoformat(),
    )


def day_full(c: Cadre, day: date) -> Reason:
    """The cadre makes no more visits that day."""
    return worded(
        "capacity",
        "cadre-day-full",
        "Cadre {cadre} already makes {cap:visit|visits} on {day}.",
        cadre=c.id,
        cap=c.max_visits_per_day,
        day=day.isoformat(),
    )


def no_room(h: Household, c: Cadre, day: date, stops: int) -> Reason:
    """The route of the day leaves no time."""
    return worded(
        "capacity",
        "no-room-in-the-day",
        "Cadre {cadre} makes {stops:visit|visits} on {day}, which leaves no {minutes:g} min for "
        "household {household} within its windows.",
        cadre=c.id,
        stops=stops,
        day=day.isoformat(),
        minutes=h.service_min,
        household=h.id,
    )


def unreachable(h: Household, c: Cadre, there_and_back: float, shift: float) -> Reason:
    """Too far for the shift."""
    return worded(
        "unreachable",
        "unreachable",
        "The way to household {household} and back takes cadre {cadre} {travel:.0f} of the "
        "{shift:.0f} min of a shift.",
        household=h.id,
        cadre=c.id,
        travel=there_and_back,
        shift=shift,
    )


def window_missed(h: Household, c: Cadre, day: date, first: float, last: float) -> Reason:
    """The cadre can only be there outside the household's windows."""
    return worded(
        "window",
        "window-missed",
        "Cadre {cadre} can be at household {household} on {day} only from {first} to {last}, "
        "but needs {minutes:g} min within one of its windows ({windows}).",
        cadre=c.id,
        household=h.id,
        day=day.isoformat(),
        first=clock(first),
        last=clock(last),
        minutes=h.service_min,
        windows=", ".join(f"{clock(a)}-{clock(b)}" for a, b in h.windows),
    )


def nobody_available(v: Village, day: date, cadres: int) -> Reason:
    """Everybody who may visit the village is away."""
    return worded(
        "shift",
        "nobody-available",
        "Of {cadres:cadre|cadres} who may visit village {village}, none is available on {day}.",
        cadres=cadres,
        village=v.id,
        day=day.isoformat(),
    )


def nobody_due(v: Village) -> Reason:
    """No household of the village is due a visit."""
    return worded(
        "dates", "nobody-due", "No household of village {village} is due a visit.", village=v.id
    )


def nothing_to_move(v: Village) -> Reason:
    """No visit of the village is missing, and none may be moved."""
    return worded(
        "dates",
        "nothing-to-move",
        "No visit of village {village} is missing, and all of them are locked.",
        village=v.id,
    )
