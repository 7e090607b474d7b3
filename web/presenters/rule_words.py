"""Rules that can be dropped, and changes of them, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from scheduler.explaining.changes import Change, ChangeKind
from scheduler.explaining.rules import Kind, Rule
from web.presenters.counted import by_number as _n
from web.presenters.reasons import RULES, say_fact
from web.usecases.read_plan import Names

KIND_NAMES: Mapping[Kind, Any] = {
    "visits-due": _l("Visits due"),
    "visits-kept": _l("Visits of others"),
    "window": RULES["window"],
    "household-gap": RULES["household-gap"],
    "last-visit": _l("Last visit"),
    "dates": RULES["dates"],
    "pairing": RULES["pairing"],
    "locked": _l("Locked visits"),
    "shift": RULES["shift"],
    "capacity": _l("Visits per cadre and day"),
    "unit": RULES["unit"],
    "travel": _l("The way there"),
    "blackout": RULES["blackout"],
    "village-gap": RULES["village-gap"],
    "village-teams": RULES["village-teams"],
    "village-week": RULES["village-week"],
    "district": RULES["district"],
}

RULE_SENTENCES: Mapping[Kind, Any] = {
    "visits-due": _n(
        "Household %(household)s is due %(visits)s visit.",
        "Household %(household)s is due %(visits)s visits.",
        "visits",
    ),
    "visits-kept": _n(
        "Household %(household)s keeps the %(visits)s visit it has.",
        "Household %(household)s keeps the %(visits)s visits it has.",
        "visits",
    ),
    "window": _l(
        "Household %(household)s can be visited in %(windows)s; a visit takes %(minutes)s minutes."
    ),
    "household-gap": _n(
        "Visits of household %(household)s are at least %(gap)s day apart.",
        "Visits of household %(household)s are at least %(gap)s days apart.",
        "gap",
    ),
    "last-visit": _n(
        "Household %(household)s was visited on %(day)s; the next visit is at least %(gap)s day "
        "later.",
        "Household %(household)s was visited on %(day)s; the next visit is at least %(gap)s days "
        "later.",
        "gap",
    ),
    "dates": _l("Household %(household)s may be visited from %(first)s to %(last)s."),
    "pairing": _l("Household %(household)s is visited by %(cadre)s only."),
    "locked": _l("The visit of %(cadre)s to household %(household)s on %(day)s is locked."),
    "shift": _n(
        "%(cadre)s is available on %(days)s day, %(hours)s.",
        "%(cadre)s is available on %(days)s days, %(hours)s.",
        "days",
    ),
    "capacity": _n(
        "%(cadre)s makes at most %(cap)s visit a day.",
        "%(cadre)s makes at most %(cap)s visits a day.",
        "cap",
    ),
    "unit": _n(
        "%(village)s is visited by the %(cadres)s cadre of %(unit)s.",
        "%(village)s is visited by the %(cadres)s cadres of %(unit)s.",
        "cadres",
    ),
    "travel": _l("To household %(household)s and back takes at least %(minutes)s minutes."),
    "blackout": _n(
        "%(village)s takes no visits on %(days)s day.",
        "%(village)s takes no visits on %(days)s days.",
        "days",
    ),
    "village-gap": _n(
        "Visit days in %(village)s are at least %(gap)s day apart.",
        "Visit days in %(village)s are at least %(gap)s days apart.",
        "gap",
    ),
    "village-teams": _n(
        "%(village)s takes at most %(cap)s team a day.",
        "%(village)s takes at most %(cap)s teams a day.",
        "cap",
    ),
    "village-week": _n(
        "%(village)s takes at most %(cap)s visit a week.",
        "%(village)s takes at most %(cap)s visits a week.",
        "cap",
    ),
    "district": _n(
        "The district takes at most %(cap)s team a day.",
        "The district takes at most %(cap)s teams a day.",
        "cap",
    ),
}
"""Kind of a rule -> its sentence; a test compares the facts with the scheduler's."""

CHANGE_SENTENCES: Mapping[ChangeKind, Any] = {
    "wider-window": _l("Visit household %(household)s in %(windows)s (until now %(before)s)."),
    "shorter-household-gap": _n(
        "Let visits of household %(household)s be %(gap)s instead of %(before)s day apart.",
        "Let visits of household %(household)s be %(gap)s instead of %(before)s days apart.",
        "before",
    ),
    "wider-dates": _l("Let household %(household)s be visited from %(first)s to %(last)s."),
    "other-cadre": _l("Send %(cadre)s to household %(household)s instead of %(paired)s."),
    "other-unit": _l("Send %(cadre)s of %(unit)s to household %(household)s."),
    "unlock": _l("Release the locked visit to household %(household)s on %(day)s."),
    "longer-shift": _l("Let %(cadre)s work %(hours)s on %(day)s (until now %(before)s)."),
    "extra-shift": _l("Let %(cadre)s go out on %(day)s, too (%(hours)s)."),
    "more-stops": _n(
        "Let %(cadre)s make %(cap)s instead of %(before)s visit a day.",
        "Let %(cadre)s make %(cap)s instead of %(before)s visits a day.",
        "before",
    ),
    "lift-blackout": _l("Let %(village)s be visited on %(day)s, one of its quiet days."),
    "shorter-village-gap": _n(
        "Let visit days in %(village)s be %(gap)s instead of %(before)s day apart.",
        "Let visit days in %(village)s be %(gap)s instead of %(before)s days apart.",
        "before",
    ),
    "more-teams": _n(
        "Let %(cap)s instead of %(before)s team a day into %(village)s.",
        "Let %(cap)s instead of %(before)s teams a day into %(village)s.",
        "before",
    ),
    "more-visits-a-week": _n(
        "Let %(village)s take %(cap)s instead of %(before)s visit a week.",
        "Let %(village)s take %(cap)s instead of %(before)s visits a week.",
        "before",
    ),
    "more-district-teams": _n(
        "Let %(cap)s instead of %(before)s team a day out in the district.",
        "Let %(cap)s instead of %(before)s teams a day out in the district.",
        "before",
    ),
    "fewer-visits": _n(
        "Count household %(household)s as due %(visits)s instead of %(before)s visit.",
        "Count household %(household)s as due %(visits)s instead of %(before)s visits.",
        "before",
    ),
}
"""Kind of a change -> its sentence."""


def say_rule(rule: Rule, names: Names) -> str:
    """Word one rule."""
    if rule.is_never_there:
        return str(_("%(cadre)s is available on no day.", **_facts(rule.facts, names)))
    return str(RULE_SENTENCES[rule.kind] % _facts(rule.facts, names))


def say_change(change: Change, names: Names) -> str:
    """Word one change."""
    return str(CHANGE_SENTENCES[change.kind] % _facts(change.facts, names))


def _facts(facts: Mapping[str, int | str], names: Names) -> dict[str, Any]:
    return {key: say_fact(key, value, names) for key, value in facts.items()}
