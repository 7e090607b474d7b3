"""Road graphs, and the matrices that were worked out on them."""

import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from data.tables import RoadGraph, TravelCache
from geo.edges import RoadEdges
from geo.roads import RoadTravel


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentRoads:
    """The road graph in force, not yet opened."""

    id: int
    name: str
    attribution: str
    content_hash: str


MATRICES_KEPT = 8

_opened: dict[str, RoadTravel] = {}


def current_roads(session: Session) -> CurrentRoads | None:
    """Return the newest road graph in force; ``None`` when no roads are known."""
    columns = (RoadGraph.id, RoadGraph.name, RoadGraph.attribution, RoadGraph.content_hash)
    query = select(*columns).where(RoadGraph.current).order_by(RoadGraph.id.desc()).limit(1)
    row = session.execute(query).first()
    return CurrentRoads(**row._mapping) if row else None


def open_roads(session: Session, roads: CurrentRoads) -> RoadTravel:
    """Return travel over a road graph; the last one opened is kept, as opening takes a second."""
    if roads.content_hash not in _opened:
        travel = RoadTravel(load_edges(session, roads.id))
        _opened.clear()
        _opened[roads.content_hash] = travel
        return travel
    return _opened[roads.content_hash]


def load_edges(session: Session, graph_id: int) -> RoadEdges:
    """Return the edges of a graph."""
    stored = session.scalars(select(RoadGraph.edges).where(RoadGraph.id == graph_id)).one()
    return RoadEdges.from_bytes(stored)


def save_roads(
    session: Session,
    edges: RoadEdges,
    *,
    name: str,
    attribution: str,
    at: datetime,
    batch_id: int | None = None,
) -> RoadGraph:
    """Store a road graph and put it in force; the one before stays, no longer current."""
    session.execute(update(RoadGraph).where(RoadGraph.current).values(current=False))
    row = RoadGraph(
        name=name,
        attribution=attribution,
        content_hash=edges.content_hash,
        edges=edges.to_bytes(),
        edge_count=len(edges),
        created_at=at,
        batch_id=batch_id,
    )
    session.add(row)
    session.flush()
    return row


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KeptMatrix:
    """
    A travel matrix with the key it is found by.

    Parameters
    ----------
    minutes
        Shape (n, n), row = from; NaN = no way.
    facts
        Engine and version, as named in a plan.
    """

    cache_key: str
    minutes: NDArray[np.float32]
    facts: dict[str, Any]


def find_matrix(session: Session, cache_key: str) -> KeptMatrix | None:
    """Return a matrix kept under a key."""
    row = session.scalars(select(TravelCache).where(TravelCache.cache_key == cache_key)).first()
    if row is None:
        return None
    minutes = np.load(io.BytesIO(row.matrix), allow_pickle=False)
    return KeptMatrix(cache_key=cache_key, minutes=minutes, facts=row.facts)


def keep_matrix(session: Session, matrix: KeptMatrix, *, at: datetime) -> None:
    """Keep a matrix, unless somebody was faster; the oldest make room, as each takes megabytes."""
    query = select(TravelCache.id).where(TravelCache.cache_key == matrix.cache_key)
    if session.scalar(query) is not None:
        return
    ids = session.scalars(select(TravelCache.id).order_by(TravelCache.id.desc())).all()
    session.execute(delete(TravelCache).where(TravelCache.id.in_(ids[MATRICES_KEPT - 1 :])))
    out = io.BytesIO()
    np.save(out, matrix.minutes, allow_pickle=False)
    session.add(
        TravelCache(
            cache_key=matrix.cache_key,
            engine="road",
            facts=matrix.facts,
            matrix=out.getvalue(),
            created_at=at,
        )
    )
    session.flush()
