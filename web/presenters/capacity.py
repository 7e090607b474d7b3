"""The capacity meter in words: what cannot be done, and the way out."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from web.usecases.capacity import Capacity, Meter


def meter_name(meter: Meter) -> str:
    """Name what a meter weighs."""
    return str(METERS[meter.kind]) % {"name": meter.name}


def capacity_problems(load: Capacity, *, most: int = 12) -> list[dict[str, str]]:
    """Return what cannot be done in a campaign, worst first, each with a way out."""
    found: list[tuple[str, str, str]] = []
    if not load.workdays:
        found.append(("error", _("The campaign has no working day left."), _("Change its period.")))
    if not load.visits:
        found.append(
            (
                "error",
                _("Nobody is owed a visit in this campaign."),
                _("Import households, or choose who takes part."),
            )
        )
    if load.workdays and not load.cadres:
        found.append(
            (
                "error",
                _("No cadre is available in the period."),
                _("Import cadres, or check their absences."),
            )
        )
    if load.unlocated:
        found.append(
            (
                "warning",
                ngettext(
                    "%(num)s household has no point on the map.",
                    "%(num)s households have no point on the map.",
                    load.unlocated,
                ),
                _("They stay unplanned until the map check has placed them."),
            )
        )
    if load.without_unit:
        found.append(
            (
                "warning",
                ngettext(
                    "%(num)s household lives where no unit answers.",
                    "%(num)s households live where no unit answers.",
                    load.without_unit,
                ),
                _("Assign the village to a unit (包村)."),
            )
        )
    found += [("warning", _short(meter), str(WAYS_OUT[meter.kind])) for meter in load.short]
    if len(found) > most:
        rest = len(found) - most + 1
        found = [*found[: most - 1], ("notice", _("And %(n)s more like these.", n=rest), "")]
    return [{"level": level, "text": text, "todo": todo} for level, text, todo in found]


def _short(meter: Meter) -> str:
    facts = {"name": meter.name, "needed": meter.needed, "most": meter.most, "short": meter.short}
    return str(SHORT[meter.kind]) % facts


METERS: dict[str, Any] = {
    "village": _l("Visits in %(name)s"),
    "unit": _l("Visits by %(name)s"),
    "quota": _l("Quotas of %(name)s (households)"),
    "district": _l("Teams in the district (team days)"),
}

SHORT: dict[str, Any] = {
    "village": _l(
        "Visits owed to %(name)s: %(needed)s. Under these rules it can take %(most)s at most: "
        "%(short)s too many."
    ),
    "unit": _l(
        "Visits owed by the cadres of %(name)s: %(needed)s. They have time for %(most)s at most: "
        "%(short)s too many."
    ),
    "quota": _l(
        "Households in the quotas of %(name)s: %(needed)s. Its villages hold %(most)s: "
        "%(short)s short."
    ),
    "district": _l(
        "Team days that the district needs: %(needed)s. Its daily limit allows %(most)s: "
        "%(short)s too many."
    ),
}

WAYS_OUT: dict[str, Any] = {
    "village": _l("Shorten the village gap, allow more teams or visits, or lengthen the period."),
    "unit": _l("Allow more visits a day, lend cadres, or lengthen the period."),
    "quota": _l("Lower the quota, or assign the unit another village."),
    "district": _l("Raise the daily limit of the district, or lengthen the period."),
}
