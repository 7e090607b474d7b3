"""Fairness: how evenly work is shared within a unit, and visits among villages."""

from collections.abc import Iterable, Mapping


def target_load_min(service_due_min: Iterable[float], cadres: int) -> float:
    """Service minutes due in a unit's villages, shared among its cadres; at least 1."""
    return max(1.0, sum(service_due_min) / max(1, cadres))


def fairness_cost(load_min: Mapping[str, float], target_min: Mapping[str, float]) -> float:
    """
    Sum of squared loads over target loads; least when all loads of a unit are equal.

    Parameters
    ----------
    load_min
        Service minutes of each cadre.
    target_min
        Target load of each cadre's unit.
    """
    return sum(load**2 / target_min[cadre] for cadre, load in load_min.items())


def jain_index(values: Iterable[float]) -> float | None:
    """Jain's index: 1 when all are equal, 1/n when one has everything; None for nothing at all."""
    shares = list(values)
    squares = sum(x * x for x in shares)
    return sum(shares) ** 2 / (len(shares) * squares) if squares else None
