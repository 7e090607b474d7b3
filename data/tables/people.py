"""Units and cadres who visit; households and enterprises who are visited; who is paired."""

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from data.tables.base import Base, Name, Note, Word
from data.tables.places import Region


class Unit(Base):
    """A department that villages are assigned to (包村单位)."""

    __tablename__ = "unit"
    __table_args__ = {"comment": "Departments 单位"}  # noqa: RUF012

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(Word, unique=True, comment="registry number 单位编号")
    name: Mapped[str] = mapped_column(Name)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))

    villages: Mapped[list["VillageLink"]] = relationship(
        back_populates="unit", cascade="all, delete-orphan"
    )


class VillageLink(Base):
    """Which unit answers for which village (包村). A village has one unit."""

    __tablename__ = "village_link"
    __table_args__ = (
        UniqueConstraint("village_id"),
        {"comment": "包村: the unit that answers for a village"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    village_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))

    unit: Mapped[Unit] = relationship(back_populates="villages")
    village: Mapped[Region] = relationship()


class Cadre(Base):
    """Somebody who visits (干部)."""

    __tablename__ = "cadre"
    __table_args__ = {"comment": "Cadres 干部"}  # noqa: RUF012

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(Word, unique=True, comment="registry number 干部编号")
    name: Mapped[str] = mapped_column(Name, comment="personal")
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    role: Mapped[str] = mapped_column(Word, default="staff", comment="leader | staff")
    base_lon: Mapped[float] = mapped_column(comment="where a day starts and ends, WGS-84 degrees")
    base_lat: Mapped[float]
    quota: Mapped[int] = mapped_column(comment="distinct households at least, in a campaign")
    max_visits_per_day: Mapped[int] = mapped_column(default=6)
    availability: Mapped[dict[str, Any]] = mapped_column(
        comment='weekly pattern {"1": [[510, 690], [870, 1050]], ...}: ISO weekday -> shifts, '
        "minutes after midnight; a weekday that is absent is not available"
    )
    active: Mapped[bool] = mapped_column(default=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))

    unit: Mapped[Unit] = relationship()
    absences: Mapped[list["CadreAbsence"]] = relationship(
        back_populates="cadre", cascade="all, delete-orphan"
    )


class CadreAbsence(Base):
    """Days on which a cadre cannot come: meetings, leave, illness."""

    __tablename__ = "cadre_absence"
    __table_args__ = {"comment": "Days a cadre is away"}  # noqa: RUF012

    id: Mapped[int] = mapped_column(primary_key=True)
    cadre_id: Mapped[int] = mapped_column(ForeignKey("cadre.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    reason: Mapped[str] = mapped_column(Name, default="")
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))

    cadre: Mapped[Cadre] = relationship(back_populates="absences")


class Household(Base):
    """
    A site that is visited: a household (户) or, with ``kind`` enterprise, a company (非公企业).

    Both need a point, a village, visits due and windows, and are one stop to a planner.
    """

    __tablename__ = "household"
    __table_args__ = (
        Index("ix_household_point", "lon", "lat"),
        {"comment": "Households 户 and enterprises 非公企业: everything that is visited"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(Word, unique=True, comment="registry number 户号")
    kind: Mapped[str] = mapped_column(Word, default="household", comment="household | enterprise")
    name: Mapped[str] = mapped_column(
        Name, default="", comment="householder 户主 or the enterprise; personal"
    )
    village_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    hamlet: Mapped[str] = mapped_column(Name, default="", comment="村民小组")
    address: Mapped[str] = mapped_column(Name, default="", comment="personal")
    phone: Mapped[str] = mapped_column(Word, default="", comment="personal, shown masked")
    lon: Mapped[float | None] = mapped_column(comment="WGS-84 degrees; null: not located")
    lat: Mapped[float | None]
    raw_point: Mapped[dict[str, Any] | None] = mapped_column(
        comment="the pair as given, its declared system and who decided, so that a wrong guess "
        "can be undone"
    )
    visits_due: Mapped[int] = mapped_column(default=1, comment="visits owed in the period")
    min_gap_days: Mapped[int] = mapped_column(default=28, comment="fewest days between two visits")
    service_min: Mapped[int] = mapped_column(default=30, comment="minutes at the door")
    windows: Mapped[list[Any]] = mapped_column(
        comment="[[510, 690], [870, 1050]]: minutes after midnight, [start, end)"
    )
    care_group: Mapped[str] = mapped_column(
        Word, default="", comment="key of 监测户, 低保户, 特困 ...; personal, never in scheduler"
    )
    priority: Mapped[int] = mapped_column(default=1, comment="weight of a missing visit")
    not_before: Mapped[date | None] = mapped_column(comment="away until")
    not_after: Mapped[date | None]
    state: Mapped[str] = mapped_column(
        Word, default="active", comment="active | moved | refused | merged"
    )
    draw_number: Mapped[float] = mapped_column(
        default=0.0, comment="permanent random number in [0, 1) of the fair draw"
    )
    version: Mapped[int] = mapped_column(default=1)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))

    village: Mapped[Region] = relationship()
    pairing: Mapped["Pairing | None"] = relationship(
        back_populates="household", cascade="all, delete-orphan", uselist=False
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Pairing(Base):
    """A cadre who has taken on a household in hardship (结对帮扶); visits are theirs alone."""

    __tablename__ = "pairing"
    __table_args__ = {"comment": "结对帮扶"}  # noqa: RUF012

    id: Mapped[int] = mapped_column(primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), unique=True)
    cadre_id: Mapped[int] = mapped_column(ForeignKey("cadre.id"), index=True)
    since: Mapped[date | None]
    note: Mapped[str] = mapped_column(Note, default="")
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))

    household: Mapped[Household] = relationship(back_populates="pairing")
    cadre: Mapped[Cadre] = relationship()
