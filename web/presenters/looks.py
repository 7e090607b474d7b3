"""What forbids missing visits, and what would help, in the reader's language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from scheduler.explaining.conflicts import Conflict
from scheduler.explaining.look import Look
from scheduler.explaining.relax import Relaxation
from scheduler.explaining.rules import Kind, Rule
from web.presenters.reasons import SaidReason, is_proof, say_reason
from web.presenters.rule_words import KIND_NAMES, say_change, say_rule
from web.usecases.read_plan import Names

MOST_ALONE = 3
"""More rules of one kind than this are told as one, and listed below."""

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
