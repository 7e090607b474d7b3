"""
How fast each mode moves on each class of road: a versioned table, starting values.

The numbers are to be calibrated with recorded trips (docs/geo.md); a changed table gets
a new version, so that no matrix computed with the old one is taken for current.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Mode(StrEnum):
    """How a cadre moves."""

    CAR = "car"
    EBIKE = "ebike"
    FOOT = "foot"


ROAD_CLASSES: Final = (
    "motorway",
    "motorway_link",
    "trunk",
    "trunk_link",
    "primary",
    "primary_link",
    "secondary",
    "secondary_link",
    "tertiary",
    "tertiary_link",
    "unclassified",
    "residential",
    "living_street",
    "service",
    "track",
    "pedestrian",
    "cycleway",
    "bridleway",
    "path",
    "footway",
    "steps",
)
"""Order is part of the stored format: append only."""

_CAR = {
    "motorway": 100,
    "trunk": 80,
    "primary": 60,
    "secondary": 50,
    "tertiary": 40,
    "unclassified": 30,
    "residential": 25,
    "living_street": 15,
    "service": 15,
    "track": 12,
} | {
    # A ramp runs at about half the speed of its class.
    "motorway_link": 50,
    "trunk_link": 40,
    "primary_link": 30,
    "secondary_link": 25,
    "tertiary_link": 20,
}
_EBIKE = {
    "primary": 22,
    "primary_link": 22,
    "secondary": 22,
    "secondary_link": 22,
    "tertiary": 20,
    "tertiary_link": 20,
    "unclassified": 20,
    "residential": 15,
    "living_street": 15,
    "service": 15,
    "cycleway": 15,
    "track": 10,
}
_FOOT = dict.fromkeys(_EBIKE, 4.5) | {
    "pedestrian": 4.5,
    "track": 4.0,
    "bridleway": 4.0,
    "path": 3.5,
    "footway": 3.5,
    "steps": 3.5,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeedTable:
    """
    Speeds by mode and road class.

    Parameters
    ----------
    version
        Name of this set of numbers; part of every cache key.
    kmh
        Mode, then road class, to km/h; a class that a mode lacks is closed to it.
    walk_kmh
        From the road to the door and back, in every mode.
    """

    version: str
    kmh: Mapping[Mode, Mapping[str, float]]
    walk_kmh: float = 3.5

    def __post_init__(self) -> None:
        for mode, table in self.kmh.items():
            for road_class, kmh in table.items():
                if road_class not in ROAD_CLASSES:
                    raise ValueError(f"Road class {road_class!r} of {mode} is not in ROAD_CLASSES.")
                if not 0 < kmh <= 130:
                    raise ValueError(f"{mode} on {road_class}: {kmh} km/h is not in (0, 130].")
        if not 0 < self.walk_kmh <= 10:
            raise ValueError(f"walk_kmh is {self.walk_kmh}, must be in (0, 10].")


DEFAULT_SPEEDS: Final = SpeedTable(
    version="2026-11",
    kmh=MappingProxyType({Mode.CAR: _CAR, Mode.EBIKE: _EBIKE, Mode.FOOT: _FOOT}),
)
