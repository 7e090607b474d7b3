"""
Signing in: name and password against an account, and the login that follows.

Signing in is throttled by account and by address, and an unknown name costs the same time
as a wrong password. The cookie holds a random token; the database only its hash, so that a
copy of the database lets nobody in, and a login can be ended from here.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from data.db import Database
from data.store import accounts as store
from data.tables import Login, LoginFailure, User
from web.usecases.account_errors import SignInRefused, TooManyAttempts
from web.usecases.accounts import Account
from web.usecases.login_keys import FAILURE_WINDOW, failure_key, token_hash
from web.usecases.passwords import NOBODY, hash_password, is_outdated, matches

FAILURES_PER_ACCOUNT = 10
FAILURES_PER_ADDRESS = 100  # an office shares one address


def authenticate(
    database: Database, *, name: str, password: str, address: str, now: datetime
) -> tuple[str, Account]:
    """
    Sign in; return the new login's token and the account.

    Raises
    ------
    TooManyAttempts
        After 10 failures of an account, or 100 from an address, within 15 minutes.
    SignInRefused
        Otherwise; it does not tell whether the account exists.
    """
    key = failure_key(name)
    with database.read() as session:
        by_name, by_address = store.count_failures(
            session, name=key, address=address, since=now - FAILURE_WINDOW
        )
        user = store.find_user(session, name.strip())
        known_hash = user.password_hash if user is not None and user.active else None
    if by_name >= FAILURES_PER_ACCOUNT or by_address >= FAILURES_PER_ADDRESS:
        raise TooManyAttempts(int(FAILURE_WINDOW.total_seconds()))
    right = matches(known_hash or NOBODY, password)
    with database.write.begin() as session:
        user = store.find_user(session, name.strip())
        if right and known_hash and user is not None and user.password_hash == known_hash:
            store.forget_failures(session, name=key, before=now - FAILURE_WINDOW)
            if is_outdated(user.password_hash):
                user.password_hash = hash_password(password)
            token = open_login(session, user, now)
            return token, Account.of(user)
        session.add(LoginFailure(name=key, address=address, at=now))
    raise SignInRefused("Name and password do not belong together.")


def account_of(
    database: Database, token: str, *, now: datetime, max_age: timedelta
) -> Account | None:
    """Return whose login a cookie's token is; ``None`` once it ended, aged or was switched off."""
    with database.read() as session:
        login = store.find_login(session, token_hash(token))
        if login is None or login.ended_at is not None or now - login.created_at > max_age:
            return None
        return Account.of(login.user) if login.user.active else None


def end_login(database: Database, token: str, *, now: datetime) -> None:
    """Sign out; a token that is unknown is no error."""
    with database.write.begin() as session:
        login = store.find_login(session, token_hash(token))
        if login is not None and login.ended_at is None:
            login.ended_at = now


def open_login(session: Session, user: User, now: datetime) -> str:
    """Open a login for an account whose password was checked; return the cookie's token."""
    token = secrets.token_urlsafe(32)
    login = Login(token_hash=token_hash(token), user_id=user.id, created_at=now, seen_at=now)
    session.add(login)
    return token
