"""
Travel over a road network: times and paths from door to door.

Times are whole deciseconds along edges, by class, posted limit and mode; a door enters
its edge part-way and the rest is walked. Turn bans and slopes are not known, see
docs/geo.md. Nothing here reads a file: the edge frame comes from ``data``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.crs import MetricPlane, great_circle_km
from geo.edges import RoadEdges
from geo.shortest import NO_WAY, Arcs, ShortestTimes, shortest_times
from geo.snapping import SNAPPING_VERSION, Snapped, Snapper
from geo.speeds import DEFAULT_SPEEDS, ROAD_CLASSES, Mode, SpeedTable
from geo.travel import CELLS_PER_BLOCK, as_lonlat, content_key, settled

Engine = Callable[[Arcs], ShortestTimes]
DS_PER_MIN = 600


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Layer:
    """The network as one mode sees it; costs in deciseconds along (with) and against edges."""

    along_ds: NDArray[np.float64]
    against_ds: NDArray[np.float64]
    snapper: Snapper
    times: ShortestTimes
    arc_edge: NDArray[np.int64]
    arc_forward: NDArray[np.bool_]


class RoadTravel:
    """
    Travel times over roads; a ``TravelMatrix``.

    Parameters
    ----------
    edges
        The network; at least one edge.
    speeds
        Speeds by mode and class.
    engine
        What finds shortest times in a graph.
    """

    def __init__(
        self,
        edges: RoadEdges,
        *,
        speeds: SpeedTable = DEFAULT_SPEEDS,
        engine: Engine = shortest_times,
    ) -> None:
        if not len(edges):
            raise ValueError("The road network is empty; use LineTravel instead.")
        self.edges = edges
        self.speeds = speeds
        self._engine = engine
        self._plane = MetricPlane.around(edges.lonlat)
        self._layer = lru_cache(maxsize=len(Mode))(self._build_layer)

    @property
    def name(self) -> str:
        """As named in a plan."""
        return f"roads, {self._layer(Mode.CAR).times.name}, speeds {self.speeds.version}"

    def snap(self, lonlat: ArrayLike, mode: Mode = Mode.CAR) -> Snapped:
        """Where points, shape (n, 2), degrees, meet a road that the mode may use."""
        return self._layer(mode).snapper.snap(as_lonlat(lonlat))

    def minutes(self, lonlat: ArrayLike, mode: Mode = Mode.CAR) -> NDArray[np.float64]:
        """See ``TravelMatrix.minutes``; doors without a road have NaN rows and columns."""
        points = as_lonlat(lonlat)
        layer = self._layer(mode)
        at = layer.snapper.snap(points)
        result = np.full((len(points), len(points)), np.nan)
        doors = np.flatnonzero(at.connected)
        if len(doors):
            walk = at.walk_m[doors] / (self.speeds.walk_kmh / 3.6) * 10
            road = _road_times(self.edges, layer, at.edge[doors], at.share[doors])
            road += walk[:, None]
            road += walk[None, :]
            result[np.ix_(doors, doors)] = road / DS_PER_MIN
        return settled(result, points)

    def path(self, a: ArrayLike, b: ArrayLike, mode: Mode = Mode.CAR) -> NDArray[np.float64]:
        """See ``TravelMatrix.path``: door, road, door."""
        ends = as_lonlat(np.stack([np.asarray(a), np.asarray(b)]).astype(np.float64))
        layer = self._layer(mode)
        at = layer.snapper.snap(ends)
        if not at.connected.all():
            return np.empty((0, 2))
        way = _road_between(self.edges, layer, at)
        if not len(way):
            return way
        points = np.concatenate([ends[:1], way, ends[1:]])
        step = np.abs(np.diff(points, axis=0)).max(axis=1) > 1e-9
        kept: NDArray[np.float64] = points[np.concatenate([[True], step])]
        return kept

    def cache_key(self, lonlat: ArrayLike, mode: Mode = Mode.CAR) -> str:
        """See ``TravelMatrix.cache_key``."""
        table = sorted(self.speeds.kmh[mode].items())
        return content_key(
            "roads",
            self.edges.content_hash,
            self._layer(mode).times.name,
            self.speeds.version,
            table,
            self.speeds.walk_kmh,
            SNAPPING_VERSION,
            str(mode),
            as_lonlat(lonlat),
        )

    def _build_layer(self, mode: Mode) -> _Layer:
        along, against = edge_times_ds(self.edges, mode, self.speeds)
        edge = np.concatenate([np.flatnonzero(np.isfinite(cost)) for cost in (along, against)])
        forward = np.arange(len(edge)) < np.isfinite(along).sum()
        tail = np.where(forward, self.edges.tail[edge], self.edges.head[edge]).astype(np.int64)
        head = np.where(forward, self.edges.head[edge], self.edges.tail[edge]).astype(np.int64)
        arcs = Arcs(
            tail=tail,
            head=head,
            weight_ds=np.where(forward, along[edge], against[edge]).astype(np.int64),
            node_lonlat=self.edges.junction_lonlat,
        )
        # Fragments cut off from the network would strand whoever snaps to them.
        main = arcs.largest_strong_component()
        inside = main[tail] & main[head]
        usable = np.zeros(len(self.edges), dtype=bool)
        usable[edge[inside]] = True
        arcs = arcs.only(inside)
        return _Layer(
            along_ds=along,
            against_ds=against,
            snapper=Snapper(self.edges, usable, self._plane),
            times=self._engine(arcs),
            arc_edge=edge[inside],
            arc_forward=forward[inside],
        )


def edge_times_ds(
    edges: RoadEdges, mode: Mode, speeds: SpeedTable = DEFAULT_SPEEDS
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """
    Whole deciseconds along and against each edge, at least 1; inf where closed.

    Parameters
    ----------
    edges
        The network of m edges.
    mode
        How one moves; the posted limit caps the car only.

    Returns
    -------
    along, against
        Shape (m,) each: from tail to head, and back.
    """
    table = speeds.kmh[mode]
    kmh = np.array([table.get(name, 0.0) for name in ROAD_CLASSES])[edges.road_class]
    if mode is Mode.CAR:
        kmh = np.fmin(kmh, np.where(edges.maxspeed_kmh > 0, edges.maxspeed_kmh, np.nan))
    is_open = edges.may_use(mode) & (kmh > 0)
    along = np.full(len(edges), np.inf)
    ds = edges.length_m[is_open] / (kmh[is_open] / 3.6) * 10
    along[is_open] = np.maximum(np.round(ds), 1)
    against = np.where(edges.is_oneway(mode), np.inf, along)
    return along, against


def _part(share: NDArray[np.float64], cost_ds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cost of a part of an edge; no part costs nothing, even of a closed direction."""
    return np.multiply(share, cost_ds, out=np.zeros(np.shape(cost_ds)), where=share > 0)


