"""Days on which anybody works, and days on which a place is left in peace."""

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from data.tables.base import Base, Name, Word
from data.tables.places import Region


class CalendarDay(Base):
    """A day whose kind differs from its weekday's: a public holiday or a swapped day (调休)."""

    __tablename__ = "calendar_day"
    __table_args__ = {"comment": "Official calendar: holidays and swapped days 调休"}  # noqa: RUF012

    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Word, comment="holiday | workday (a weekend that is worked)")
    name: Mapped[str] = mapped_column(Name, default="")
    official: Mapped[bool] = mapped_column(
        default=False, comment="false: assumed, to be confirmed when the State Council publishes"
    )
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))


class Blackout(Base):
    """Days on which a village, a town or the whole district takes no visit (免打扰日)."""

    __tablename__ = "blackout"
    __table_args__ = {"comment": "免打扰日: market days, farming seasons, single dates"}  # noqa: RUF012

    id: Mapped[int] = mapped_column(primary_key=True)
    region_id: Mapped[int] = mapped_column(
        ForeignKey("region.id"), index=True, comment="village, town or district it holds for"
    )
    rule: Mapped[str] = mapped_column(
        Word, comment="dates | range | weekday | market_solar | market_lunar"
    )
    params: Mapped[dict[str, Any]] = mapped_column(
        comment='dates {"dates": [...]}; range {"from", "to", "yearly"}; weekday {"weekdays": '
        '[1]}; market {"digits": [3, 8]}: days of the month ending so, solar or lunar (逢三逢八)'
    )
    name: Mapped[str] = mapped_column(Name, default="", comment="reason: 赶集, 农忙, 白事 ...")
    active: Mapped[bool] = mapped_column(default=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))

    region: Mapped[Region] = relationship()
