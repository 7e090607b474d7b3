"""
Decide in which coordinate system a file of outlines really is.

What the file declares is believed when its numbers agree; otherwise the numbers decide
and a warning says so. Without prefix, Gauss-Krüger numbers are the same in every zone:
then the district's own longitude is needed, or a person says the system.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from data.importing.problems import Problems
from geo.crs import WGS84, gauss_krueger_meridian

WEB_MERCATOR = 3857
MARGIN_DEG = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How numbers are to be read: in which system, and whether x and y are exchanged."""

    crs: CRS
    swapped: bool = False

    def to_lonlat(self, xy: np.ndarray) -> np.ndarray:
        """Degrees ``lon, lat`` (WGS-84), shape (n, 2), of numbers as they are in the file."""
        pairs = xy[:, ::-1] if self.swapped else xy
        if self.crs == CRS.from_epsg(WGS84):
            return np.ascontiguousarray(pairs)
        transformer = Transformer.from_crs(self.crs, WGS84, always_xy=True)
        lon, lat = transformer.transform(pairs[:, 0], pairs[:, 1])
        return np.column_stack([lon, lat])


def decide_reading(
    middle: tuple[float, float],
    declared: CRS | None,
    options: dict[str, Any],
    problems: Problems,
) -> Reading | None:
    """
    Choose the reading of a file and note what was assumed.

    Parameters
    ----------
    middle
        Median x and y of all points, as they are in the file.
    declared
        What the file says of itself.
    options
        ``crs``: system stated by a person, as ``EPSG:4548``; it overrules the file.
        ``near``: ``[lon, lat]`` in degrees, the district's known place.
    problems
        Takes the notes.

    Returns
    -------
    Reading or None
        None, with an error noted, when the numbers leave it open.
    """
    if options.get("crs"):
        try:
            declared = CRS.from_user_input(options["crs"])
        except CRSError:
            problems.error("crs-unknown", value=options["crs"])
            return None
    shown = f"{middle[0]:.6g}, {middle[1]:.6g}"
    if declared is not None and _agrees(middle, declared):
        if declared.to_epsg() == WEB_MERCATOR:
            problems.warning("web-mercator")
        return Reading(crs=declared)
    guessed = _guess(middle, options.get("near"))
    if guessed is None:
        problems.error("crs-missing", value=shown)
        return None
    name = _name(guessed.crs)
    if guessed.swapped:
        problems.warning("coordinates-swapped")
    elif declared is not None:
        problems.warning("crs-contradicts", value=_name(declared), found=name)
    else:
        problems.warning("crs-assumed", value=name)
    if guessed.crs.to_epsg() == WEB_MERCATOR:
        problems.warning("web-mercator")
    return guessed


def _name(crs: CRS) -> str:
    number = crs.to_epsg()
    return f"EPSG:{number}" if number else str(crs.name)


def _agrees(middle: tuple[float, float], crs: CRS) -> bool:
    """Whether the numbers fall where the system is meant to be used."""
    x, y = middle
    if crs.is_geographic:
        return abs(x) <= 180 and abs(y) <= 90 and not _is_swapped_degrees(x, y)
    try:
        lon, lat = Transformer.from_crs(crs, WGS84, always_xy=True).transform(x, y, errcheck=True)
    except ProjError:
        return False
    area = crs.area_of_use
    if area is None or crs.to_epsg() == WEB_MERCATOR:
        # Everything is somewhere in the world; a place near 0, 0 is degrees taken for metres.
        return bool(abs(lat) <= 85 and np.hypot(x, y) > 1000)
    return bool(
        area.west - MARGIN_DEG <= lon <= area.east + MARGIN_DEG
        and area.south - MARGIN_DEG <= lat <= area.north + MARGIN_DEG
    )


def _guess(middle: tuple[float, float], near: Any) -> Reading | None:
    x, y = middle
    if _is_swapped_degrees(x, y):
        return Reading(crs=CRS.from_epsg(WGS84), swapped=True)
    for a, b, swapped in ((x, y, False), (y, x, True)):
        number = _system_of_numbers(a, b, near)
        if number is not None:
            return Reading(crs=CRS.from_epsg(number), swapped=swapped)
    return None


def _is_swapped_degrees(x: float, y: float) -> bool:
    return abs(x) <= 90 < abs(y) <= 180 or (3 <= x <= 54 and 73 <= y <= 136)


def _system_of_numbers(x: float, y: float, near: Any) -> int | None:
    """EPSG code that such numbers have in China; degrees anywhere."""
    if abs(x) <= 180 and abs(y) <= 90 and (x, y) != (0.0, 0.0):
        return WGS84
    if not 0.3e6 <= y <= 7.2e6:
        return None
    zone = int(x // 1_000_000)
    if 25 <= zone <= 45:
        return 4488 + zone  # CGCS2000, 3 degrees, zone prefix
    if 16 <= zone <= 23:
        return 4478 + zone  # CGCS2000, 6 degrees, zone prefix
    if 8.1e6 <= x <= 15.2e6:
        return WEB_MERCATOR
    if 0.2e6 <= x <= 0.8e6 and near is not None and 73.5 <= near[0] <= 136.5:
        return 4534 + (gauss_krueger_meridian(near[0]) - 75) // 3
    return None