def _ends(
    edges: RoadEdges, layer: _Layer, edge: NDArray[np.int64], share: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Tail and head of each place's edge, with costs to leave to and to come from them: (n, 2)."""
    along, against = layer.along_ds[edge], layer.against_ds[edge]
    junction = np.column_stack([edges.tail[edge], edges.head[edge]]).astype(np.int64)
    leave = np.column_stack([_part(share, against), _part(1 - share, along)])
    enter = np.column_stack([_part(share, along), _part(1 - share, against)])
    return junction, leave, enter


def _along_one_edge(
    layer: _Layer, edge: NDArray[np.int64], share_from: ArrayLike, share_to: ArrayLike
) -> NDArray[np.float64]:
    """Cost between two places of the same edge without leaving it; shapes broadcast."""
    ahead = np.asarray(share_to) - np.asarray(share_from)
    cost = np.where(ahead >= 0, layer.along_ds[edge], layer.against_ds[edge])
    return _part(np.abs(ahead), cost)


def _road_times(
    edges: RoadEdges, layer: _Layer, edge: NDArray[np.int64], share: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Deciseconds between n places on the road, shape (n, n), row = from; inf = no way."""
    n = len(edge)
    junction, leave, enter = _ends(edges, layer, edge, share)
    targets, target_at = np.unique(junction, return_inverse=True)
    target_at = target_at.reshape(n, 2)
    result = np.empty((n, n))
    block = max(1, CELLS_PER_BLOCK // max(1, len(targets)))
    for low in range(0, n, block):
        rows = slice(low, min(low + block, n))
        sources, source_at = np.unique(junction[rows], return_inverse=True)
        between = layer.times.between(sources, targets).astype(np.float64)
        between[between == NO_WAY] = np.inf
        source_at = source_at.reshape(-1, 2)
        # To every junction by the better end first: half the work of four combinations.
        to_junction = np.minimum(
            leave[rows, 0, None] + between[source_at[:, 0]],
            leave[rows, 1, None] + between[source_at[:, 1]],
        )
        result[rows] = np.minimum(
            to_junction[:, target_at[:, 0]] + enter[None, :, 0],
            to_junction[:, target_at[:, 1]] + enter[None, :, 1],
        )
    _mend_shared_edges(layer, result, edge, share)
    result[np.isinf(result)] = np.nan
    return result


def _mend_shared_edges(
    layer: _Layer,
    times_ds: NDArray[np.float64],
    edge: NDArray[np.int64],
    share: NDArray[np.float64],
) -> None:
    """Places on one edge may reach each other without passing a junction; in place."""
    order = np.argsort(edge, kind="stable")
    starts = np.flatnonzero(np.diff(edge[order], prepend=-1))
    for same in np.split(order, starts[1:]):
        here = share[same]
        direct = _along_one_edge(layer, edge[same], here[:, None], here[None, :])
        cells = np.ix_(same, same)
        times_ds[cells] = np.minimum(times_ds[cells], direct)


def _road_between(edges: RoadEdges, layer: _Layer, at: Snapped) -> NDArray[np.float64]:
    """Points of the fastest way between two places on the road, (k, 2); k = 0 when no way."""
    (edge_a, edge_b), (share_a, share_b) = at.edge, at.share
    junction, leave, enter = _ends(edges, layer, at.edge, at.share)
    middle = layer.times.between(junction[0], junction[1]).astype(np.float64)
    middle[middle == NO_WAY] = np.inf
    total = leave[0][:, None] + middle + enter[1][None, :]
    out, into = np.unravel_index(int(np.argmin(total)), total.shape)
    direct = (
        float(_along_one_edge(layer, at.edge[:1], share_a, share_b)[0])
        if edge_a == edge_b
        else np.inf
    )
    if not np.isfinite(min(direct, total[out, into])):
        return np.empty((0, 2))
    if direct <= total[out, into]:
        return _cut(edges.points(edge_a), share_a, share_b)
    pieces = [_cut(edges.points(edge_a), share_a, float(out))]
    for arc in layer.times.arcs_between(int(junction[0, out]), int(junction[1, into])):
        points = edges.points(layer.arc_edge[arc])
        pieces.append(points if layer.arc_forward[arc] else points[::-1])
    pieces.append(_cut(edges.points(edge_b), float(into), share_b))
    return np.concatenate(pieces)


def _cut(line: NDArray[np.float64], share_from: float, share_to: float) -> NDArray[np.float64]:
    """Part of a line between two shares of its length, in the direction asked for."""
    steps = great_circle_km(line[:-1], line[1:])
    run = np.concatenate([[0.0], np.cumsum(steps)])
    run /= max(float(run[-1]), 1e-12)
    low, high = sorted((share_from, share_to))
    shares = np.concatenate([[low], run[(run > low) & (run < high)], [high]])
    part = np.column_stack([np.interp(shares, run, line[:, k]) for k in (0, 1)])
    return part if share_from <= share_to else part[::-1]
