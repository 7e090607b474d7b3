"""Times by straight line, and what every source of times promises."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from geo.speeds import Mode
from geo.travel import LineTravel, as_lonlat, settled, unreachable

YIXIU = np.array([[117.05, 30.60], [117.06, 30.60], [117.05, 30.65]])

places = npst.arrays(
    np.float64,
    st.tuples(st.integers(1, 12), st.just(2)),
    elements=st.floats(-80, 80, allow_nan=False).map(lambda x: round(x, 3)),
)


def test_the_line_takes_its_length_times_the_detour_at_the_speed() -> None:
    travel = LineTravel(speed_kmh={Mode.CAR: 30.0}, detour=1.4, fixed_min=2.0)

    minutes = travel.minutes(YIXIU)

    # 0.05 degrees of latitude are 5.56 km.
    assert minutes[0, 2] == pytest.approx(2 + 1.4 * 5.5597 / 30 * 60, abs=0.01)


@given(places)
@settings(max_examples=50, deadline=None)
def test_zero_stands_between_identical_points_only(lonlat: np.ndarray) -> None:
    minutes = LineTravel().minutes(lonlat)

    identical = (lonlat[:, None, :] == lonlat[None, :, :]).all(axis=2)
    assert ((minutes == 0) == identical).all()


def test_points_a_hair_apart_are_not_in_the_same_place() -> None:
    minutes = LineTravel().minutes([[117.0, 30.0], [117.0 + 1e-9, 30.0]])

    assert minutes[0, 1] > 0


def test_no_way_stays_no_way_and_never_becomes_zero() -> None:
    minutes = settled(np.array([[0.0, np.nan], [np.nan, 0.0]]), YIXIU[:2])

    assert np.isnan(minutes[0, 1])
    assert minutes[0, 0] == 0


def test_a_stop_cut_off_from_the_others_is_named() -> None:
    minutes = LineTravel().minutes(YIXIU)
    minutes[1, [0, 2]] = minutes[[0, 2], 1] = np.nan

    assert unreachable(minutes).tolist() == [False, True, False]


def test_the_cache_key_changes_with_place_mode_and_factor_and_with_nothing_else() -> None:
    key = LineTravel().cache_key(YIXIU)

    assert key == LineTravel().cache_key(YIXIU.copy())
    assert key != LineTravel().cache_key(YIXIU[::-1])
    assert key != LineTravel().cache_key(YIXIU, Mode.FOOT)
    assert key != LineTravel(detour=1.3).cache_key(YIXIU)


@pytest.mark.parametrize("point", [(200.0, 30.0), (117.0, 91.0), (np.nan, 30.0)])
def test_what_is_no_degree_is_refused_with_its_number(point: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="Point 1 is"):
        as_lonlat([(117.0, 30.0), point])
