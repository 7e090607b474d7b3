"""Shifted datums of map services, there and back."""

import numpy as np
import pytest

from geo.crs import great_circle_km
from geo.datum import Datum, convert

PAIRS = [
    (Datum.WGS84, Datum.GCJ02, (116.404, 39.915), (116.41024449916938, 39.91640428150164)),
    (Datum.GCJ02, Datum.BD09, (116.404, 39.915), (116.41036949371029, 39.92133699351021)),
]


@pytest.mark.parametrize(("source", "target", "given", "expected"), PAIRS)
def test_known_pairs_are_met(
    source: Datum, target: Datum, given: tuple[float, float], expected: tuple[float, float]
) -> None:
    assert convert([given], source, target)[0] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("shifted", [Datum.GCJ02, Datum.BD09])
def test_a_million_round_trips_end_within_a_millimetre(shifted: Datum) -> None:
    rng = np.random.default_rng(7)
    places = rng.uniform((73.5, 18.0), (135.0, 53.5), (1_000_000, 2))

    back = convert(convert(places, Datum.WGS84, shifted), shifted, Datum.WGS84)

    assert great_circle_km(places, back).max() * 1e6 < 1.0


def test_in_the_sample_district_the_shift_is_half_a_kilometre() -> None:
    place = np.array([[117.06, 30.63]])

    shifted = convert(place, Datum.WGS84, Datum.GCJ02)

    assert great_circle_km(place, shifted)[0] == pytest.approx(0.57, abs=0.03)


def test_outside_china_nothing_moves() -> None:
    vaduz = np.array([[9.52, 47.14]])

    for datum in Datum:
        assert (convert(vaduz, Datum.WGS84, datum) == vaduz).all()


def test_from_one_shifted_datum_to_the_other_the_way_leads_over_neither_twice() -> None:
    place = np.array([[117.06, 30.63]])

    baidu = convert(convert(place, Datum.WGS84, Datum.GCJ02), Datum.GCJ02, Datum.BD09)

    assert convert(place, Datum.WGS84, Datum.BD09) == pytest.approx(baidu, abs=1e-12)
    assert convert(baidu, Datum.BD09, Datum.WGS84) == pytest.approx(place, abs=1e-9)
