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
        "given; no single rule forbids them.",
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
            "Nobody can visit household {household} on any day; this rule refuses "
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
        "Proven: of the visits that village {village} lacks, {weight:g} counted by priority, at "
        "least {certified:g} are missing in every plan.",
        village=v.id,
        weight=weight,
        certified=certified,
    )
