"""Every figure has one definition, and these are its edges."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.measures.coverage import Coverage, coverage, coverage_by
from scheduler.measures.crowding import Stay, crowding, crowding_cost, least_peak, visits_per_week
from scheduler.measures.due import days_overdue, due_state, due_window, is_overdue
from scheduler.measures.fairness import fairness_cost, jain_index, target_load_min
from scheduler.measures.spacing import gaps_days, pairs_too_close, smallest_gap_days, spacing_cost
from scheduler.measures.spread import spread
from scheduler.measures.travel import route_travel_min
from scheduler.measures.workload import Work, quota_shortfall, workloads
from scheduler.travel import LineTravel

MONDAY = date(2027, 3, 1)
YEAR_END = date(2027, 12, 31)


def day(n: int) -> date:
    return MONDAY + timedelta(days=n)


def test_coverage_counts_owed_households_once_and_no_others() -> None:
    found = coverage(["a", "b", "b", "c"], ["b", "b", "z"])

    assert found == Coverage(visited=1, owed=3)
    assert found.share == pytest.approx(1 / 3)


def test_coverage_of_nothing_owed_is_not_a_number_but_none() -> None:
    assert coverage([], ["a"]).share is None


def test_coverage_by_area_adds_up_to_coverage_and_names_every_area() -> None:
    area = {"a": "north", "b": "north", "c": "south", "d": "empty"}

    found = coverage_by(["a", "b", "c"], ["a", "c"], area)

    assert found == {"north": Coverage(1, 2), "south": Coverage(1, 1), "empty": Coverage(0, 0)}


def test_a_household_never_visited_is_due_from_the_first_day() -> None:
    window = due_window(
        last_visit=None, first_day=MONDAY, last_day=YEAR_END, earliest_days=28, latest_days=35
    )

    assert (window.due_from, window.due_by) == (MONDAY, day(35))
    assert due_state(window, MONDAY) == "due"


def test_the_window_of_a_household_never_visited_ends_with_the_period() -> None:
    window = due_window(
        last_visit=None, first_day=MONDAY, last_day=day(9), earliest_days=1, latest_days=35
    )

    assert window.due_by == day(9)


def test_overdue_is_from_the_day_after_and_nothing_else() -> None:
    window = due_window(
        last_visit=MONDAY, first_day=MONDAY, last_day=YEAR_END, earliest_days=28, latest_days=35
    )

    assert due_state(window, day(27)) == "not-yet"
    assert due_state(window, day(28)) == "due"
    assert due_state(window, day(35)) == "due"
    assert due_state(window, day(36)) == "overdue"
    assert days_overdue(window, day(38)) == 3
    assert not is_overdue(window, day(36), moved_or_refused=True)


def test_the_window_never_opens_before_the_household_gap() -> None:
    window = due_window(
        last_visit=MONDAY,
        first_day=MONDAY,
        last_day=YEAR_END,
        earliest_days=7,
        latest_days=10,
        min_gap_days=28,
    )

    assert window.due_from == window.due_by == day(28)


def test_being_away_moves_the_window_and_keeps_its_length() -> None:
    window = due_window(
        last_visit=MONDAY,
        first_day=MONDAY,
        last_day=YEAR_END,
        earliest_days=28,
        latest_days=35,
        away_until=day(60),
    )

    assert (window.due_from, window.due_by) == (day(60), day(67))


def test_a_session_counts_once_however_many_households_it_visits() -> None:
    stays = [Stay("c", "v", MONDAY)] * 3 + [Stay("d", "v", MONDAY), Stay("c", "w", day(1))]

    found = crowding(stays, {"v": "t", "w": "t"})

    assert found.village_day == {("v", MONDAY): 2, ("w", day(1)): 1}
    assert (found.peak_village_day, found.peak_town_day, found.peak_district_day) == (2, 2, 2)


def test_crowding_of_nothing_has_peaks_of_zero() -> None:
    assert crowding([]).peak_district_day == 0


def test_crowding_cost_squares_the_visits_of_a_village_and_iso_week() -> None:
    visits = [("v", MONDAY), ("v", day(6)), ("v", day(7)), ("w", MONDAY)]

    assert visits_per_week(visits)["v", (2027, 9)] == 2
    assert crowding_cost(visits) == 4 + 1 + 1


def test_the_peak_cannot_be_below_an_even_share() -> None:
    assert (least_peak(10, 3), least_peak(9, 3), least_peak(1, 0)) == (4, 3, None)


def test_gaps_count_one_date_once_however_many_records_there_are() -> None:
    dates = [day(10), MONDAY, day(10), day(14)]

    assert gaps_days(dates) == [10, 4]
    assert smallest_gap_days(dates) == 4
    assert pairs_too_close(dates, 10) == 1
    assert spacing_cost(dates, 7) == 3 + 3
    assert smallest_gap_days([MONDAY]) is None


def test_a_gap_counts_across_a_month_boundary() -> None:
    assert gaps_days([date(2027, 2, 25), MONDAY]) == [4]


def test_spread_of_even_days_is_one_and_of_no_visits_unknown() -> None:
    days = [MONDAY, day(1)]

    assert spread({MONDAY: 2, day(1): 2}, days).evenness == 1
    assert spread({MONDAY: 4}, days).evenness == 0.5
    assert spread({}, days).evenness is None
    assert spread({}, []).mean == 0


def test_workload_counts_visits_households_and_minutes_also_of_the_idle() -> None:
    works = [Work("c", "h", 30), Work("c", "h", 30), Work("c", "i", 20)]

    found = workloads(works, ["c", "d"], {"c": 15.0})

    assert (found["c"].visits, found["c"].distinct_households) == (3, 2)
    assert found["c"].workload_min == 95
    assert found["d"].visits == 0
    assert quota_shortfall(found["c"].distinct_households, 5) == 3


@given(st.lists(st.floats(0, 1e4), min_size=1, max_size=8))
def test_loads_shared_evenly_are_fairest(loads: list[float]) -> None:
    target = dict.fromkeys(map(str, range(len(loads))), 100.0)
    as_is = {str(i): x for i, x in enumerate(loads)}
    even = dict.fromkeys(as_is, sum(loads) / len(loads))

    assert fairness_cost(even, target) <= fairness_cost(as_is, target) + 1e-6
    index = jain_index(loads)
    assert index is None or 1 / len(loads) - 1e-9 <= index <= 1 + 1e-9


def test_the_target_load_is_never_below_one_minute() -> None:
    assert target_load_min([], 3) == 1
    assert target_load_min([60, 60], 3) == 40


def test_a_route_without_stops_has_no_travel() -> None:
    travel = LineTravel(speed_kmh=60, detour=1, fixed_min=1)
    base, stop = ("base:c", (117.0, 30.5)), ("household:h", (117.0, 30.6))

    assert route_travel_min(travel, base, []) == 0
    there = travel.minutes(base, stop)
    assert route_travel_min(travel, base, [stop]) == pytest.approx(2 * there)
