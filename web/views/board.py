"""The board: who is where on which day, as a grid."""

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from web.context import database, today
from web.presenters import board
from web.presenters import plan as words
from web.presenters.plan_map import start_day
from web.usecases import read_plan
from web.views.open_plans import open_plan

bp = Blueprint("board", __name__, url_prefix="/plans/<int:plan_id>/board")

PAGE_ROWS = 80


@bp.get("")
def show(plan_id: int) -> ResponseReturnValue:
    """Show cadres or villages by day."""
    view = request.args.get("view", "cadres")
    if view not in board.VIEWS:
        abort(404)
    unit = request.args.get("unit", "")
    with database().read() as session:
        row, opened = open_plan(session, plan_id)
        names = read_plan.load_names(session)
    grid = (board.cadre_board if view == "cadres" else board.village_board)(opened, names, unit)
    pages = max(1, -(-len(grid.rows) // PAGE_ROWS))
    page = min(max(1, request.args.get("page", 1, int)), pages)
    return render_template(
        "board/show.html",
        plan=row,
        grid=grid,
        rows=grid.rows[(page - 1) * PAGE_ROWS : page * PAGE_ROWS],
        units=[(u, names.unit(u)) for u in opened.problem.units],
        unit=unit,
        page=page,
        pages=pages,
        words=words,
        disturbance=words.disturbance_lines(opened.disturbance, opened.baseline),
        start=start_day(opened.problem.days, today()),
        week_name=board.week_name,
    )
