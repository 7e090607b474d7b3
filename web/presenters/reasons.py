"""
Reasons in the reader's language: a sentence with its numbers, and a way out.

The scheduler gives a rule, a code and facts; here each code has its words. Ids become
names: village codes, cadre and unit numbers. A household stays its registry number.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from web.presenters.counted import WithNouns
from web.presenters.counted import by_number as _n
from web.presenters.words import long_date
from web.usecases.read_plan import Names

RULES: Mapping[str, Any] = {
    "window": _l("Visiting hours"),
    "shift": _l("Cadre's time"),
    "capacity": _l("Cadre's day is full"),
    "village-gap": _l("Village gap"),
    "village-teams": _l("Teams per village and day"),
    "village-week": _l("Visits per village and week"),
    "blackout": _l("Quiet day"),
    "household-gap": _l("Household gap"),
    "pairing": _l("Pairing"),
    "unit": _l("Unit of the village"),
    "dates": _l("Dates"),
    "district": _l("Teams in the district"),
    "unreachable": _l("Not reachable"),
    "time-limit": _l("Not found in time"),
}
"""Rule of the contract -> what people call it."""

WAYS_OUT: Mapping[str, Any] = {
    "window": _l("Ask the household for other hours, or give the cadre a longer shift."),
    "shift": _l("Choose a day on which the cadre is available, or change the absence."),
    "capacity": _l("Allow one more visit a day, or link another cadre to this village."),
    "village-gap": _l("Choose a later day, or shorten the village gap in the rules."),
    "village-teams": _l("Choose another day, or allow one more team a day in the rules."),
    "village-week": _l("Choose another week, or allow more visits a week in the rules."),
    "blackout": _l("Choose another day; ask the village before lifting a quiet day."),
    "household-gap": _l("Choose a later day, or lower the visits due of this household."),
    "pairing": _l("Plan the paired cadre, or hand the pairing over to a successor."),
    "unit": _l("Send a cadre of the village's own unit, or link the village to another unit."),
    "dates": _l("Choose a day within the campaign and within the household's dates."),
    "district": _l("Choose a quieter day, or raise the district's limit in the rules."),
    "unreachable": _l("Check the point on the map and the roads around it, or start from nearer."),
    "time-limit": _l("Solve again with more time."),
}
"""Rule of the contract -> what can be done about it."""

SENTENCES: Mapping[str, Any] = {
    "paired-with-another": _l(
        "Household %(household)s is paired with %(paired)s, so %(cadre)s may not come."
    ),
    "keeps-one-cadre": _l(
        "Household %(household)s keeps one cadre; its other visits are made by %(cadre)s."
    ),
    "other-unit": _l("%(village)s belongs to %(unit)s, but %(cadre)s works for %(other)s."),
    "not-a-planning-day": _l("%(day)s is not a working day of this campaign."),
    "no-shift": _l("%(cadre)s is not available on %(day)s."),
    "blackout": _l("%(village)s takes no visits on %(day)s (quiet day)."),
    "outside-dates": _l(
        "Household %(household)s may be visited from %(first)s to %(last)s, not on %(day)s."
    ),
    "household-too-soon": _l(
        "Household %(household)s is visited on %(other)s: %(days)s of the %(needed)s days that the "
        "household gap asks for."
    ),
    "village-teams-full": _n(
        "%(village)s already has %(teams)s of at most %(cap)s team on %(day)s.",
        "%(village)s already has %(teams)s of at most %(cap)s teams on %(day)s.",
        "cap",
    ),
    "village-too-soon": _l(
        "%(village)s is visited on %(other)s: %(days)s of the %(needed)s days that the village gap "
        "asks for."
    ),
    "village-week-full": _n(
        "%(village)s already has its %(cap)s visit of week %(week)s in %(year)s.",
        "%(village)s already has its %(cap)s visits of week %(week)s in %(year)s.",
        "cap",
    ),
    "district-full": _n(
        "The district already has its %(cap)s team on %(day)s.",
        "The district already has its %(cap)s teams on %(day)s.",
        "cap",
    ),
    "cadre-day-full": _n(
        "%(cadre)s already makes %(cap)s visit on %(day)s, the most for one day.",
        "%(cadre)s already makes %(cap)s visits on %(day)s, the most for one day.",
        "cap",
    ),
    "no-room-in-the-day": _n(
        "%(cadre)s makes %(stops)s visit on %(day)s, which leaves no time for %(minutes)s "
        "minutes at household %(household)s.",
        "%(cadre)s makes %(stops)s visits on %(day)s, which leaves no time for %(minutes)s "
        "minutes at household %(household)s.",
        "stops",
    ),
    "unreachable": _l(
        "To household %(household)s and back takes %(cadre)s %(travel)s minutes, of a shift of "
        "%(shift)s."
    ),
    "window-missed": _l(
        "%(cadre)s can be at household %(household)s on %(day)s only from %(first)s to %(last)s; "
        "%(minutes)s minutes fit none of its hours (%(windows)s)."
    ),
    "not-found-in-time": _l(
        "The search found no place for household %(household)s in the time given (visits: "
        "%(missing)s); no single rule forbids it."
    ),
    "still-searching": _l(
        "The search is still going on; household %(household)s has no place yet."
    ),
    "unit-without-cadres": _l("%(unit)s, which answers for %(village)s, has no cadre."),
    "too-few-spaced-days": WithNouns(
        _l(
            "Household %(household)s is due %(due)s, %(gap)s apart; the best cadre, %(cadre)s, "
            "has open days for %(most)s only."
        ),
        {"due": "visit", "gap": "day"},
    ),
    "village-proven-full": WithNouns(
        _l(
            "Proven: with %(teams)s a day, %(gap)s between visit days and %(week)s a week, "
            "%(village)s cannot hold what household %(household)s lacks (%(missing)s) beside the "
            "others."
        ),
        {"teams": "team", "gap": "day", "week": "visit", "missing": "visit"},
    ),
    "village-proven-short": _l(
        "Proven: of what %(village)s lacks, %(weight)s when each visit counts its priority, every "
        "plan lacks at least %(certified)s."
    ),
    "village-sessions-short": WithNouns(
        _l(
            "Proven by counting: for the %(visits)s due to households paired with them, "
            "%(village)s needs %(needed)s of %(cadres)s; on their days, %(gap)s apart and with "
            "%(teams)s a day, it can take %(takes)s."
        ),
        {
            "visits": "visit",
            "needed": "session",
            "cadres": "cadre",
            "gap": "day",
            "teams": "team",
            "takes": "session",
        },
    ),
    "village-visits-short": WithNouns(
        _l(
            "Proven by counting: %(village)s needs %(needed)s of at most %(most)s for the "
            "%(visits)s due there; it can take %(takes)s: %(teams)s on each of %(days)s, %(gap)s "
            "apart."
        ),
        {
            "visits": "visit",
            "needed": "session",
            "most": "visit",
            "takes": "session",
            "teams": "team",
            "days": "day",
            "gap": "day",
        },
    ),
    "village-weeks-short": WithNouns(
        _l(
            "Proven by counting: %(village)s is due %(visits)s, but takes %(week)s in each of "
            "%(weeks)s: %(takes)s in all."
        ),
        {"visits": "visit", "week": "visit", "weeks": "week", "takes": "visit"},
    ),
    "cadres-short": WithNouns(
        _l(
            "Proven by counting: %(cadres)s of %(unit)s can make at most %(most)s on %(days)s "
            "together, but nobody else may make the %(visits)s due to %(households)s."
        ),
        {
            "cadres": "cadre",
            "most": "visit",
            "days": "working day",
            "households": "household",
            "visits": "visit",
        },
    ),
    "nobody-available": _n(
        "The only cadre who may visit %(village)s is not available on %(day)s.",
        "None of the %(cadres)s cadres who may visit %(village)s is available on %(day)s.",
        "cadres",
    ),
    "nothing-to-move": _l("No visit of %(village)s is missing, and all of them are locked."),
    "nobody-due": _l("No household of %(village)s is due a visit."),
    "not-located": _l("Household %(household)s has no point on the map yet."),
    "village-without-unit": _l("No unit answers for %(village)s."),
    "outside-visiting-hours": _l(
        "Within the visiting hours household %(household)s can be met for %(longest)s minutes at "
        "most, but a visit takes %(service_min)s."
    ),
    "no-road": _l("No road leads from any base to household %(household)s."),
}
"""Code of a reason -> its sentence; a test compares the codes and facts with the scheduler's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidReason:
    """A reason as a page shows it."""

    rule: str
    rule_name: str
    sentence: str
    way_out: str


