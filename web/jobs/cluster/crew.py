"""The cluster itself: who is there, who has other code, and when it is given up."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from pathlib import Path
from queue import Empty, Queue
from typing import Any, Generic, Self, TypeVar

from distributed import Client, Future

from scheduler.crew import Crew, Holding
from scheduler.engines.search.engine import warm
from web.jobs.cluster.address import ClusterUnusable, require_safe, security_of
from web.jobs.cluster.parcel import Parcel, fingerprint, pack, perform, unpack

H = TypeVar("H")
T = TypeVar("T")
R = TypeVar("R")

CONNECT_S = 10.0
"""Seconds to wait for an answer from the address."""

NOBODY_S = 10.0
"""Seconds without any worker after which the cluster counts as lost."""

PATIENCE_S, PATIENCE = 60.0, 10.0
"""So many seconds without any answer too, or so many times the longest wait if that is more."""

ROUND_S = 3.0
"""Least length of a round, for asking and answering take some tenths of a second."""

POLL_S = 1.0
TRIES = 2


class Cluster:
    """
    A Dask cluster; a context that says goodbye at its end.

    Parameters
    ----------
    address
        ``tcp://127.0.0.1:8786`` on this computer, else ``tls://HOST:PORT``.
    here
        Who computes if the cluster is lost.
    tls
        Folder with ``ca.pem``, ``cert.pem`` and ``key.pem``.
    tell
        Called with a sentence when the cluster is in trouble.

    Raises
    ------
    ClusterUnusable
        If the address is unsafe or does not answer, if there are no workers, or if one of them
        has other code.
    """

    def __init__(
        self,
        address: str,
        *,
        here: Crew,
        tls: Path | None = None,
        tell: Callable[[str], None] = lambda words: None,
    ) -> None:
        require_safe(address)
        security = security_of(address, tls)
        self.address = address
        self.is_lost = False
        self._here = here
        self._tell = tell
        try:
            self.client = Client(
                address,
                timeout=CONNECT_S,
                security=security,
                set_as_default=False,
                name="zoufang",
            )
        except Exception as error:
            raise ClusterUnusable(
                f"No Dask scheduler can be spoken to at {address} ({in_short(error)})."
            ) from error
        try:
            self._require_workers()
        except BaseException:
            self.client.close()
            raise

    @property
    def workers(self) -> int:
        """How many tasks the cluster can do at the same time now."""
        return sum(self.client.nthreads().values())

    @property
    def least_round_s(self) -> float:
        """As long as asking the cluster is worth it; here any round is."""
        return self._here.least_round_s if self.is_lost else ROUND_S

    def hold(self, values: Sequence[H]) -> Holding[H]:
        """Send the values to every worker."""
        return _There(self, values, self._here.hold(values))

    def trouble(self, reason: str) -> None:
        """Tell that tasks were lost."""
        self._tell(f"The cluster at {self.address} lost tasks ({reason}); doing them again.")

    def lose(self, reason: str) -> None:
        """Give the cluster up for the rest of the run."""
        self.is_lost = True
        self._tell(f"The cluster at {self.address} is lost ({reason}); going on here.")

    def _require_workers(self) -> None:
        if not self.workers:
            raise ClusterUnusable(
                f"The cluster at {self.address} has no workers. "
                f"Start one with: dask worker {self.address} --nthreads 1"
            )
        mine = fingerprint()
        for worker, theirs in self._ask_all(fingerprint).items():
            if theirs != mine:
                raise ClusterUnusable(
                    f"Worker {worker} has {theirs}; here is {mine}. "
                    "Install the same version on every computer."
                )
        self._ask_all(warm)

    def _ask_all(self, question: Callable[[], Any]) -> dict[str, Any]:
        try:
            answers: dict[str, Any] = self.client.run(question, on_error="return")
        except Exception as error:
            raise ClusterUnusable(f"The cluster at {self.address}: {in_short(error)}.") from error
        for worker, answer in answers.items():
            if isinstance(answer, Exception):
                raise ClusterUnusable(
                    f"Worker {worker} cannot run this zoufang ({in_short(answer)}). "
                    "Install the same version on every computer."
                ) from answer
        return answers

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()


class _There(Generic[H]):
    """Values on every worker, and here as well."""

    def __init__(self, cluster: Cluster, values: Sequence[H], here: Holding[H]) -> None:
        self._cluster = cluster
        self._parcels = [Parcel(value) for value in values]
        self._here = here
        self._sent: list[Future[Parcel[H]]] = []
        self._longest_s = 0.0
        try:
            self._send()
        except Exception as error:
            cluster.trouble(in_short(error))

    def _send(self) -> None:
        """Copy the values to every worker, so that none of them has the only copy."""
        self._sent = self._cluster.client.scatter(
            self._parcels, broadcast=True, hash=False, timeout=NOBODY_S
        )

    def each(
        self,
        work: Callable[[Sequence[H], T], R],
        needs: Sequence[Sequence[int]],
        tasks: Sequence[T],
    ) -> list[R]:
        done: dict[int, R] = {}
        left = list(range(len(tasks)))
        for _ in range(TRIES):
            if not left or self._cluster.is_lost:
                break
            try:
                for n, result in self._answers(work, {n: needs[n] for n in left}, tasks):
                    done[n] = result
            except (Exception, CancelledError) as error:
                self._sent = []  # copies may be lost as well
                self._cluster.trouble(in_short(error))
            left = [n for n in left if n not in done]
        if left:
            if not self._cluster.is_lost:
                self._cluster.lose("it did not finish what it was asked")
            again = self._here.each(work, [needs[n] for n in left], [tasks[n] for n in left])
            done.update(zip(left, again, strict=True))
        return [done[n] for n in range(len(tasks))]

    def _answers(
        self,
        work: Callable[[Sequence[H], T], R],
        needs: dict[int, Sequence[int]],
        tasks: Sequence[T],
    ) -> Iterator[tuple[int, R]]:
        """Ask the cluster, and yield results as they come; raises when tasks are lost."""
        client = self._cluster.client
        if not self._sent:
            self._send()
        asked = {
            client.submit(
                perform,
                fingerprint(),
                work,
                [self._sent[i] for i in some],
                pack(tasks[n]),
                pure=False,
            ): n
            for n, some in needs.items()
        }
        try:
            for future in self._as_they_come(list(asked)):
                yield asked[future], unpack(future.result())
        finally:
            client.cancel(list(asked))

    def _as_they_come(self, futures: Sequence[Future[Any]]) -> Iterator[Future[Any]]:
        ready: Queue[Future[Any]] = Queue()
        for future in futures:
            future.add_done_callback(ready.put)
        begun = answered = manned = time.monotonic()
        for _ in futures:
            while True:
                try:
                    future = ready.get(timeout=POLL_S)
                    break
                except Empty:
                    now = time.monotonic()
                if self._cluster.workers:
                    manned = now
                if now - max(manned, answered) > NOBODY_S:
                    raise TimeoutError(f"no worker for {NOBODY_S:.0f} s")
                if now - answered > max(PATIENCE_S, PATIENCE * self._longest_s):
                    raise TimeoutError(f"no answer for {now - answered:.0f} s")
            answered = time.monotonic()
            self._longest_s = max(self._longest_s, answered - begun)
            yield future

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._sent = []


def in_short(error: BaseException) -> str:
    """Return the first line of an error, and its kind."""
    words = str(error).strip().splitlines()
    return f"{type(error).__name__}: {words[0][:200]}" if words else type(error).__name__
