"""Points land in WGS-84, whatever they came in, or somebody is asked."""

import numpy as np
import pytest

from data.importing.points import Outlines, place
from data.importing.reading import Reading
from geo.datum import Datum, convert
from tests.data.test_registers import HEADINGS, codes, read, values
from tests.support.registers import EAST, VILLAGES, a_reference, square


def scattered(count: int) -> tuple[np.ndarray, list[str]]:
    """Points spread over the villages, degrees WGS-84, and the villages they lie in."""
    rng = np.random.default_rng(7)
    claimed = [list(VILLAGES)[i] for i in rng.integers(0, 4, count)]
    corners = np.array([square(code).bounds[:2] for code in claimed])
    return corners + rng.random((count, 2)) * 0.02, claimed


def villages() -> Outlines:
    return Outlines(list(a_reference().villages.values()))


@pytest.mark.parametrize("datum", list(Datum))
def test_sixty_points_tell_their_datum_by_the_villages_they_name(datum: Datum) -> None:
    points, claimed = scattered(60)

    placed = place(convert(points, Datum.WGS84, datum), claimed, villages())

    assert placed.decision.system == datum.value
    assert placed.decision.decided_by == "voted"
    assert np.abs(placed.lonlat - points).max() < 1e-6


def test_few_points_do_not_decide_alone() -> None:
    points, claimed = scattered(10)

    placed = place(convert(points, Datum.WGS84, Datum.GCJ02), claimed, villages())

    assert placed.decision.decided_by == "assumed"


def test_a_declared_datum_holds_and_the_vote_warns() -> None:
    points, claimed = scattered(60)
    gcj = convert(points, Datum.WGS84, Datum.GCJ02).tolist()
    rows = [
        [f"A{i}", f"户{i}", VILLAGES[code][0], lon, lat]
        for i, (code, (lon, lat)) in enumerate(zip(claimed, gcj, strict=True))
    ]

    reading = read("households", HEADINGS, *rows, datum="wgs84")

    assert "datum-suspect" in codes(reading)
    assert reading.decision is not None
    assert reading.decision.system == "wgs84"


def test_swapped_longitude_and_latitude_are_put_right_and_said() -> None:
    reading = read("households", HEADINGS, ["1", "王某", "东村", 30.51, 117.03])

    assert codes(reading) == ["points-swapped"]
    assert (values(reading)[0]["lon"], values(reading)[0]["lat"]) == (117.03, 30.51)


def test_a_point_far_outside_the_district_is_refused_with_its_distance() -> None:
    reading = read("households", HEADINGS, ["1", "王某", "东村", 121.47, 31.23])

    (problem,) = reading.problems.errors
    assert problem.code == "point-outside-district"
    assert float(problem.facts["distance_km"]) > 300


def test_a_point_just_over_the_border_is_only_a_warning() -> None:
    reading = read("households", HEADINGS, ["1", "王某", "东村", 117.0401, 30.51])

    assert codes(reading) == ["point-near-border"]


def test_a_point_in_the_neighbour_village_is_shown() -> None:
    reading = read("households", HEADINGS, ["1", "王某", "东村", 117.01, 30.51])

    (problem,) = reading.problems
    assert (problem.code, problem.facts["found"]) == ("point-other-village", "西村")


@pytest.mark.parametrize(
    "pair",
    [
        "117.03,30.51",
        "117.03 30.51",
        "117°01′48″, 30°30′36″",
    ],
)
def test_a_pair_in_one_cell_is_a_point(pair: str) -> None:
    reading = read("households", ["户号", "村", "坐标"], ["1", "东村", pair])

    assert values(reading)[0]["lon"] == pytest.approx(117.03)


@pytest.mark.parametrize("epsg", [4527, 4498, 4548, 3857])
def test_metres_of_the_usual_systems_are_recognised(epsg: int) -> None:
    from pyproj import Transformer

    x, y = Transformer.from_crs(4326, epsg, always_xy=True).transform(117.03, 30.51)

    placed = place(np.array([[x, y]]), [EAST], villages())

    assert placed.lonlat[0] == pytest.approx([117.03, 30.51], abs=1e-6)


def test_zero_zero_is_no_place() -> None:
    reading = read("households", HEADINGS, ["1", "王某", "东村", 0, 0])

    assert codes(reading) == ["point-unreadable"]


def test_half_a_point_is_refused() -> None:
    reading = read("households", HEADINGS, ["1", "王某", "东村", 117.03, ""])

    assert codes(reading)[0] == "point-half"


def test_one_household_written_twice_is_asked_about_and_not_merged() -> None:
    reading: Reading = read(
        "households",
        HEADINGS,
        ["1", "王某", "东村", 117.03, 30.51],
        ["2", "王某", "东村", 117.0301, 30.5101],
    )

    assert codes(reading) == ["household-maybe-twice"]
    assert len(reading.rows) == 2
