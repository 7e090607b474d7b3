"""Accounts, logins and failed sign-ins, as rows."""

from datetime import datetime

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session, joinedload

from data.tables import Cadre, Login, LoginFailure, User


def load_user(session: Session, user_id: int) -> User | None:
    """Return an account by id."""
    return session.get(User, user_id)


def find_user(session: Session, name: str) -> User | None:
    """Return an account by the name one signs in with; case does not matter."""
    return session.scalars(select(User).where(func.lower(User.name) == name.lower())).first()


def list_users(session: Session) -> list[User]:
    """Return all accounts with their cadres, by role and name."""
    query = select(User).options(joinedload(User.cadre)).order_by(User.role, User.name)
    return list(session.scalars(query))


def cadres_without_account(session: Session) -> list[Cadre]:
    """Return active cadres nobody can sign in as, by number."""
    taken = select(User.cadre_id).where(User.cadre_id.is_not(None))
    query = select(Cadre).where(Cadre.active, Cadre.id.not_in(taken)).order_by(Cadre.number)
    return list(session.scalars(query))


def count_active(session: Session, role: str) -> int:
    """Return how many accounts of a role may sign in."""
    query = select(func.count()).select_from(User).where(User.role == role, User.active)
    return session.scalar(query) or 0


def find_login(session: Session, token_hash: str) -> Login | None:
    """Return the login of a cookie's token, with its account."""
    query = select(Login).where(Login.token_hash == token_hash).options(joinedload(Login.user))
    return session.scalars(query).first()


def end_logins(
    session: Session, user_id: int, *, at: datetime, except_hash: str | None = None
) -> None:
    """End every open login of an account, but for one that may stay."""
    query = update(Login).where(Login.user_id == user_id, Login.ended_at.is_(None))
    if except_hash is not None:
        query = query.where(Login.token_hash != except_hash)
    session.execute(query.values(ended_at=at))


def last_logins(session: Session) -> dict[int, datetime]:
    """Return account id -> the instant of its newest sign-in."""
    query = select(Login.user_id, func.max(Login.created_at)).group_by(Login.user_id)
    return {row[0]: row[1] for row in session.execute(query)}


def count_failures(
    session: Session, *, name: str, address: str, since: datetime
) -> tuple[int, int]:
    """Return failed sign-ins since an instant: of this account name, from this address."""
    query = select(LoginFailure.name, LoginFailure.address).where(
        LoginFailure.at > since,
        or_(LoginFailure.name == name, LoginFailure.address == address),
    )
    rows = session.execute(query).all()
    return sum(n == name for n, _ in rows), sum(a == address for _, a in rows)


def forget_failures(session: Session, *, name: str, before: datetime) -> None:
    """Drop the failures of an account that has signed in, and all that are too old to count."""
    session.execute(
        delete(LoginFailure).where(or_(LoginFailure.name == name, LoginFailure.at < before))
    )
