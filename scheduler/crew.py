"""
The seam between a search and whoever computes it: threads of this process, or other computers.

Work is a function of what a crew holds and of one task. It may change its task and nothing
else, so a task that was lost can be done again, anywhere, and every crew gives the same results.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, Protocol, Self, TypeVar

H = TypeVar("H")
Held = TypeVar("Held", covariant=True)
T = TypeVar("T")
R = TypeVar("R")


class Holding(Protocol[Held]):
    """Values that a crew holds, and the work that it does with them; a context that ends it."""

    def each(
        self,
        work: Callable[[Sequence[Held], T], R],
        needs: Sequence[Sequence[int]],
        tasks: Sequence[T],
    ) -> list[R]:
        """
        Do every task, several at the same time.

        Parameters
        ----------
        work
            A function of a module, called with the values that the task needs, and the task.
            It may change the task, never the values.
        needs
            By task, indices of the values.
        tasks
            Used up: go on with what is returned.

        Returns
        -------
        list
            By task, whichever was done first.
        """

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


class Crew(Protocol):
    """Who computes."""

    @property
    def least_round_s(self) -> float:
        """Seconds of work that are worth the messages it takes to ask for them."""

    def hold(self, values: Sequence[H]) -> Holding[H]:
        """Take values along once, for all the tasks to come."""


class Threads:
    """
    The crew at hand: threads of this process.

    Parameters
    ----------
    workers
        How many compute at the same time; with one, the caller does it.
    """

    least_round_s = 0.0

    def __init__(self, workers: int = 1) -> None:
        self._workers = workers

    def hold(self, values: Sequence[H]) -> Holding[H]:
        """Keep the values where they are."""
        return _Here(values, self._workers)


class _Here(Generic[H]):
    """Values in the memory of this process."""

    def __init__(self, values: Sequence[H], workers: int) -> None:
        self._values = values
        self._workers = workers

    def each(
        self,
        work: Callable[[Sequence[H], T], R],
        needs: Sequence[Sequence[int]],
        tasks: Sequence[T],
    ) -> list[R]:
        chosen = [[self._values[i] for i in some] for some in needs]
        if self._workers == 1 or len(tasks) < 2:
            return [work(values, task) for values, task in zip(chosen, tasks, strict=True)]
        with ThreadPoolExecutor(self._workers) as pool:
            return list(pool.map(work, chosen, tasks))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None