EVERY_DAY = "-every-day"
"""Ending of a code that stands for all days; its sentence is an example of one."""

PROVEN = frozenset(
    {
        "unit-without-cadres",
        "too-few-spaced-days",
        "village-proven-full",
        "village-proven-short",
        "village-sessions-short",
        "village-visits-short",
        "village-weeks-short",
        "cadres-short",
    }
)
"""Codes of what holds for every plan, not only for this one."""

ON_EVERY_DAY = _n(
    "Nobody can visit household %(household)s on any day. This rule stands in the way "
    "%(refused)s time, for example: %(example)s",
    "Nobody can visit household %(household)s on any day. This rule stands in the way "
    "%(refused)s times, for example: %(example)s",
    "refused",
)


def say_reason(reason: Mapping[str, Any], names: Names) -> SaidReason:
    """Word one reason, given as ``{rule, code, detail, facts}``."""
    rule, code = str(reason["rule"]), str(reason.get("code", ""))
    facts = {key: say_fact(key, value, names) for key, value in reason.get("facts", {}).items()}
    wording = SENTENCES.get(code.removesuffix(EVERY_DAY))
    sentence = str(wording % facts) if wording is not None else str(reason.get("detail", rule))
    if wording is not None and code.endswith(EVERY_DAY):
        sentence = ON_EVERY_DAY % {**facts, "example": sentence}
    return SaidReason(
        rule=rule,
        rule_name=str(RULES.get(rule, rule)),
        sentence=sentence,
        way_out=str(WAYS_OUT.get(rule, "")),
    )


def is_proof(reason: Mapping[str, Any]) -> bool:
    """Whether a reason tells what no plan can do."""
    code = str(reason.get("code", ""))
    return code in PROVEN or code.endswith(EVERY_DAY)


def say_reasons(reasons: Any, names: Names) -> list[SaidReason]:
    """Word several reasons, each sentence once, in their order."""
    said = {reason.sentence: reason for reason in (say_reason(r, names) for r in reasons)}
    return list(said.values())


def say_fact(key: str, value: Any, names: Names) -> Any:
    """Word one fact: ids become names, dates become days."""
    if isinstance(value, float):
        return f"{value:.0f}"
    if not isinstance(value, str):
        return value
    if key in ("cadre", "paired"):
        return names.cadre(value)
    if key == "village":
        return names.village(value)
    if ISO_DATE.fullmatch(value):
        return long_date(date.fromisoformat(value))
    if key in ("unit", "other"):
        return names.unit(value)
    return str(OPEN_ENDS.get(value, value))


ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")
OPEN_ENDS: Mapping[str, Any] = {
    "the first day": _l("the first day"),
    "the last day": _l("the last day"),
}
