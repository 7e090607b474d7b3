"""What a parser hands back: frames, perhaps roads, and every problem it met."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from data.importing.problems import Fact, ImportProblem
from geo.edges import RoadEdges


@dataclass(frozen=True, kw_only=True, eq=False)
class Parsed:
    """
    The content of one imported file.

    Parameters
    ----------
    frames
        By name, as the parser documents them. Texts, numbers, dates and booleans; a column
        ``geometry`` holds shapely geometries in degrees ``lon, lat`` (WGS-84).
    roads
        The road network, from a road file.
    notes
        What was decided on the way: encoding, coordinate system, columns guessed.
    problems
        Errors and warnings, in the order met. With an error nothing may be stored.
    """

    frames: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    roads: RoadEdges | None = None
    notes: Mapping[str, Fact] = field(default_factory=dict)
    problems: tuple[ImportProblem, ...] = ()

    @property
    def has_errors(self) -> bool:
        """Whether the file must be mended before anything is stored."""
        return any(problem.severity == "error" for problem in self.problems)
