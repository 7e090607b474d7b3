"""
What pieces share, dealt out so that they can search at the same time.

The district's teams of a day are tokens: a piece keeps what it uses and gets a share of the
rest (``dealing``), so the union never breaks the cap. A village with guests belongs to one of
its pieces at a time; the others hold their visits there still and see everybody's in their
counts.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scheduler.engines.search.arrays import Ints, State
from scheduler.engines.search.dealing import open_days, shares, wants
from scheduler.engines.search.pieces import Piece
from scheduler.engines.search.states import PLENTY, own_counts, set_external

MOST_LANES, PIECES_PER_LANE = 16, 2
"""More lanes share the tokens too finely; a lane of one piece waits for its largest."""

PLENTIFUL = 8
"""Spare teams of a day for each lane from which on it matters little who gets them."""

GUEST_ROUNDS = 4
"""Of so many rounds, the last belongs to the guests."""


def lane_count(pieces: int) -> int:
    """How many lanes: a power of two, so that they can be shared out evenly."""
    lanes = 1
    while 2 * lanes <= min(MOST_LANES, pieces / PIECES_PER_LANE):
        lanes *= 2
    return max(lanes, min(2, pieces))


@dataclass(frozen=True, slots=True)
class Lane:
    """
    Pieces that are searched one after the other; lanes run at the same time.

    Parameters
    ----------
    members
        Indices of the pieces.
    spare
        Tokens of each day that the members may use beyond what they use now, shape (D,).
    """

    members: list[int]
    spare: Ints


class Tokens:
    """
    Deals pieces and the district's spare teams to lanes.

    Parameters
    ----------
    pieces
        All of them.
    cap
        Teams of the district on a day, or None.
    random
        Source of the deal.
    """

    def __init__(
        self, pieces: Sequence[Piece], cap: int | None, random: np.random.Generator
    ) -> None:
        self._pieces = pieces
        self._cap = cap
        self._random = random
        self._may_open: list[NDArray[np.bool_]] = []

    def deal(self, states: Sequence[State], chosen: Sequence[int]) -> list[Lane]:
        """
        Deal pieces to lanes at random, and teams to lanes by what their pieces want.

        Parameters
        ----------
        states
            All pieces.
        chosen
            Those that are searched.
        """
        order = self._random.permutation(chosen)
        lanes = lane_count(len(chosen))
        members = [[int(i) for i in order[n::lanes]] for n in range(lanes)]
        if self._cap is None:
            plenty = np.full(len(states[0].used), PLENTY, np.int64)
            return [Lane(m, plenty.copy()) for m in members]
        spare = self._cap - np.sum([s.used for s in states], axis=0)
        share = self._shares(states, members, spare)
        return [Lane(m, share[:, n].copy()) for n, m in enumerate(members)]

    def _shares(self, states: Sequence[State], members: list[list[int]], spare: Ints) -> Ints:
        """Deal teams of each day to lanes, shape (D, L): alike where there are many."""
        lanes = len(members)
        is_rich = spare >= PLENTIFUL * lanes
        alike = np.where(is_rich, spare // lanes, 0)
        want = np.ones((len(spare), lanes))
        if not is_rich.all():
            if not self._may_open:
                self._may_open = [open_days(p.fixed) for p in self._pieces]
            for lane, mine in enumerate(members):
                for n in mine:
                    want[:, lane] += wants(self._pieces[n].fixed, states[n], self._may_open[n])
        return alike[:, None] + shares(spare - lanes * alike, want, self._random)


class SharedVillages:
    """Villages in which more than one piece makes visits."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = pieces
        where: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for p, piece in enumerate(pieces):
            for row, village in enumerate(piece.villages):
                where[village].append((p, row))
        self.places = [places for places in where.values() if len(places) > 1]
        self.places = [
            sorted(places, key=lambda place: self._guests(*place)) for places in self.places
        ]

    def meet_one(self, states: Sequence[State], number: int) -> None:
        """Show one piece what the others do, and let it move everything."""
        for places in self.places:
            for p, row in places:
                if p != number:
                    continue
                own = [own_counts(self._pieces[q], states[q], r) for q, r in places if q != p]
                teams, weeks = _total(own)
                set_external(self._pieces[p], states[p], row, teams, weeks)
                mine = self._pieces[p].fixed.home[: self._pieces[p].first_locked] == row
                states[p].held[: self._pieces[p].first_locked][mine] = 0

    def meet(self, states: Sequence[State], turn: int) -> None:
        """Show every piece what the others do, and say whose turn each village is."""
        for places in self.places:
            own = [own_counts(self._pieces[p], states[p], row) for p, row in places]
            teams, weeks = _total(own)
            owner = 0
            if turn % GUEST_ROUNDS == GUEST_ROUNDS - 1:
                owner = 1 + turn // GUEST_ROUNDS % (len(places) - 1)
            for n, (p, row) in enumerate(places):
                piece, s = self._pieces[p], states[p]
                set_external(piece, s, row, teams - own[n][0], weeks - own[n][1])
                mine = piece.fixed.home[: piece.first_locked] == row
                s.held[: piece.first_locked][mine] = 0 if n == owner else 1

    def _guests(self, p: int, row: int) -> tuple[bool, int]:
        """Key that sorts the village's own piece before those that are guests."""
        return row >= self._pieces[p].own_villages, p


def _total(own: list[tuple[Ints, Ints]]) -> tuple[Ints, Ints]:
    """Teams by day and visits by week of several pieces together."""
    return np.sum([o[0] for o in own], axis=0), np.sum([o[1] for o in own], axis=0)
