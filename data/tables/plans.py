"""Campaigns with their rules, plans with their versions, visits planned and not planned."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from data.tables.base import Base, Name, Word
from data.tables.people import Cadre, Household


class Campaign(Base):
    """A period of visiting with its own rules."""

    __tablename__ = "campaign"
    __table_args__ = {"comment": "Campaigns: period, rules, who takes part"}  # noqa: RUF012

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Name)
    first_day: Mapped[date]
    last_day: Mapped[date]
    rules: Mapped[dict[str, Any]] = mapped_column(comment="see data.rules.CampaignRules")
    selection: Mapped[str] = mapped_column(
        Word, default="all", comment="all: every owed household; listed: campaign_household"
    )
    draw: Mapped[dict[str, Any] | None] = mapped_column(
        comment="how the list was drawn: count, seed, day"
    )
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class CampaignHousehold(Base):
    """A household that takes part in a campaign with ``selection`` listed."""

    __tablename__ = "campaign_household"
    __table_args__ = {"comment": "Households that take part in a campaign"}  # noqa: RUF012

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), primary_key=True)


class Plan(Base):
    """One version of a campaign's plan. The stored plan is the record, never a re-solve."""

    __tablename__ = "plan"
    __table_args__ = (
        UniqueConstraint("campaign_id", "number"),
        {"comment": "Plans 方案; problem and plan are kept as the contract's documents"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    number: Mapped[int] = mapped_column(comment="1, 2, ... within its campaign")
    name: Mapped[str] = mapped_column(Name, default="")
    state: Mapped[str] = mapped_column(
        Word, default="draft", comment="draft | published | replaced"
    )
    status: Mapped[str] = mapped_column(Word, comment="optimal | feasible | stopped")
    seed: Mapped[int]
    objective: Mapped[float] = mapped_column(comment="J of the contract")
    bound: Mapped[float | None] = mapped_column(comment="proven lower bound of J")
    visit_count: Mapped[int]
    unplanned_count: Mapped[int] = mapped_column(comment="missing visits, not households")
    seconds: Mapped[float]
    travel_engine: Mapped[str] = mapped_column(Word, comment="road | line")
    facts: Mapped[dict[str, Any]] = mapped_column(comment="metrics, engine, unreachable stops")
    problem: Mapped[bytes] = mapped_column(LargeBinary, comment="zoufang-problem/1, gzipped JSON")
    document: Mapped[bytes] = mapped_column(LargeBinary, comment="zoufang-plan/1, gzipped JSON")
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"), unique=True)
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    published_on: Mapped[date | None]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    version: Mapped[int] = mapped_column(default=1)

    campaign: Mapped[Campaign] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class PlannedVisit(Base):
    """One visit of a plan, for pages that must not open the whole document."""

    __tablename__ = "planned_visit"
    __table_args__ = (
        Index("ix_planned_visit_cadre_day", "plan_id", "cadre_id", "day"),
        Index("ix_planned_visit_household", "plan_id", "household_id"),
        {"comment": "Visits of a plan"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"))
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    cadre_id: Mapped[int] = mapped_column(ForeignKey("cadre.id"))
    day: Mapped[date]
    start_min: Mapped[float] = mapped_column(comment="minutes after midnight")
    end_min: Mapped[float]
    position: Mapped[int] = mapped_column(comment="1, 2, ... along the day")

    household: Mapped[Household] = relationship()
    cadre: Mapped[Cadre] = relationship()


class UnplannedVisit(Base):
    """Visits of one household that the plan does not hold, with the reasons."""

    __tablename__ = "unplanned_visit"
    __table_args__ = (
        UniqueConstraint("plan_id", "household_id"),
        {"comment": "Visits that a plan lacks, with reasons"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"))
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    missing: Mapped[int]
    reasons: Mapped[list[Any]] = mapped_column(comment="[{rule, code, detail, facts}]")

    household: Mapped[Household] = relationship()
