"""What would place all missing visits of a village or a unit, in the reader's language."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from scheduler.explaining.package import Package
from web.presenters.looks import say_moved
from web.presenters.rule_words import say_change
from web.presenters.words import number
from web.usecases.look_into_missing import MissingTogether
from web.usecases.read_plan import Names


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidPackage:
    """One way: its changes, and what it costs others."""

    changes: list[str]
    moved: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidTogether:
    """
    What a page shows.

    Parameters
    ----------
    summary
        What was found.
    left_out
        About visits that no change of rules places; empty where there are none.
    ways
        What would help, the cheapest first.
    has_place
        Whether the visits have places as things are.
    """

    summary: str
    left_out: str
    ways: list[SaidPackage]
    has_place: bool


def say_together(found: MissingTogether, names: Names) -> SaidTogether:
    """Word what was found about a village or a unit."""
    look, left_out = found.look, ""
    if found.left_out:
        left_out = ngettext(
            "%(n)s missing visit is to a household that could not be planned at all: it has no "
            "point on the map, no unit or no road. No change of rules helps there.",
            "%(n)s missing visits are to households that could not be planned at all: they have no "
            "point on the map, no unit or no road. No change of rules helps there.",
            found.left_out,
            n=number(found.left_out),
        )
    packages = look.packages or ((look.partly,) if look.partly is not None else ())
    return SaidTogether(
        summary=_summary(found),
        left_out=left_out,
        ways=[_said(x, names) for x in packages if x.changes],
        has_place=any(not x.changes for x in packages),
    )


def _summary(found: MissingTogether) -> str:
    look = found.look
    if not look.households:
        return str(_("No visit that could be planned is missing here."))
    if look.packages and not look.packages[0].changes:
        return str(
            _(
                "Nothing forbids the visits. There is a place for all of them that the search "
                "overlooked: solve again with more time."
            )
        )
    if look.packages:
        return str(
            ngettext(
                "This makes room for the %(n)s missing visit:",
                "Each of these ways makes room for all %(n)s missing visits at once:",
                look.missing,
                n=number(look.missing),
            )
        )
    if look.partly is None:
        return str(_("Nothing that would make room for any of them was found in the time given."))
    facts = {"n": number(look.partly.placed), "all": number(look.missing)}
    if not look.partly.changes:
        return str(
            ngettext(
                "Of %(all)s missing visits %(n)s has a place as things are: solve again with more "
                "time. For the others nothing was found in the time given.",
                "Of %(all)s missing visits %(n)s have a place as things are: solve again with more "
                "time. For the others nothing was found in the time given.",
                look.partly.placed,
                **facts,
            )
        )
    return str(
        _(
            "No way was found in the time given that makes room for all of them; this one makes "
            "room for %(n)s of %(all)s:",
            **facts,
        )
    )


def _said(package: Package, names: Names) -> SaidPackage:
    return SaidPackage(
        changes=[say_change(change, names) for change in package.changes],
        moved=say_moved(package.moved),
    )
