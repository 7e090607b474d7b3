"""The engines by name."""

from collections.abc import Callable, Mapping

from scheduler.engine import Engine
from scheduler.engines.cpsat.engine import CpSat
from scheduler.engines.greedy import Greedy
from scheduler.engines.portfolio import Portfolio
from scheduler.engines.search.engine import Search
from scheduler.engines.session_greedy import SessionGreedy
from scheduler.errors import UnknownEngine

ENGINES: Mapping[str, Callable[[], Engine]] = {
    "greedy": Greedy,
    "session-greedy": SessionGreedy,
    "cpsat": CpSat,
    "search": Search,
    "portfolio": Portfolio,
}
"""Name of each engine, and what makes one."""


def engine_named(name: str) -> Engine:
    """Make the engine of a name; UnknownEngine tells the known ones."""
    if name not in ENGINES:
        raise UnknownEngine(name, tuple(ENGINES))
    return ENGINES[name]()
