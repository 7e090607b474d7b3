"""
What a view stands in: the database, the settings, the time, who is asking.

>>> from web.context import current_account, database, today     # doctest: +SKIP
>>> plan_visits(database(), day=today(), actor=current_account())  # doctest: +SKIP
"""

from datetime import date, datetime
from typing import cast

from flask import abort, current_app, g

from data.db import Database
from web.config import Clock, Settings, day_of, instant_of
from web.usecases.accounts import Account


def database() -> Database:
    """Return the database: ``database().read()`` for pages, ``.write.begin()`` for deeds."""
    return cast(Database, current_app.extensions["database"])


def settings() -> Settings:
    """Return what the site chose."""
    return cast(Settings, current_app.extensions["settings"])


def today() -> date:
    """Return the site's day (Asia/Shanghai, or the day the settings name)."""
    return day_of(settings(), clock())


def now() -> datetime:
    """Return the site's instant, aware, in UTC; it lies on :func:`today`."""
    return instant_of(settings(), clock())


def clock() -> Clock:
    """Return the clock of this application."""
    return cast(Clock, current_app.extensions["clock"])


def account_or_none() -> Account | None:
    """Return who is signed in, or ``None`` for a visitor."""
    return cast("Account | None", g.get("account"))


def current_account() -> Account:
    """Return who is signed in; 401 for a visitor."""
    account = account_or_none()
    if account is None:
        abort(401)
    return account
