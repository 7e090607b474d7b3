"""Who may sign in, who has, and what was done."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from data.tables.base import Base, Name, Word
from data.tables.people import Cadre


class User(Base):
    """An account."""

    __tablename__ = "user"
    __table_args__ = {"comment": "Accounts"}  # noqa: RUF012

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Word, unique=True, comment="what one signs in with")
    display_name: Mapped[str] = mapped_column(Name, default="")
    password_hash: Mapped[str] = mapped_column(Name, comment="argon2id")
    must_change: Mapped[bool] = mapped_column(default=False, comment="a one-time first password")
    role: Mapped[str] = mapped_column(Word, comment="admin | planner | coordinator | cadre")
    cadre_id: Mapped[int | None] = mapped_column(
        ForeignKey("cadre.id", use_alter=True), unique=True, comment="the cadre this account is"
    )
    locale: Mapped[str] = mapped_column(Word, default="zh", comment="zh | en")
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]

    cadre: Mapped[Cadre | None] = relationship()


class Login(Base):
    """A signed-in browser; the cookie holds a token, the table only its hash."""

    __tablename__ = "login"
    __table_args__ = {"comment": "Server-side logins"}  # noqa: RUF012

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(Name, unique=True, comment="SHA-256 of the token")
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()


class LoginFailure(Base):
    """A failed sign-in, counted by account and address for throttling."""

    __tablename__ = "login_failure"
    __table_args__ = (
        Index("ix_login_failure_name_at", "name", "at"),
        Index("ix_login_failure_address_at", "address", "at"),
        {"comment": "Failed sign-ins, for throttling"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Name)
    address: Mapped[str] = mapped_column(Name)
    at: Mapped[datetime]


class Audit(Base):
    """What was done, by whom, to what; ids and field names only, no values."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_entity", "entity", "entity_id"),
        {"comment": "Audit rows; each holds the hash of the one before"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(comment="user id; null: the system or the shell")
    action: Mapped[str] = mapped_column(Word, comment="import.confirm, plan.publish ...")
    entity: Mapped[str] = mapped_column(Word)
    entity_id: Mapped[str] = mapped_column(Word)
    facts: Mapped[dict[str, Any]] = mapped_column(comment="ids, counts, field names; no values")
    before_hash: Mapped[str] = mapped_column(Name)
    row_hash: Mapped[str] = mapped_column(Name)
