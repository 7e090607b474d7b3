"""The definitions of all figures, and what the planner does, in plain words."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from web.presenters.definitions import definitions

bp = Blueprint("help", __name__, url_prefix="/help")


@bp.get("/")
def show() -> ResponseReturnValue:
    """Show the help page."""
    return render_template("help/show.html", definitions=definitions())
