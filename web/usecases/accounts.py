"""
Accounts: make one, change its password, switch it off.

Nobody exists by default; ``zoufang init`` makes the first administrator. A new password and
switching off end the account's logins at once.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from data.audit import record
from data.db import Database
from data.store import accounts as store
from data.tables import User
from web.usecases.account_errors import (
    BadAccount,
    LastAdministrator,
    UnknownAccount,
    WeakPassword,
    WrongPassword,
)
from web.usecases.login_keys import FAILURE_WINDOW, failure_key, token_hash
from web.usecases.passwords import check_password, hash_password, matches, one_time_password

ROLES = ("admin", "planner", "coordinator", "cadre")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who is signed in, as pages need it."""

    id: int
    name: str
    display_name: str
    role: str
    locale: str
    cadre_id: int | None
    must_change: bool

    @classmethod
    def of(cls, user: User) -> "Account":
        """Copy the row, so that no page holds a session open."""
        return cls(
            id=user.id,
            name=user.name,
            display_name=user.display_name or user.name,
            role=user.role,
            locale=user.locale,
            cadre_id=user.cadre_id,
            must_change=user.must_change,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """One line of the administrator's list."""

    account: Account
    active: bool
    cadre_name: str
    last_login: datetime | None


def create_user(
    database: Database,
    *,
    name: str,
    role: str,
    password: str,
    now: datetime,
    display_name: str = "",
    cadre_id: int | None = None,
    must_change: bool = False,
    locale: str = "zh",
    actor_id: int | None = None,
) -> int:
    """Make an account and return its id."""
    name = name.strip()
    if not re.fullmatch(r"[\w.@+-]{2,40}", name):
        raise BadAccount("name", "malformed")
    if role not in ROLES:
        raise BadAccount("role", "unknown")
    if (role == "cadre") != (cadre_id is not None):
        raise BadAccount("cadre_id", "missing" if role == "cadre" else "unexpected")
    check_password(password, name=name)
    hashed = hash_password(password)
    with database.write.begin() as session:
        if store.find_user(session, name) is not None:
            raise BadAccount("name", "taken")
        if cadre_id is not None:
            free = {cadre.id for cadre in store.cadres_without_account(session)}
            if cadre_id not in free:
                raise BadAccount("cadre_id", "taken")
        user = User(
            name=name,
            display_name=display_name.strip()[:120],
            password_hash=hashed,
            must_change=must_change,
            role=role,
            cadre_id=cadre_id,
            locale=locale,
            active=True,
            created_at=now,
        )
        session.add(user)
        session.flush()
        _record(session, now, actor_id, "user.create", user.id, {"role": role})
        return user.id


def set_password(
    database: Database,
    user_id: int,
    password: str,
    *,
    now: datetime,
    must_change: bool = False,
    actor_id: int | None = None,
    keep_token: str | None = None,
) -> None:
    """Set a password and end the account's logins, but for the one that ``keep_token`` opened."""
    with database.read() as session:
        name = _known(session, user_id).name
    check_password(password, name=name)
    hashed = hash_password(password)
    with database.write.begin() as session:
        user = _known(session, user_id)
        user.password_hash = hashed
        user.must_change = must_change
        kept = token_hash(keep_token) if keep_token else None
        store.end_logins(session, user_id, at=now, except_hash=kept)
        store.forget_failures(session, name=failure_key(user.name), before=now - FAILURE_WINDOW)
        _record(session, now, actor_id, "user.password", user_id, {"one_time": must_change})


def change_own_password(
    database: Database, account: Account, *, present: str, new: str, token: str, now: datetime
) -> None:
    """Replace one's own password; other browsers are signed out."""
    with database.read() as session:
        known_hash = _known(session, account.id).password_hash
    if not matches(known_hash, present):
        raise WrongPassword("The present password is not right.")
    if present == new:
        raise WeakPassword("unchanged")
    set_password(database, account.id, new, now=now, actor_id=account.id, keep_token=token)


def reset_password(database: Database, user_id: int, *, now: datetime, actor_id: int) -> str:
    """Give an account a one-time password and return it; it must be changed at sign-in."""
    password = one_time_password()
    set_password(database, user_id, password, now=now, must_change=True, actor_id=actor_id)
    return password


def set_active(
    database: Database, user_id: int, active: bool, *, now: datetime, actor_id: int | None = None
) -> None:
    """Switch an account on or off; switching off ends its logins."""
    with database.write.begin() as session:
        user = _known(session, user_id)
        leaves = not active and user.active and user.role == "admin"
        if leaves and store.count_active(session, "admin") <= 1:
            raise LastAdministrator("The only administrator stays.")
        user.active = active
        if not active:
            store.end_logins(session, user_id, at=now)
        _record(session, now, actor_id, "user.enable" if active else "user.disable", user_id, {})


def set_locale(database: Database, user_id: int, locale: str) -> None:
    """Keep the language an account reads."""
    with database.write.begin() as session:
        _known(session, user_id).locale = locale


def list_users(database: Database) -> list[AccountRow]:
    """Return every account with its cadre and its newest sign-in."""
    with database.read() as session:
        newest = store.last_logins(session)
        return [
            AccountRow(
                account=Account.of(user),
                active=user.active,
                cadre_name=user.cadre.name if user.cadre else "",
                last_login=newest.get(user.id),
            )
            for user in store.list_users(session)
        ]


def cadres_to_choose(database: Database) -> list[tuple[int, str, str]]:
    """Return id, number and name of each cadre nobody can sign in as."""
    with database.read() as session:
        return [(c.id, c.number, c.name) for c in store.cadres_without_account(session)]


def _known(session: Session, user_id: int) -> User:
    user = store.load_user(session, user_id)
    if user is None:
        raise UnknownAccount(f"No account {user_id}.")
    return user


def _record(
    session: Session, at: datetime, actor_id: int | None, action: str, user_id: int,
    facts: dict[str, object],
) -> None:  # fmt: skip
    record(
        session, at=at, actor_id=actor_id, action=action, entity="user", entity_id=user_id,
        facts=facts,
    )  # fmt: skip
