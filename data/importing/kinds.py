"""
The registers we read, by name.

One table of fields drives everything that must agree: guessing columns, reading cells,
the templates and their notes, the preview and its corrections.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from data.importing.fields import Kind
from data.importing.kinds_visited import BLACKOUTS, CALENDAR, ENTERPRISES, HOUSEHOLDS, VILLAGES
from data.importing.kinds_visiting import CADRES, PAIRINGS, UNITS, VISITS

REGISTERS: Final = (
    VILLAGES,
    UNITS,
    CADRES,
    HOUSEHOLDS,
    ENTERPRISES,
    PAIRINGS,
    BLACKOUTS,
    CALENDAR,
    VISITS,
)
KINDS: Final[Mapping[str, Kind]] = MappingProxyType({kind.key: kind for kind in REGISTERS})
PLACES: Final = ("district", "boundaries", "roads")
ORDER: Final = (*PLACES, *KINDS)
"""The order in which the files of one import build upon each other."""
