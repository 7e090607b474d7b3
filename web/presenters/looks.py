"""What forbids missing visits, and what would help, in the reader's language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from scheduler.explaining.changes import Change, ChangeKind
from scheduler.explaining.conflicts import Conflict
from scheduler.explaining.look import Look
from scheduler.explaining.relax import Relaxation
from scheduler.explaining.rules import Kind, Rule
from web.presenters.counted import by_number as _n
from web.presenters.reasons import RULES, SaidReason, is_proof, say_fact, say_reason
from web.usecases.read_plan import Names

MOST_ALONE = 3
"""More rules of one kind than this are told as one, and listed below."""

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

PARTS: Mapping[str, Any] = {
    "household": _l("Proven for this household alone, whoever else is visited."),
    "village": _l("Proven for the village; the others there keep the visits they have."),
    "unit": _l("Proven for the unit; the others keep the visits they have."),
    "district": _l("Proven for the district; the others keep the visits they have."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidRule:
    """One line of what collides; `more` lists the rules that it sums up."""

    name: str
    sentence: str
    more: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidLook:
    """
    What a page shows.

    Parameters
    ----------
    counted
        The bottleneck in a sentence; empty where counting shows none.
    summary, proof, rules
        What collides, in which part, and the rules themselves.
    changes
        What would help.
    has_place
        Whether the visits have a place as things are.
    is_proven
        Whether anything is proven, here or by the plan itself.
    """

    counted: str
    summary: str
    proof: str
    rules: list[SaidRule]
    changes: list[dict[str, str]]
    has_place: bool
    is_proven: bool


def say_look(look: Look, names: Names, reasons: Iterable[Mapping[str, Any]] = ()) -> SaidLook:
    """Word what was found about one household, beside the reasons that its plan gives."""
    conflict = look.conflict
    counted = ""
    if look.bottleneck is not None:
        counted = say_reason(look.bottleneck.reason.to_json(), names).sentence
    is_proven = bool(counted) or conflict is not None or any(is_proof(r) for r in reasons)
    if conflict is not None:
        summary = _collide(conflict)
    elif look.place is not None:
        summary = _(
            "Nothing forbids the visits. There is a place for them that the search overlooked: "
            "solve again with more time."
        )
    elif is_proven:
        summary = _("Which rules forbid the visits of this household was not found in time.")
    else:
        summary = _("Nothing is proven: the search did not place the visits in the time given.")
    rules = []
    for kind, group in (conflict.by_kind if conflict else {}).items():
        rules += _said_group(kind, group, names)
    return SaidLook(
        counted=counted,
        summary=str(summary),
        proof=str(PARTS[conflict.part]) if conflict else "",
        rules=rules,
        changes=[_said_change(x, names) for x in look.relaxations],
        has_place=look.place is not None,
        is_proven=is_proven,
    )


def say_beside(reasons: Iterable[SaidReason], look: SaidLook | None) -> list[SaidReason]:
    """Return the reasons of the plan that do not repeat or deny what was found since."""
    return [
        r
        for r in reasons
        if look is None
        or (r.sentence != look.counted and not (look.is_proven and r.rule == "time-limit"))
    ]


def _collide(conflict: Conflict) -> str:
    """Word how many rules leave no room for how many visits."""
    due = ngettext(
        "Household %(household)s is due %(due)s visit.",
        "Household %(household)s is due %(due)s visits.",
        conflict.due,
        household=conflict.household,
        due=conflict.due,
    )
    if not conflict.forbidding:
        told = _("No plan of these days can hold that, whatever rules are dropped.")
    elif conflict.is_minimal:
        told = ngettext(
            "One rule by itself leaves no room for that; without it there is room:",
            "These %(n)s rules together leave no room for that; without any one of them the rest "
            "leaves room:",
            len(conflict.forbidding),
            n=len(conflict.forbidding),
        )
    else:
        told = ngettext(
            "%(n)s rule leaves no room for that:",
            "These %(n)s rules together leave no room for that; whether each is needed was not "
            "found in time:",
            len(conflict.forbidding),
            n=len(conflict.forbidding),
        )
    return f"{due} {told}"


def say_rule(rule: Rule, names: Names) -> str:
    """Word one rule."""
    if rule.is_never_there:
        return str(_("%(cadre)s is available on no day.", **_facts(rule.facts, names)))
    return str(RULE_SENTENCES[rule.kind] % _facts(rule.facts, names))


def say_change(change: Change, names: Names) -> str:
    """Word one change."""
    return str(CHANGE_SENTENCES[change.kind] % _facts(change.facts, names))


def _said_group(kind: Kind, group: list[Rule], names: Names) -> list[SaidRule]:
    name = str(KIND_NAMES[kind])
    sentences = [say_rule(rule, names) for rule in group]
    if len(group) <= MOST_ALONE:
        return [SaidRule(name=name, sentence=x, more=[]) for x in sentences]
    if kind == "visits-kept":
        said = _(
            "%(n)s other households keep the %(visits)s visits they have.",
            n=len(group),
            visits=sum(int(rule.facts["visits"]) for rule in group),
        )
    elif kind == "shift":
        said = _(
            "%(n)s cadres are available on %(days)s days together.",
            n=len(group),
            days=sum(int(rule.facts["days"]) for rule in group),
        )
    else:
        said = _("%(n)s rules of this kind.", n=len(group))
    return [SaidRule(name=name, sentence=str(said), more=sentences)]


def say_moved(visits: int) -> str:
    """Word how many planned visits of others would move; nothing for none."""
    if not visits:
        return ""
    said = ngettext(
        "%(n)s planned visit of others would move.",
        "%(n)s planned visits of others would move.",
        visits,
        n=visits,
    )
    return str(said)


def _said_change(x: Relaxation, names: Names) -> dict[str, str]:
    return {"sentence": say_change(x.change, names), "moved": say_moved(x.moved)}


def _facts(facts: Mapping[str, int | str], names: Names) -> dict[str, Any]:
    return {key: say_fact(key, value, names) for key, value in facts.items()}
