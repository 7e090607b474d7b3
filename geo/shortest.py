"""
Shortest times over a directed graph: contraction hierarchies, and scipy as their twin.

Both engines answer in whole deciseconds over the same arcs, so their answers are equal
number by number; a test keeps that. Customizable contraction hierarchies (Dibbelt,
Strasser, Wagner 2016; here pyroutingkit) are the default, Dijkstra by scipy answers
where they are missing.
"""

from dataclasses import dataclass
from importlib import metadata
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

try:
    import pyroutingkit
except ImportError:  # a platform without a wheel
    pyroutingkit = None

NO_WAY = -1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Arcs:
    """
    A directed graph of k arcs between n nodes.

    Parameters
    ----------
    tail, head
        Shape (k,): nodes 0 to n - 1.
    weight_ds
        Shape (k,), int64: deciseconds, at least 1.
    node_lonlat
        Shape (n, 2), degrees: where the nodes are.
    """

    tail: NDArray[np.int64]
    head: NDArray[np.int64]
    weight_ds: NDArray[np.int64]
    node_lonlat: NDArray[np.float64]

    @property
    def nodes(self) -> int:
        """How many nodes there are (n)."""
        return len(self.node_lonlat)

    def only(self, kept: NDArray[np.bool_]) -> "Arcs":
        """Return the same nodes with some of the arcs; ``kept`` has shape (k,)."""
        return Arcs(
            tail=self.tail[kept],
            head=self.head[kept],
            weight_ds=self.weight_ds[kept],
            node_lonlat=self.node_lonlat,
        )

    def fastest(self) -> NDArray[np.int64]:
        """Arcs without loops, and of parallel ones the fastest: their numbers, by tail, head."""
        order = np.lexsort((self.weight_ds, self.head, self.tail))
        order = order[self.tail[order] != self.head[order]]
        pair = self.tail[order] * self.nodes + self.head[order]
        kept: NDArray[np.int64] = order[np.flatnonzero(np.diff(pair, prepend=-1))]
        return kept

    def matrix(self) -> csr_array:
        """Weights as a sparse matrix, row = from."""
        arc = self.fastest()
        return csr_array(
            (self.weight_ds[arc].astype(np.float64), (self.tail[arc], self.head[arc])),
            shape=(self.nodes, self.nodes),
        )

    def largest_strong_component(self) -> NDArray[np.bool_]:
        """Nodes that all reach one another, shape (n,): the largest such set."""
        if self.nodes == 0:
            return np.zeros(0, dtype=bool)
        _, label = connected_components(self.matrix(), directed=True, connection="strong")
        largest: NDArray[np.bool_] = label == np.bincount(label).argmax()
        return largest


class ShortestTimes(Protocol):
    """An engine over one graph."""

    name: str

    def between(self, sources: NDArray[np.int64], targets: NDArray[np.int64]) -> NDArray[np.int64]:
        """Deciseconds from each source to each target, row = from; ``NO_WAY`` where none."""
        ...

    def arcs_between(self, source: int, target: int) -> NDArray[np.int64]:
        """Numbers of the arcs of a shortest path, in order; empty when none or at the place."""
        ...


class ContractionTimes:
    """Customizable contraction hierarchies: built once a graph, milliseconds a matrix."""

    def __init__(self, arcs: Arcs) -> None:
        version = metadata.version("pyroutingkit")
        self.name = f"pyroutingkit {version}"
        self._arc = arcs.fastest()
        topology = pyroutingkit.CCHTopology()
        topology.build(
            arcs.tail[self._arc].astype(np.uint32),
            arcs.head[self._arc].astype(np.uint32),
            arcs.node_lonlat[:, 1].astype(np.float32),
            arcs.node_lonlat[:, 0].astype(np.float32),
            arcs.nodes,
        )
        self._metric = pyroutingkit.CCHMetric(topology)
        self._metric.customize(arcs.weight_ds[self._arc].astype(np.uint32))

    def between(self, sources: NDArray[np.int64], targets: NDArray[np.int64]) -> NDArray[np.int64]:
        """See ``ShortestTimes.between``."""
        found = self._metric.distances_many_to_many(
            sources.astype(np.uint32), targets.astype(np.uint32)
        )
        times = np.asarray(found).reshape(len(sources), len(targets)).astype(np.int64)
        times[times >= pyroutingkit.INF_WEIGHT] = NO_WAY
        return times

    def arcs_between(self, source: int, target: int) -> NDArray[np.int64]:
        """See ``ShortestTimes.arcs_between``."""
        distance, _, arcs = self._metric.query(source, target)
        if source == target or distance >= pyroutingkit.INF_WEIGHT:
            return np.empty(0, dtype=np.int64)
        return self._arc[np.asarray(arcs, dtype=np.int64)]


class DijkstraTimes:
    """Dijkstra by scipy: slower, present everywhere."""

    def __init__(self, arcs: Arcs) -> None:
        self.name = f"scipy {metadata.version('scipy')}"
        self._matrix = arcs.matrix()
        self._nodes = arcs.nodes
        self._arc = arcs.fastest()
        self._pair = arcs.tail[self._arc] * arcs.nodes + arcs.head[self._arc]

    def between(self, sources: NDArray[np.int64], targets: NDArray[np.int64]) -> NDArray[np.int64]:
        """See ``ShortestTimes.between``."""
        if not len(sources) or not len(targets):
            return np.empty((len(sources), len(targets)), dtype=np.int64)
        found = dijkstra(self._matrix, indices=sources)[:, targets]
        return np.where(np.isinf(found), NO_WAY, found).astype(np.int64)

    def arcs_between(self, source: int, target: int) -> NDArray[np.int64]:
        """See ``ShortestTimes.arcs_between``."""
        _, trees = dijkstra(self._matrix, indices=np.array([source]), return_predecessors=True)
        before = trees[0]
        if source == target or before[target] < 0:
            return np.empty(0, dtype=np.int64)
        nodes = [target]
        while nodes[-1] != source:
            nodes.append(int(before[nodes[-1]]))
        way = np.array(nodes[::-1], dtype=np.int64)
        return self._arc[np.searchsorted(self._pair, way[:-1] * self._nodes + way[1:])]


def shortest_times(arcs: Arcs) -> ShortestTimes:
    """Return the fastest engine that this machine has."""
    return DijkstraTimes(arcs) if pyroutingkit is None else ContractionTimes(arcs)
