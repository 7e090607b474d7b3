"""Downloads of a plan: workbook, map layer, calendars."""

from flask import Blueprint, Response, abort, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from web.context import current_account, database, now
from web.errors import words
from web.presenters import plan
from web.presenters.reasons import say_reason
from web.usecases import export_plan, read_plan
from web.views.open_plans import open_plan

bp = Blueprint("exports", __name__)

words({"nothing-published": (404, _l("No visits are planned for you yet."))})

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GEOJSON = "application/geo+json"
ICS = "text/calendar; charset=utf-8"


@bp.get("/plans/<int:plan_id>/export")
def show(plan_id: int) -> ResponseReturnValue:
    """List what can be downloaded."""
    with database().read() as session:
        row, opened = open_plan(session, plan_id)
        names = read_plan.load_names(session)
    visits = {c.id: 0 for c in opened.problem.cadres}
    for visit in opened.plan.visits:
        visits[visit.cadre] += 1
    cadres = sorted(
        (names.unit(c.unit), names.cadre(c.id), c.id, visits[c.id]) for c in opened.problem.cadres
    )
    return render_template("plans/export.html", plan=row, cadres=cadres, words=plan)


@bp.get("/plans/<int:plan_id>/visits.xlsx")
def workbook(plan_id: int) -> Response:
    """Give every visit with names and addresses, totals, and what is missing."""
    with database().read() as session:
        names = read_plan.load_names(session)
    made = export_plan.plan_workbook(
        database(),
        plan_id,
        say_reason=lambda reason: say_reason(reason, names).sentence,
        actor_id=current_account().id,
        now=now(),
    )
    return _file(made, XLSX, f"zoufang-plan-{plan_id}.xlsx")


@bp.get("/plans/<int:plan_id>/visits.geojson")
def layer(plan_id: int) -> Response:
    """Give stops and days as a map layer."""
    made = export_plan.plan_layer(database(), plan_id, actor_id=current_account().id, now=now())
    return _file(made, GEOJSON, f"zoufang-plan-{plan_id}.geojson")


@bp.get("/plans/<int:plan_id>/cadres/<number>.ics")
def calendar(plan_id: int, number: str) -> Response:
    """Give one cadre's calendar."""
    made = export_plan.calendar_of(
        database(), plan_id, number, actor_id=current_account().id, now=now()
    )
    return _file(made, ICS, f"zoufang-plan-{plan_id}-{number}.ics")


@bp.get("/my-day/calendar.ics")
def my_calendar() -> Response:
    """Give the calendar of the cadre who asks."""
    cadre_id = current_account().cadre_id
    if cadre_id is None:
        abort(404)
    with database().read() as session:
        made = export_plan.own_calendar(session, cadre_id)
    return _file(made, ICS, "zoufang.ics")


def _file(content: bytes, mimetype: str, name: str) -> Response:
    response = current_app.response_class(content, mimetype=mimetype)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
