"""How far a search goes in each round, and where it is between its beginning and its end."""

from scheduler.engine import Run

ROUNDS = 80
"""Rounds of a search, unless one would take too long."""


class Pace:
    """
    Turns the effort of a run into rounds: a share of the steps, or as many as time allows.

    Parameters
    ----------
    run
        Seconds or iterations.
    """

    FIRST = 2.0
    LONGEST_ROUND_S = 0.5

    def __init__(self, run: Run) -> None:
        self._run = run
        self._done = 0.0
        self._begun = run.seconds
        self._round_begun = run.seconds
        self._speed = 0.0
        self._whole = self._budget = max(1e-9, run.time_limit_s - run.seconds)
        self.seconds_between_reports = max(1.0, 0.04 * min(run.time_limit_s, 250.0))

    @property
    def is_done(self) -> bool:
        """Whether all steps were made, or all time was used."""
        if self._run.iterations is not None:
            return self._done >= self._run.iterations - 1e-9
        return self._seconds_left <= 0

    @property
    def _seconds_left(self) -> float:
        return self._budget - (self._run.seconds - self._begun)

    def leave(self, share: float) -> None:
        """Leave a share of the time of the whole search to others, from now on."""
        self._budget = (1.0 - share) * self._whole

    def next(self) -> tuple[float, float, float] | None:
        """Return where the next round begins and ends (0 to 1), and its steps per household."""
        self._round_begun = self._run.seconds
        if self._run.iterations is not None:
            total = self._run.iterations
            if self.is_done or total <= 0:
                return None
            share = min(total - self._done, max(total / ROUNDS, 0.25))
            return self._done / total, min(1.0, (self._done + share) / total), share
        if self.is_done:
            return None
        begin_at = min(1.0, (self._run.seconds - self._begun) / self._budget)
        length = min(self._budget / ROUNDS, self.LONGEST_ROUND_S)
        length = min(max(length, self._run.crew.least_round_s), self._seconds_left)
        share = max(0.1, length * self._speed) if self._speed else self.FIRST
        return begin_at, min(1.0, begin_at + length / self._budget), share

    def spent(self, per_household: float) -> None:
        """Tell that a round is over."""
        self._done += per_household
        speed = per_household / max(1e-6, self._run.seconds - self._round_begun)
        self._speed = speed if not self._speed else 0.5 * (self._speed + speed)
