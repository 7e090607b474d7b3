"""Metres are measured in the zone of the district, and degrees come back unchanged."""

import numpy as np
import pytest

from geo.crs import MetricPlane, great_circle_km, metric_epsg


@pytest.mark.parametrize(
    ("lon", "lat", "epsg"),
    [
        (117.06, 30.63, 4548),  # Yixiu
        (115.6, 30.0, 4548),
        (115.4, 30.0, 4547),
        (9.52, 47.14, 32632),  # Vaduz
        (-70.0, -33.0, 32719),
        (180.0, 10.0, 32660),
    ],
)
def test_every_district_has_its_metric_zone(lon: float, lat: float, epsg: int) -> None:
    assert metric_epsg(lon, lat) == epsg


def test_latitude_first_is_refused_where_it_shows() -> None:
    with pytest.raises(ValueError, match="order lon, lat"):
        metric_epsg(30.63, 117.06)


def test_degrees_survive_the_way_to_metres_and_back() -> None:
    rng = np.random.default_rng(3)
    places = rng.uniform((116.9, 30.5), (117.3, 30.8), (1000, 2))
    plane = MetricPlane.around(places)

    assert plane.to_lonlat(plane.to_m(places)) == pytest.approx(places, abs=1e-9)


def test_the_plane_agrees_with_the_sphere_within_a_third_of_a_percent() -> None:
    a, b = np.array([[117.0, 30.6], [117.1, 30.7]])
    plane = MetricPlane.around([a, b])
    metres = np.linalg.norm(np.diff(plane.to_m([a, b]), axis=0))

    assert metres / 1000 == pytest.approx(float(great_circle_km(a, b)), rel=0.003)
