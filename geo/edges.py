"""
The edge frame: a road network as plain arrays, between a file and a graph.

Whoever reads a road file makes one (``data.importing.roads``), ``geo.roads`` turns it
into times and paths, ``data.store`` keeps its bytes. Edges run from junction to
junction; their bends are kept, for snapping doors and drawing routes.
"""

import hashlib
import io
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geo.crs import great_circle_km
from geo.speeds import ROAD_CLASSES, Mode

ACCESS_BIT = {Mode.CAR: 1, Mode.EBIKE: 2, Mode.FOOT: 4}


@dataclass(frozen=True, kw_only=True, eq=False)
class RoadEdges:
    """
    A road network of m edges between n junctions.

    Parameters
    ----------
    tail, head
        Shape (m,), int32: junctions at the first and last point of each edge, 0 to n - 1.
    offsets
        Shape (m + 1,), int64: points of edge e are ``lonlat[offsets[e]:offsets[e + 1]]``.
    lonlat
        Shape (k, 2), degrees ``lon, lat``; at least two points an edge, in its direction.
    road_class
        Shape (m,), uint8: index into ``ROAD_CLASSES``.
    access
        Shape (m,), uint8: ``ACCESS_BIT`` of each mode that may use the edge.
    oneway
        Shape (m,), uint8: ``ACCESS_BIT`` of each mode that may only go from tail to head.
    maxspeed_kmh
        Shape (m,), float32: posted limit; NaN when unknown.
    """

    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    offsets: NDArray[np.int64]
    lonlat: NDArray[np.float64]
    road_class: NDArray[np.uint8]
    access: NDArray[np.uint8]
    oneway: NDArray[np.uint8]
    maxspeed_kmh: NDArray[np.float32]

    def __post_init__(self) -> None:
        m = len(self.tail)
        for name in ("head", "road_class", "access", "oneway", "maxspeed_kmh"):
            if getattr(self, name).shape != (m,):
                raise ValueError(f"{name} has shape {getattr(self, name).shape}, expected ({m},).")
        if self.offsets.shape != (m + 1,) or (m and int(self.offsets[-1]) != len(self.lonlat)):
            raise ValueError("offsets do not cover lonlat: expected m + 1 of them, to its end.")
        if m and int(np.diff(self.offsets).min()) < 2:
            raise ValueError("An edge has fewer than two points.")
        if m and int(self.road_class.max()) >= len(ROAD_CLASSES):
            raise ValueError(f"road_class reaches {self.road_class.max()}, beyond ROAD_CLASSES.")
        if m and min(int(self.tail.min()), int(self.head.min())) < 0:
            raise ValueError("A junction number is negative.")
        if not np.isfinite(self.lonlat).all():
            raise ValueError("A coordinate of a road is no finite number.")

    def __len__(self) -> int:
        return len(self.tail)

    @property
    def junctions(self) -> int:
        """How many junctions there are (n)."""
        return int(max(self.tail.max(), self.head.max())) + 1 if len(self) else 0

    @cached_property
    def junction_lonlat(self) -> NDArray[np.float64]:
        """Where the junctions are, shape (n, 2), degrees ``lon, lat``."""
        places = np.zeros((self.junctions, 2))
        places[self.head] = self.lonlat[self.offsets[1:] - 1]
        places[self.tail] = self.lonlat[self.offsets[:-1]]
        return places

    @cached_property
    def length_m(self) -> NDArray[np.float64]:
        """Length of each edge along its bends, shape (m,), metres."""
        if not len(self):
            return np.empty(0)
        steps = great_circle_km(self.lonlat[:-1], self.lonlat[1:]) * 1000
        run = np.concatenate([[0.0], np.cumsum(steps)])
        return np.asarray(run[self.offsets[1:] - 1] - run[self.offsets[:-1]], dtype=np.float64)

    def points(self, edge: int) -> NDArray[np.float64]:
        """Points of one edge, shape (k, 2), degrees ``lon, lat``."""
        return self.lonlat[self.offsets[edge] : self.offsets[edge + 1]]

    def may_use(self, mode: Mode) -> NDArray[np.bool_]:
        """Edges open to a mode, shape (m,)."""
        return (self.access & ACCESS_BIT[mode]) > 0

    def is_oneway(self, mode: Mode) -> NDArray[np.bool_]:
        """Edges that a mode may only follow from tail to head, shape (m,)."""
        return (self.oneway & ACCESS_BIT[mode]) > 0

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 of the arrays."""
        digest = hashlib.sha256()
        for part in fields(self):
            array = np.ascontiguousarray(getattr(self, part.name))
            digest.update(part.name.encode())
            digest.update(str(array.shape).encode())
            digest.update(array.tobytes())
        return digest.hexdigest()

    def to_bytes(self) -> bytes:
        """Compressed arrays (npz) for storage."""
        out = io.BytesIO()
        np.savez_compressed(out, **{part.name: getattr(self, part.name) for part in fields(self)})
        return out.getvalue()

    @classmethod
    def from_bytes(cls, stored: bytes) -> "RoadEdges":
        """Inverse of ``to_bytes``; nothing in the bytes is executed."""
        with np.load(io.BytesIO(stored), allow_pickle=False) as arrays:
            return cls(**{part.name: arrays[part.name] for part in fields(cls)})
