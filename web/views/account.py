"""Sign in, sign out, one's own password."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from web import auth
from web.context import account_or_none, current_account, database, now
from web.errors import sentence_of
from web.usecases import account_errors as wrong
from web.usecases import accounts
from web.views.home import local_path

bp = Blueprint("account", __name__, url_prefix="/account")


@bp.route("/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    """Ask for name and password; a wrong pair is said on the same page."""
    target = local_path(request.values.get("next"))
    if request.method == "GET":
        if account_or_none() is not None:
            return redirect(target, 303)
        return render_template("account/login.html", target=target)
    name = request.form.get("name", "")
    try:
        auth.sign_in(name, request.form.get("password", ""))
    except (wrong.SignInRefused, wrong.TooManyAttempts) as error:
        status, headers = 401, {}
        if isinstance(error, wrong.TooManyAttempts):
            status, headers = 429, {"Retry-After": str(error.retry_after_s)}
        page = render_template(
            "account/login.html", target=target, name=name, error=sentence_of(error)
        )
        return page, status, headers
    return redirect(target, 303)


@bp.post("/logout")
def logout() -> ResponseReturnValue:
    """End this login on the server."""
    auth.sign_out()
    return redirect(url_for("account.login"), 303)


@bp.get("/")
def show() -> ResponseReturnValue:
    """Show one's own account."""
    return render_template("account/show.html")


@bp.route("/password", methods=["GET", "POST"])
def password() -> ResponseReturnValue:
    """Change one's own password; other browsers are signed out."""
    if request.method == "GET":
        return render_template("account/password.html", errors={})
    form, errors = request.form, {}
    if form.get("new") != form.get("again"):
        errors["again"] = _("The two new passwords differ.")
    else:
        try:
            accounts.change_own_password(
                database(),
                current_account(),
                present=form.get("present", ""),
                new=form.get("new", ""),
                token=session[auth.TOKEN],
                now=now(),
            )
        except wrong.WrongPassword as error:
            errors["present"] = sentence_of(error)
        except wrong.WeakPassword as error:
            errors["new"] = weak_password_sentence(error)
    if errors:
        return render_template("account/password.html", errors=errors), 422
    flash(_("The password is changed. Other browsers are signed out."), "good")
    return redirect(url_for("account.show"), 303)


def weak_password_sentence(error: wrong.WeakPassword) -> str:
    """Say why a password is refused."""
    sentences = {
        "short": _("Use at least %(n)s characters.", n=error.min_length),
        "long": _("Use at most %(n)s characters.", n=error.max_length),
        "repeating": _("This repeats or counts up. Use several unrelated words."),
        "common": _("This is a well-known word with digits. Use several unrelated words."),
        "unchanged": _("The new password equals the present one."),
    }
    return str(sentences[error.reason])
