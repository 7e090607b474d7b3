"""What the map and the board ask while somebody looks at them: JSON, in the reader's language."""

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from web.context import database
from web.presenters import answers
from web.presenters.plan_map import map_data
from web.usecases import ask_plan, draw_routes, read_plan
from web.views.open_plans import asked_day, open_plan

bp = Blueprint("api_plans", __name__, url_prefix="/api/plans/<int:plan_id>")


@bp.get("/map")
def map_columns(plan_id: int) -> Response:
    """Give the whole plan in columns; a browser that has it is told so."""
    with database().read() as session:
        _, opened = open_plan(session, plan_id)
        names = read_plan.load_names(session)
        points = read_plan.points_left_out(session, opened)
    return _kept(jsonify(map_data(opened, names, points)))


@bp.get("/routes/<day>")
def routes(plan_id: int, day: str) -> Response:
    """Give the lines of all cadres on one day."""
    with database().read() as session:
        row, opened = open_plan(session, plan_id)
        drawn = draw_routes.day_routes(session, row, opened, opened.require_day(asked_day(day)))
    return _kept(jsonify([{"cadre": r.cadre, "legs": r.legs, "by_road": r.by_road} for r in drawn]))


@bp.get("/households/<number>")
def household(plan_id: int, number: str) -> ResponseReturnValue:
    """Tell who visits a household when, or why not as often as is due."""
    with database().read() as session:
        _, opened = open_plan(session, plan_id)
        answer = ask_plan.ask_household(session, opened, number)
        names = read_plan.load_names(session)
    return jsonify(answers.say_household(answer, names))


@bp.get("/villages/<code>/<day>")
def village_day(plan_id: int, code: str, day: str) -> ResponseReturnValue:
    """Tell who is in a village on a day, or which rule keeps it quiet."""
    with database().read() as session:
        _, opened = open_plan(session, plan_id)
        answer = ask_plan.ask_village(opened, code, asked_day(day))
        names = read_plan.load_names(session)
    return jsonify(answers.say_village_day(answer, opened, names))


@bp.get("/cadres/<number>/<day>")
def cadre_day(plan_id: int, number: str, day: str) -> ResponseReturnValue:
    """Tell what a cadre does on a day, or why nothing."""
    with database().read() as session:
        _, opened = open_plan(session, plan_id)
        answer = ask_plan.ask_cadre(opened, number, asked_day(day))
        names = read_plan.load_names(session)
    return jsonify(answers.say_cadre_day(answer, opened, names))


def _kept(response: Response) -> Response:
    """Let the browser keep the answer and ask whether it is still current."""
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response
