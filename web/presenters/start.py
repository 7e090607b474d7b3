"""The words of start pages: the next step, the ways to begin, the states of a plan."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from web.usecases.overview import DistrictState


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to do, with the page where it is done."""

    icon: str
    title: str
    text: str
    button: str = ""
    url: str = ""
    command: str = ""


def next_step(state: DistrictState) -> Step:
    """Word what comes next."""
    campaign = state.campaign
    if state.next_step == "import":
        return Step(
            icon="upload",
            title=_("Bring in villages, cadres and households"),
            text=_(
                "Excel and CSV with Chinese headings, boundaries as GeoJSON, GeoPackage, Shapefile "
                "or KML. Nothing is written before you have seen the preview and confirmed."
            ),
            button=_("Import files"),
            url=url_for("imports.index"),
        )
    if state.next_step == "locate":
        return Step(
            icon="pin-map",
            title=_("Put the remaining households on the map"),
            text=ngettext(
                "%(num)s household has no place yet and cannot be planned.",
                "%(num)s households have no place yet and cannot be planned.",
                state.counts.households_without_point,
            ),
            button=_("Check the map"),
            url=url_for("map_check.show"),
        )
    if campaign is None:
        return Step(
            icon="sliders",
            title=_("Set the rules of the first campaign"),
            text=_("Period, limits of villages, quotas. The defaults are filled in and explained."),
            button=_("Set the rules"),
            url=url_for("campaigns.new"),
        )
    if state.next_step == "plan":
        return Step(
            icon="play-fill",
            title=_("Make the first plan"),
            text=_(
                "A first plan stands within seconds and gets better while you watch. You may leave "
                "the page."
            ),
            button=_("Plan the visits"),
            url=url_for("jobs.new", campaign_id=campaign.id),
        )
    if state.next_step == "publish":
        return Step(
            icon="clipboard-check",
            title=_("Look through plan no. %(n)s and publish it", n=campaign.newest_plan_number),
            text=_(
                "Visits planned: %(visits)s; not planned, each with its reason: %(missing)s. "
                "Published days are told to the villages.",
                visits=campaign.newest_plan_visits,
                missing=campaign.newest_plan_unplanned,
            ),
            button=_("Open the plan"),
            url=url_for("plans.show", plan_id=campaign.newest_plan_id),
        )
    return Step(
        icon="graph-up",
        title=_("Follow how the plan is carried out"),
        text=_("The plan is published. Coverage shows where visits are thin and where too dense."),
        button=_("Open coverage"),
        url=url_for("coverage.show"),
    )


def ways_to_begin() -> list[Step]:
    """Word the three ways out of an empty district."""
    return [
        Step(
            icon="file-earmark-spreadsheet",
            title=_("Import your registers"),
            text=_("Start from the Excel sheets you have; a template shows every column."),
            url=url_for("imports.index"),
        ),
        Step(
            icon="map",
            title=_("Load a map extract"),
            text=_("Roads, boundaries and buildings of a real place, from OpenStreetMap."),
            command="zoufang import district.osm.pbf",
        ),
        Step(
            icon="star",
            title=_("Look at the sample district"),
            text=_("60 villages with invented shapes, 55 cadres, 1,000 made-up households."),
            command="python3 run.py demo",
        ),
    ]


def plan_state_name(state: str) -> str:
    """Return the name of a plan's state."""
    names = {"draft": _("Draft"), "published": _("Published"), "replaced": _("Replaced")}
    return str(names.get(state, state))
