"""Where each role starts, the language switch and the sign of life."""

from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    current_app,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from web.context import account_or_none, current_account, database, settings, today
from web.i18n import COOKIE, LOCALES
from web.presenters import start
from web.presenters.definitions import definition
from web.roles import CADRE
from web.usecases import accounts, overview

bp = Blueprint("home", __name__)


@bp.get("/")
def index() -> ResponseReturnValue:
    """Show the start of the reader's role."""
    account = current_account()
    if account.role == CADRE:
        return redirect(url_for("my_day.show"), 303)
    state = overview.district_state(database(), today=today())
    return render_template(
        f"home/{account.role}.html",
        state=state,
        step=start.next_step(state),
        ways=start.ways_to_begin(),
        plan_state_name=start.plan_state_name,
        definition=definition,
    )


@bp.get("/healthz")
def health() -> ResponseReturnValue:
    """Tell a watchdog that pages and database answer; nothing else."""
    with database().read() as session:
        session.execute(text("SELECT 1"))
    return jsonify(ok=True)


@bp.get("/favicon.ico")
def favicon() -> Response:
    """Answer browsers that ask at the root."""
    return current_app.send_static_file("favicon.svg")


@bp.post("/language")
def language() -> ResponseReturnValue:
    """Switch the language, for this browser and for the account."""
    chosen = request.form.get("locale", "")
    response = redirect(local_path(request.form.get("next")), 303)
    if chosen in LOCALES:
        account = account_or_none()
        if account is not None:
            accounts.set_locale(database(), account.id, chosen)
        response.set_cookie(
            COOKIE, chosen, max_age=365 * 24 * 3600, samesite="Lax",
            secure=settings().https, httponly=True,
        )  # fmt: skip
    return response


def local_path(target: str | None) -> str:
    """Return where to go next: a path of this site, never another host."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return "/"
    if any(ord(character) < 32 for character in target):
        return "/"
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else "/"
