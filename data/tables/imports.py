"""Import batches, each one revertible unit."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from data.tables.base import Base, Name, Word


class ImportBatch(Base):
    """One confirmed import."""

    __tablename__ = "import_batch"
    __table_args__ = {"comment": "Imports, each undone as one"}  # noqa: RUF012

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(
        Word,
        comment="boundaries | households | cadres | units | pairings | enterprises | blackouts | "
        "visits | calendar | villages | roads | district",
    )
    file_name: Mapped[str] = mapped_column(Name)
    sha256: Mapped[str] = mapped_column(Name)
    options: Mapped[dict[str, Any]] = mapped_column(comment="columns and systems as confirmed")
    counts: Mapped[dict[str, Any]] = mapped_column(comment="added, changed, unchanged")
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class ImportChange(Base):
    """A row that a batch added or changed; ``before`` is null where it was added."""

    __tablename__ = "import_change"
    __table_args__ = (
        Index("ix_import_change_row", "table_name", "row_id"),
        {"comment": "What a batch changed, so that it can be undone"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"), index=True)
    table_name: Mapped[str] = mapped_column(Word)
    row_id: Mapped[str] = mapped_column(Word, comment="primary key as text")
    before: Mapped[dict[str, Any] | None] = mapped_column(comment="columns before; bytes as hex")
    after: Mapped[dict[str, Any] | None] = mapped_column(
        comment="columns after: an undo refuses when they have moved on"
    )
