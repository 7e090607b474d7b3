"""Regions with their boundaries, roads, and the layers of travel that are derived from them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from data.tables.base import Base, Code, Name, Word


class Region(Base):
    """A node of the region tree: district, town (or subdistrict), village or community."""

    __tablename__ = "region"
    __table_args__ = (
        Index("ix_region_box", "min_lon", "min_lat", "max_lon", "max_lat"),
        {"comment": "Region tree 区县 > 乡镇/街道 > 村/社区, with boundaries"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Code, unique=True, comment="12-digit code 区划代码, as text")
    name: Mapped[str] = mapped_column(Name, comment="name as on its seal; not unique")
    kind: Mapped[str] = mapped_column(Word, comment="district | town | village | community")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("region.id"), index=True)
    geometry: Mapped[bytes | None] = mapped_column(
        LargeBinary, comment="WKB, WGS-84 lon lat; villages only, larger areas are dissolved"
    )
    min_lon: Mapped[float | None] = mapped_column(comment="bounding box, degrees")
    min_lat: Mapped[float | None]
    max_lon: Mapped[float | None]
    max_lat: Mapped[float | None]
    synthetic_shape: Mapped[bool] = mapped_column(
        default=False, comment="true: an invented shape, never shown as a boundary of record"
    )
    source: Mapped[str] = mapped_column(Name, default="", comment="where the boundary came from")
    valid_from: Mapped[date | None] = mapped_column(comment="first day the code is in force")
    valid_to: Mapped[date | None] = mapped_column(comment="last day the code is in force")
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))

    parent: Mapped["Region | None"] = relationship(remote_side=[id])


class RoadGraph(Base):
    """A road graph made from one extract; the newest one in force is the one with ``current``."""

    __tablename__ = "road_graph"
    __table_args__ = {"comment": "Road graphs made from extracts"}  # noqa: RUF012

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Name, comment="file name of the extract")
    attribution: Mapped[str] = mapped_column(Name, default="", comment="shown on every map")
    content_hash: Mapped[str] = mapped_column(Name, comment="of the edges; part of cache keys")
    edges: Mapped[bytes] = mapped_column(LargeBinary, comment="edge frame, NumPy .npz")
    edge_count: Mapped[int]
    current: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))


class TravelCache(Base):
    """A travel matrix, found again by its content."""

    __tablename__ = "travel_cache"
    __table_args__ = (
        UniqueConstraint("cache_key"),
        {"comment": "Travel matrices by content: graph, mode, speeds, stops"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cache_key: Mapped[str] = mapped_column(Name)
    engine: Mapped[str] = mapped_column(Word, comment="road | line")
    facts: Mapped[dict[str, Any]] = mapped_column(comment="mode, speeds, unreachable stops")
    matrix: Mapped[bytes] = mapped_column(LargeBinary, comment="NumPy .npy, minutes (n, n)")
    created_at: Mapped[datetime]
