"""
Accounts: make one, sign in, change a password, switch one off.

Nobody exists by default; ``zoufang init`` makes the first administrator. Signing in is
throttled by account and by address, and an unknown name costs the same time as a wrong
password. The cookie holds a random token; the database only its hash, so that a copy of
the database lets nobody in, and a login can be ended from here.
"""

import hashlib
import re
import secrets
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy.orm import Session

from data.audit import record
from data.db import Database
from data.store import accounts as store
from data.tables import Login, LoginFailure, User

ROLES = ("admin", "planner", "coordinator", "cadre")
MIN_LENGTH, MAX_LENGTH = 12, 256
FAILURE_WINDOW = timedelta(minutes=15)
FAILURES_PER_ACCOUNT = 10
FAILURES_PER_ADDRESS = 100  # an office shares one address
WEAK_STEMS = (
    "password", "passw0rd", "qwertyuiop", "1qaz2wsx", "asdfghjkl", "iloveyou", "administrator",
    "admin", "welcome", "letmein", "zoufang", "走访", "宜秀", "安庆", "organization", "woaini",
)  # fmt: skip

# 19 MiB, two passes: about 34 ms, so that a morning of a thousand logins fits two cores.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_few_at_once = threading.BoundedSemaphore(2)
_nobody = _hasher.hash(secrets.token_hex(16))


class AccountError(Exception):
    """Root of what can be wrong with an account."""

    code = "account"


class SignInRefused(AccountError):
    """Name and password do not belong together, or the account is switched off."""

    code = "sign-in-refused"


class TooManyAttempts(AccountError):
    """Sign-in is paused for this account or address."""

    code = "too-many-attempts"

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"Too many failed sign-ins; wait {retry_after_s} s.")
        self.retry_after_s = retry_after_s
        self.minutes = -(-retry_after_s // 60)


class WeakPassword(AccountError):
    """The password is too short, too long or too well known."""

    code = "weak-password"

    def __init__(self, reason: str) -> None:
        super().__init__(f"Password refused: {reason}.")
        self.reason = reason
        self.min_length = MIN_LENGTH
        self.max_length = MAX_LENGTH


class WrongPassword(AccountError):
    """The present password was not given correctly."""

    code = "wrong-password"


class BadAccount(AccountError):
    """An account cannot be made like this; ``field`` says where, ``reason`` why."""

    code = "bad-account"

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"Account refused: {field} is {reason}.")
        self.field = field
        self.reason = reason


class UnknownAccount(AccountError):
    """No account has this id."""

    code = "unknown-account"


class LastAdministrator(AccountError):
    """The only administrator cannot be switched off."""

    code = "last-administrator"


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
    key = _key(name)
    with database.read() as session:
        by_name, by_address = store.count_failures(
            session, name=key, address=address, since=now - FAILURE_WINDOW
        )
        user = store.find_user(session, name.strip())
        known_hash = user.password_hash if user is not None and user.active else None
    if by_name >= FAILURES_PER_ACCOUNT or by_address >= FAILURES_PER_ADDRESS:
        raise TooManyAttempts(int(FAILURE_WINDOW.total_seconds()))
    right = _matches(known_hash or _nobody, password)
    with database.write.begin() as session:
        user = store.find_user(session, name.strip())
        if right and known_hash and user is not None and user.password_hash == known_hash:
            store.forget_failures(session, name=key, before=now - FAILURE_WINDOW)
            if _hasher.check_needs_rehash(user.password_hash):
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
        login = store.find_login(session, _token_hash(token))
        if login is None or login.ended_at is not None or now - login.created_at > max_age:
            return None
        return Account.of(login.user) if login.user.active else None


def end_login(database: Database, token: str, *, now: datetime) -> None:
    """Sign out; a token that is unknown is no error."""
    with database.write.begin() as session:
        login = store.find_login(session, _token_hash(token))
        if login is not None and login.ended_at is None:
            login.ended_at = now


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
        kept = _token_hash(keep_token) if keep_token else None
        store.end_logins(session, user_id, at=now, except_hash=kept)
        store.forget_failures(session, name=_key(user.name), before=now - FAILURE_WINDOW)
        _record(session, now, actor_id, "user.password", user_id, {"one_time": must_change})


def change_own_password(
    database: Database, account: Account, *, present: str, new: str, token: str, now: datetime
) -> None:
    """Replace one's own password; other browsers are signed out."""
    with database.read() as session:
        known_hash = _known(session, account.id).password_hash
    if not _matches(known_hash, present):
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
        if not active and user.role == "admin" and user.active:
            if store.count_active(session, "admin") <= 1:
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


def one_time_password() -> str:
    """Return a random password that can be read out: four groups, no letters that look alike."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


def check_password(password: str, *, name: str) -> None:
    """Refuse what is short, endless, a known word with decoration, or the account's name."""
    if len(password) < MIN_LENGTH:
        raise WeakPassword("short")
    if len(password) > MAX_LENGTH:
        raise WeakPassword("long")
    plain = password.lower()
    if len(set(plain)) < 5 or plain in "01234567890123456789" * 4:
        raise WeakPassword("repeating")
    rest = plain
    for word in (*WEAK_STEMS, name.lower()):
        rest = rest.replace(word, "")
    if len(re.sub(r"[\d\W_]", "", rest)) < 4 and rest != plain:
        raise WeakPassword("common")


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password."""
    with _few_at_once:
        return _hasher.hash(password)


def _matches(known_hash: str, password: str) -> bool:
    with _few_at_once:
        try:
            return _hasher.verify(known_hash, password[: MAX_LENGTH + 1])
        except VerificationError:
            return False


def open_login(session: Session, user: User, now: datetime) -> str:
    """Open a login for an account whose password was checked; return the cookie's token."""
    token = secrets.token_urlsafe(32)
    login = Login(token_hash=_token_hash(token), user_id=user.id, created_at=now, seen_at=now)
    session.add(login)
    return token


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


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _key(name: str) -> str:
    """Failures are counted by a hash: people type passwords into the name field."""
    return hashlib.sha256(name.strip().lower().encode()).hexdigest()
