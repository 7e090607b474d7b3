"""One visit of a plan in words: why here, where else at what price, why not there."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from scheduler.problem import Problem
from scheduler.weights import Weights
from web.presenters.reasons import SaidReason, say_reasons
from web.presenters.words import clock_time, long_date, signed
from web.usecases.ask_visit import TELLING, CellAnswer, Place, VisitAnswer
from web.usecases.read_plan import Names

SPOKEN = 0.05
"""Parts of the objective J below this are left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidPlace:
    """
    Another place of a visit, as a page shows it.

    Parameters
    ----------
    tone
        ``good`` where the plan gets better, ``warn`` where it gets worse, else nothing.
    parts
        What changes, and by how much of J.
    """

    cadre: str
    when: str
    price: str
    tone: str
    parts: list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidVisit:
    """One visit, as a page shows it."""

    cadre: str
    when: str
    time: str
    why: list[str]
    verdict: str
    places: list[SaidPlace]


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidCell:
    """The answer about a cadre and a day, as a page shows it."""

    summary: str
    reasons: list[SaidReason]
    place: SaidPlace | None


def say_visit(answer: VisitAnswer, problem: Problem, names: Names) -> SaidVisit:
    """Word the answer about a visit."""
    visit = answer.visit
    return SaidVisit(
        cadre=names.cadre(visit.cadre),
        when=long_date(visit.date),
        time=f"{clock_time(visit.start)}–{clock_time(visit.end)}",
        why=[_why_this_cadre(answer, names), _why_this_day(answer)],
        verdict=_verdict(answer),
        places=[_say_place(x, problem.weights, names) for x in answer.cheapest],
    )


def say_cell(answer: CellAnswer, problem: Problem, names: Names) -> SaidCell:
    """Word the answer about a cadre and a day."""
    facts = {"cadre": names.cadre(answer.cadre), "day": long_date(answer.day)}
    if answer.place is None:
        summary = _("%(cadre)s cannot come on %(day)s as the plan stands:", **facts)
    elif answer.moved_from is None:
        summary = _("No rule forbids it: %(cadre)s could make the missing visit.", **facts)
    elif answer.moved_from == answer.day:
        summary = _("No rule forbids it: %(cadre)s could come on %(day)s.", **facts)
    else:
        summary = _(
            "No rule forbids it: %(cadre)s could come on %(day)s instead of %(before)s.",
            before=long_date(answer.moved_from),
            **facts,
        )
    return SaidCell(
        summary=str(summary),
        reasons=say_reasons((x.to_json() for x in answer.reasons), names),
        place=None if answer.place is None else _say_place(answer.place, problem.weights, names),
    )


def cadre_choices(
    problem: Problem, names: Names, *, first: str
) -> list[tuple[str, list[tuple[str, str]]]]:
    """List units with their cadres to choose from, one unit ahead of the others."""
    units = sorted(problem.units, key=lambda u: (u != first, names.unit(u)))
    return [
        (names.unit(u), [(c.id, names.cadre(c.id)) for c in problem.cadres_of_unit(u)])
        for u in units
    ]


def _why_this_cadre(answer: VisitAnswer, names: Names) -> str:
    cadre = names.cadre(answer.visit.cadre)
    if answer.household.cadre is not None:
        return str(_("The household is paired with %(cadre)s, so nobody else comes.", cadre=cadre))
    if len(answer.visits) > 1:
        return str(
            _(
                "The visits of the household (%(visits)s) are all made by one cadre, %(cadre)s.",
                visits=len(answer.visits),
                cadre=cadre,
            )
        )
    return str(
        ngettext(
            "%(unit)s answers for the village; its only cadre is %(cadre)s.",
            "%(unit)s answers for the village; %(cadre)s is one of its %(num)s cadres.",
            len(answer.cadres),
            unit=names.unit(answer.unit),
            cadre=cadre,
        )
    )


def _why_this_day(answer: VisitAnswer) -> str:
    if len(answer.visits) > 1:
        return str(
            ngettext(
                "Its visits are on %(days)s, at least %(num)s day apart.",
                "Its visits are on %(days)s, at least %(num)s days apart.",
                answer.household.gap_days,
                days=_(", ").join(long_date(x.date) for x in answer.visits),
            )
        )
    return str(_("It is the only visit of the household in this plan."))


def _verdict(answer: VisitAnswer) -> str:
    if answer.past:
        said = _("This visit is past; it stays as it was planned.")
    elif answer.locked:
        said = _("This visit is locked; it stays where it is.")
    elif not answer.places:
        said = _("No other cadre or day keeps every rule while the other visits stay.")
    elif not answer.better:
        said = ngettext(
            "%(num)s other place keeps every rule, and it would not make the plan better.",
            "%(num)s other places keep every rule; none of them would make the plan better.",
            answer.places,
        )
    else:
        said = ngettext(
            "Of the other places that keep every rule (%(places)s), %(num)s would make the plan "
            "better; solving again may use it.",
            "Of the other places that keep every rule (%(places)s), %(num)s would make the plan "
            "better; solving again may use them.",
            answer.better,
            places=answer.places,
        )
    return str(said)


def _say_place(place: Place, weights: Weights, names: Names) -> SaidPlace:
    price = place.price
    if abs(price) < TELLING:
        tone, said = "", _("as good as now")
    elif price > 0:
        tone, said = "warn", _("J %(change)s: worse", change=signed(price, 1))
    else:
        tone, said = "good", _("J %(change)s: better", change=signed(price, 1))
    return SaidPlace(
        cadre=names.cadre(place.cadre),
        when=long_date(place.day),
        price=str(said),
        tone=tone,
        parts=[
            (_say_part(key, place, weights), signed(change, 1))
            for key, change in sorted(place.parts.items(), key=lambda x: -abs(x[1]))
            if abs(change) >= SPOKEN
        ],
    )


def _say_part(key: str, place: Place, weights: Weights) -> str:
    """Say what a part of J counts, in its own unit where it has one."""
    change = place.parts[key]
    if key == "travel":
        amount = f"{abs(place.extra_min):.1f}"
        if change > 0:
            return str(_("%(minutes)s min more on the way", minutes=amount))
        return str(_("%(minutes)s min less on the way", minutes=amount))
    if key == "spacing":
        amount = f"{abs(change) / weights.spacing:.3g}"
        if change > 0:
            return str(_("gaps off even spacing, in days: %(days)s more", days=amount))
        return str(_("gaps off even spacing, in days: %(days)s less", days=amount))
    if key == "quota":
        said = _("short of a quota") if change > 0 else _("nearer to a quota")
    elif key == "fairness":
        said = _("work less evenly shared") if change > 0 else _("work more evenly shared")
    elif key == "crowding":
        said = _("village more crowded") if change > 0 else _("village less crowded")
    else:
        said = _("a visit less missing")
    return str(said)
