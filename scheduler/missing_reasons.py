"""
Why a plan lacks visits of a household: the sentences, one function each.

What stands in the way of one visit on one day is said in ``reasons``.
"""

from scheduler.cadre import Cadre
from scheduler.household import Household
from scheduler.plan import Reason
from scheduler.reasons import worded
from scheduler.sentences import said
from scheduler.village import Village


def not_found(h: Household, missing: int) -> Reason:
    """Said plainly: nothing forbids it by itself, the search did not place it."""
    return worded(
        "time-limit",
        "not-found-in-time",
        "The search did not place {missing:visit|visits} of household {household} in the time "
        "given; no rule was found that forbids it.",
        household=h.id,
        missing=missing,
    )


def still_searching(h: Household) -> Reason:
    """The plan is not finished."""
    return worded(
        "time-limit",
        "still-searching",
        "The search is still going on; household {household} has no place yet.",
        household=h.id,
    )


def no_cadre(v: Village) -> Reason:
    """The unit has nobody."""
    return worded(
        "unit",
        "unit-without-cadres",
        "Unit {unit} of village {village} has no cadre.",
        unit=v.unit,
        village=v.id,
    )


def chain_too_short(h: Household, c: Cadre, most: int) -> Reason:
    """No cadre has enough days that are far enough apart."""
    return worded(
        "household-gap",
        "too-few-spaced-days",
        "Household {household} is due {due:visit|visits} {gap:day|days} apart; the best cadre, "
        "{cadre}, has open days for {most} only.",
        household=h.id,
        due=h.visits_due,
        gap=h.gap_days,
        cadre=c.id,
        most=most,
    )


def on_every_day(h: Household, example: Reason, days: int) -> Reason:
    """Nobody can come on any day; the rule that refuses most days, with one of them."""
    facts = {**example.facts, "household": h.id, "refused": days}
    return Reason(
        rule=example.rule,
        code=f"{example.code}-every-day",
        facts=facts,
        detail=said(
            "Nobody can visit household {household} on any day; this rule is in the way "
            "{refused:time|times}, for example: ",
            facts,
        )
        + example.detail,
    )


def village_is_full(rule: str, v: Village, h: Household, missing: int) -> Reason:
    """Proven: the village cannot hold more."""
    return worded(
        rule,
        "village-proven-full",
        "Proven: with {teams:team|teams} a day, {gap:day|days} between visit days and "
        "{week:visit|visits} a week, village {village} cannot hold the {missing:missing visit|"
        "missing visits} of household {household} beside the others.",
        teams=v.max_teams_per_day,
        gap=v.min_gap_days,
        week=v.max_visits_per_week,
        village=v.id,
        missing=missing,
        household=h.id,
    )


def village_is_short(rule: str, v: Village, certified: float, weight: float) -> Reason:
    """Proven: a part of what the village lacks is missing in every plan."""
    return worded(
        rule,
        "village-proven-short",
        "Proven: of what village {village} lacks, {weight:g} when each visit counts its priority, "
        "every plan lacks at least {certified:g}.",
        village=v.id,
        weight=weight,
        certified=certified,
    )


def sessions_are_short(
    rule: str, v: Village, *, cadres: int, visits: int, needed: int, takes: int
) -> Reason:
    """Counted: the cadres of paired households need more sessions than their village takes."""
    return worded(
        rule,
        "village-sessions-short",
        "Proven by counting: for {visits:visit|visits} due to the households paired with them, "
        "village {village} needs {needed:session|sessions} of {cadres:cadre|cadres}; on their "
        "days, {gap:day|days} apart and with {teams:team|teams} a day, it can take {takes}.",
        village=v.id,
        cadres=cadres,
        visits=visits,
        needed=needed,
        takes=takes,
        teams=v.max_teams_per_day,
        gap=v.min_gap_days,
    )


def visits_are_too_many(
    rule: str, v: Village, *, visits: int, most: int, needed: int, takes: int, days: int
) -> Reason:
    """Counted: the visits due need more sessions than the village takes."""
    return worded(
        rule,
        "village-visits-short",
        "Proven by counting: village {village} needs {needed:session|sessions} of at most "
        "{most:visit|visits} for the {visits:visit|visits} due there; it can take {takes}: "
        "{teams:team|teams} on each of {days:day|days}, {gap:day|days} apart.",
        village=v.id,
        visits=visits,
        most=most,
        needed=needed,
        takes=takes,
        days=days,
        teams=v.max_teams_per_day,
        gap=v.min_gap_days,
    )


def weeks_are_short(v: Village, *, visits: int, weeks: int) -> Reason:
    """Counted: more visits are due than the weeks take."""
    return worded(
        "village-week",
        "village-weeks-short",
        "Proven by counting: village {village} is due {visits:visit|visits}, but takes "
        "{week:visit|visits} in each of {weeks:week|weeks}: {takes} in all.",
        village=v.id,
        visits=visits,
        week=v.max_visits_per_week,
        weeks=weeks,
        takes=v.max_visits_per_week * weeks,
    )


def cadres_are_short(
    unit: str, *, cadres: int, days: int, most: int, households: int, visits: int
) -> Reason:
    """Counted: more visits are due than those who may make them have time for."""
    return worded(
        "capacity",
        "cadres-short",
        "Proven by counting: {cadres:cadre|cadres} of unit {unit} can make at most "
        "{most:visit|visits} on {days:working day|working days} together, but nobody else may "
        "make the {visits:visit|visits} due to {households:household|households}.",
        unit=unit,
        cadres=cadres,
        days=days,
        most=most,
        households=households,
        visits=visits,
    )
