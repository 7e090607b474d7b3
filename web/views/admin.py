"""Accounts, the state of the system, and the audit."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from web.context import current_account, database, now, settings
from web.errors import sentence_of
from web.usecases import accounts, audit, system_health
from web.usecases.account_errors import BadAccount, LastAdministrator
from web.usecases.passwords import one_time_password

bp = Blueprint("admin", __name__, url_prefix="/admin")

AUDIT_PAGE = 50


@bp.get("/users")
def users() -> ResponseReturnValue:
    """List who may sign in."""
    return _users_page()


@bp.post("/users")
def create_user() -> ResponseReturnValue:
    """Make an account with a one-time password, shown once."""
    form = request.form
    cadre_id = form.get("cadre_id", "")
    password = one_time_password()
    try:
        accounts.create_user(
            database(),
            name=form.get("name", ""),
            display_name=form.get("display_name", ""),
            role=form.get("role", ""),
            cadre_id=int(cadre_id) if cadre_id.isdigit() else None,
            password=password,
            must_change=True,
            now=now(),
            actor_id=current_account().id,
        )
    except BadAccount as error:
        return _users_page(values=form, errors={error.field: _bad_account(error)}), 422
    return _users_page(secret=password, secret_of=form.get("name", "").strip())


@bp.post("/users/<int:user_id>/password")
def reset_password(user_id: int) -> ResponseReturnValue:
    """Give a one-time password, shown once; the account's logins end."""
    secret = accounts.reset_password(database(), user_id, now=now(), actor_id=current_account().id)
    name = next(r.account.name for r in accounts.list_users(database()) if r.account.id == user_id)
    return _users_page(secret=secret, secret_of=name)


@bp.post("/users/<int:user_id>/active")
def switch(user_id: int) -> ResponseReturnValue:
    """Switch an account on or off."""
    active = request.form.get("active") == "1"
    try:
        accounts.set_active(database(), user_id, active, now=now(), actor_id=current_account().id)
    except LastAdministrator as error:
        flash(str(sentence_of(error)), "bad")
    return redirect(url_for("admin.users"), 303)


@bp.get("/health")
def health() -> ResponseReturnValue:
    """Show version, database, disk and jobs."""
    report = system_health.report(database(), instance=settings().instance, now=now())
    return render_template("admin/health.html", report=report, settings=settings())


@bp.get("/audit")
def audit_list() -> ResponseReturnValue:
    """Show what was done, newest first, and whether the chain holds."""
    before = request.args.get("before", type=int)
    page = audit.page(database(), limit=AUDIT_PAGE, before_id=before)
    return render_template("admin/audit.html", page=page, before=before)


def _users_page(**more: object) -> str:
    return render_template(
        "admin/users.html",
        rows=accounts.list_users(database()),
        cadre_choices=[
            (cadre_id, f"{number} {name}")
            for cadre_id, number, name in accounts.cadres_to_choose(database())
        ],
        **{"values": {}, "errors": {}} | more,
    )


def _bad_account(error: BadAccount) -> str:
    sentences = {
        "malformed": _("Use 2 to 40 letters, digits or . _ @ + -"),
        "unknown": _("Choose a role."),
        "missing": _("Choose the cadre this account is."),
        "unexpected": _("Only an account of a cadre names a cadre."),
        "taken": _("This is already in use."),
    }
    return str(sentences[error.reason])
