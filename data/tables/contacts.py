"""The burden ledger (民扰账本): every contact that was made, by whomever."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from data.tables.base import Base, Name, Note, Word
from data.tables.people import Cadre, Household


class Contact(Base):
    """One contact with a household. Append only: a correction is a new row that replaces one."""

    __tablename__ = "contact"
    __table_args__ = (
        Index("ix_contact_household_day", "household_id", "day"),
        {"comment": "Contacts made 接触 (ledger); append only"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    op_id: Mapped[str] = mapped_column(
        Word, unique=True, comment="made by the sender; a repeat is answered, not stored again"
    )
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    cadre_id: Mapped[int | None] = mapped_column(ForeignKey("cadre.id"), index=True)
    unit_name: Mapped[str] = mapped_column(Name, default="", comment="who came, when not a cadre")
    planned_visit_id: Mapped[int | None] = mapped_column(
        ForeignKey("planned_visit.id", ondelete="SET NULL"), index=True
    )
    day: Mapped[date] = mapped_column(index=True, comment="day of the contact in Asia/Shanghai")
    outcome: Mapped[str] = mapped_column(
        Word, comment="visited | no_answer | moved | refused | call | form | meeting"
    )
    minutes: Mapped[int | None]
    party_size: Mapped[int] = mapped_column(default=1)
    note: Mapped[str] = mapped_column(Note, default="", comment="personal")
    replaces_id: Mapped[int | None] = mapped_column(
        ForeignKey("contact.id"), unique=True, comment="the row this one corrects"
    )
    withdrawn: Mapped[bool] = mapped_column(
        default=False, comment="this row takes back the one it replaces"
    )
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))

    household: Mapped[Household] = relationship()
    cadre: Mapped[Cadre | None] = relationship()
