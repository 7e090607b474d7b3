"""
Who is asking: the cookie's token, looked up at every request.

Flask's cookie is signed but neither secret nor revocable, so it carries a random token
and the minute it was last seen, nothing else. The login itself is a row
(``web.usecases.sign_in``): signing out, a new password or a disabled account end it at
once. The idle time is counted in the cookie, so that reading a page writes nothing.
"""

from datetime import timedelta

from flask import Flask, g, request, session

from web.context import account_or_none, database, now, settings
from web.usecases import sign_in as logins
from web.usecases.accounts import Account

TOKEN, SEEN = "login", "seen"
REFRESH_S = 60


def init_app(app: Flask) -> None:
    """Look up the account before every request but those for files."""
    chosen = app.extensions["settings"]
    app.config.update(
        SESSION_COOKIE_NAME="__Host-zoufang" if chosen.https else "zoufang",
        SESSION_COOKIE_SECURE=chosen.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(minutes=chosen.login_max_min),
    )
    app.before_request(_load_account)
    app.context_processor(lambda: {"account": account_or_none()})


def sign_in(name: str, password: str) -> Account:
    """Check name and password and open a login under a fresh cookie."""
    token, account = logins.authenticate(
        database(),
        name=name,
        password=password,
        address=request.remote_addr or "",
        now=now(),
    )
    session.clear()  # a cookie planted before sign-in must not live on
    session.permanent = True
    session[TOKEN] = token
    session[SEEN] = int(now().timestamp())
    g.account = account
    return account


def sign_out() -> None:
    """End this login on the server and forget the cookie."""
    if TOKEN in session:
        logins.end_login(database(), session[TOKEN], now=now())
    session.clear()
    g.account = None


def _load_account() -> None:
    g.account = None
    if request.endpoint == "static" or TOKEN not in session:
        return
    instant = int(now().timestamp())
    idle_s = instant - int(session.get(SEEN, 0))
    account = None
    if idle_s <= settings().login_idle_min * 60:
        account = logins.account_of(
            database(),
            session[TOKEN],
            now=now(),
            max_age=timedelta(minutes=settings().login_max_min),
        )
    if account is None:
        session.clear()
        return
    if idle_s >= REFRESH_S:
        session[SEEN] = instant
    g.account = account
