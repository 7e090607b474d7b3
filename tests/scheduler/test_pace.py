"""How a search divides its time: rounds, and what it leaves to those who prove."""

from dataclasses import dataclass

import pytest

from scheduler.engine import Run
from scheduler.engines.search.pace import Pace


@dataclass
class Clock:
    """Stands still at a second."""

    now: float = 0.0

    def monotonic(self) -> float:
        """Return that second."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    stopped = Clock()
    monkeypatch.setattr("scheduler.engine.time", stopped)
    return stopped


def next_part(pace: Pace) -> tuple[float, float]:
    """Where the next round begins and ends."""
    part = pace.next()
    assert part is not None
    return part[:2]


def test_time_is_left_to_others_only_as_long_as_they_need_it(clock: Clock) -> None:
    pace = Pace(Run(time_limit_s=100.0))
    clock.now = 98.0

    pace.leave(0.03)
    assert pace.next() is None

    pace.leave(0.0)
    assert next_part(pace) == pytest.approx((0.98, 0.985))


def test_the_last_round_ends_with_the_time(clock: Clock) -> None:
    pace = Pace(Run(time_limit_s=10.0))
    clock.now = 9.99

    assert next_part(pace) == pytest.approx((0.999, 1.0))
    clock.now = 10.0
    assert pace.next() is None


def test_steps_are_not_shortened_by_what_is_left_of_the_time(clock: Clock) -> None:
    pace = Pace(Run(iterations=1.0))
    pace.leave(0.03)
    done = 0.0
    while (part := pace.next()) is not None:
        pace.spent(part[2])
        done += part[2]
    assert done == pytest.approx(1.0)
