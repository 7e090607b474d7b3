"""Villages hold places, and their outlines fit together or are said not to."""

import numpy as np
import pytest
import shapely

from geo.areas import (
    OUTSIDE,
    Areas,
    cleaned_coverage,
    dissolved,
    gaps,
    overlaps,
    repaired,
    simplified_coverage,
)

LON, LAT = 117.0, 30.6
DEG = 0.01  # about 957 m eastwards, 1,109 m northwards


def a_square(column: int, row: int = 0, *, wider: float = 0.0) -> shapely.Polygon:
    """Square number ``column`` of a street of squares, perhaps reaching over its right border."""
    west, south = LON + column * DEG, LAT + row * DEG
    return shapely.box(west, south, west + DEG * (1 + wider), south + DEG)


STREET = [a_square(0), a_square(1), a_square(2)]


def test_each_place_is_in_the_village_around_it() -> None:
    found = Areas(STREET).locate([[LON + 0.015, LAT + 0.005], [LON + 0.005, LAT], [LON - 1, LAT]])

    assert found.tolist() == [1, 0, OUTSIDE]


def test_a_place_on_a_shared_border_is_in_the_first_village() -> None:
    assert Areas(STREET[::-1]).locate([[LON + DEG, LAT + 0.005]]).tolist() == [1]


def test_the_nearest_village_comes_with_its_distance_and_not_beyond_the_limit() -> None:
    outside = [[LON - 0.001, LAT + 0.005], [LON - 1, LAT]]

    area, distance_m = Areas(STREET).nearest(outside, within_m=1000)

    assert area.tolist() == [0, OUTSIDE]
    assert distance_m[0] == pytest.approx(96, abs=1)
    assert np.isinf(distance_m[1])


def test_a_place_on_the_other_side_of_the_earth_is_near_to_nothing() -> None:
    area, distance_m = Areas(STREET).nearest([[-63.0, -30.6], [0.0, 0.0]], within_m=1e6)

    assert area.tolist() == [OUTSIDE, OUTSIDE]
    assert np.isinf(distance_m).all()


def test_a_district_without_villages_holds_nothing() -> None:
    nowhere = Areas([])

    assert nowhere.locate([[LON, LAT]]).tolist() == [OUTSIDE]
    assert nowhere.nearest([[LON, LAT]], within_m=1e6)[0].tolist() == [OUTSIDE]


def test_neighbours_do_not_overlap_and_leave_no_gap() -> None:
    assert overlaps(STREET) == []
    assert gaps(STREET) == []


def test_an_overlap_is_named_with_its_pair_and_area() -> None:
    (found,) = overlaps([a_square(0, wider=0.1), a_square(1), a_square(2)])

    assert (found.one, found.other) == (0, 1)
    assert found.area_m2 == pytest.approx(96 * 1109, rel=0.01)
    assert found.share == pytest.approx(0.1, abs=0.001)


def test_a_hole_between_villages_is_a_gap_and_a_lake_inside_one_is_not() -> None:
    ring = [a_square(c, r) for c in range(3) for r in range(3) if (c, r) != (1, 1)]
    lake = shapely.difference(a_square(0), a_square(0).buffer(-DEG / 4))

    ((hole, area_m2),) = gaps(ring)

    assert shapely.equals_exact(shapely.normalize(hole), shapely.normalize(a_square(1, 1)), 1e-7)
    assert area_m2 == pytest.approx(957 * 1109, rel=0.01)
    assert gaps([lake, a_square(1)]) == []


def test_a_bow_tie_keeps_both_lobes_and_says_how_its_area_changed() -> None:
    bow_tie = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])

    shape, change = repaired(bow_tie)

    assert shapely.is_valid(shape)
    assert shapely.area(shape) == pytest.approx(0.5)
    assert change == pytest.approx(1.0)


def test_height_and_stray_lines_are_dropped() -> None:
    flat, change = repaired(
        shapely.GeometryCollection([shapely.force_3d(a_square(0), 5.0), shapely.Point(LON, LAT)])
    )

    assert not shapely.has_z(flat)
    assert flat.geom_type == "Polygon"
    assert change == 0


def test_what_has_no_area_is_empty() -> None:
    assert shapely.is_empty(repaired(shapely.LineString([(0, 0), (1, 1)]))[0])


def test_cleaning_closes_overlaps() -> None:
    clean = cleaned_coverage([a_square(0, wider=0.01), a_square(1)])

    assert overlaps(clean) == []


def test_simplifying_opens_no_gap_between_neighbours() -> None:
    bent = np.array([(LON + DEG + (i % 2) * 1e-5, LAT + DEG * i / 40) for i in range(41)])
    west = shapely.Polygon([(LON, LAT), *bent, (LON, LAT + DEG)])
    east = shapely.Polygon([*bent, (LON + 2 * DEG, LAT + DEG), (LON + 2 * DEG, LAT)])

    simple = simplified_coverage([west, east], tolerance_m=20)

    assert shapely.get_num_coordinates(simple).sum() < 30
    assert shapely.coverage_is_valid(simple, gap_width=1e-9)


def test_outlines_that_overlap_are_not_simplified_apart() -> None:
    overlapping = [a_square(0, wider=0.1), a_square(1)]

    simple = simplified_coverage(overlapping, tolerance_m=20)

    assert all(shapely.equals(a, b) for a, b in zip(simple, overlapping, strict=True))


def test_a_town_is_the_whole_of_its_villages() -> None:
    towns = dissolved(STREET, ["a", "b", "a"])

    assert list(towns) == ["a", "b"]
    assert shapely.area(towns["a"]) == pytest.approx(2 * DEG * DEG)
