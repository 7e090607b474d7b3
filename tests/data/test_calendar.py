"""Working days: published years as published, later years as the statute has it."""

from datetime import date

from data.calendar import assumed, is_worked, marked_days, published, working_days


def kinds(year: int) -> dict[date, str]:
    return {mark.day: mark.kind for mark in marked_days(year)}


def test_a_swapped_saturday_is_worked_and_a_swapped_monday_is_not() -> None:
    marks = kinds(2026)
    assert marks[date(2026, 5, 9)] == "workday"
    days = working_days(date(2026, 5, 1), date(2026, 5, 10), marks)
    assert days == (date(2026, 5, 6), date(2026, 5, 7), date(2026, 5, 8), date(2026, 5, 9))


def test_published_years_are_official_and_others_are_marked_as_assumed() -> None:
    assert all(mark.official for mark in published(2026))
    assert published(2031) == []
    assert not any(mark.official for mark in marked_days(2031))


def test_assumed_years_invent_no_swapped_day() -> None:
    for year in range(2026, 2036):
        marks = assumed(year)
        assert len({mark.day for mark in marks}) == len(marks)
        assert {mark.kind for mark in marks} == {"holiday"}


def test_two_festivals_on_one_day_are_one_day_with_both_names() -> None:
    names = {mark.day: mark.name for mark in assumed(2028)}
    assert names[date(2028, 10, 3)] == "中秋节、国庆节"
    assert len(names) == 12


def test_assumed_holidays_are_among_the_published_ones() -> None:
    """The statute's days are a part of what was decreed, so the assumption can be checked."""
    for year in (2025, 2026):
        closed = {mark.day for mark in published(year) if mark.kind == "holiday"}
        assert {mark.day for mark in assumed(year)} <= closed


def test_the_sample_campaign_has_49_working_days() -> None:
    days = working_days(date(2027, 3, 1), date(2027, 5, 9), kinds(2027))
    assert len(days) == 49
    assert date(2027, 4, 5) not in days


def test_a_mark_goes_before_the_weekday() -> None:
    assert is_worked(date(2027, 3, 1), None)
    assert not is_worked(date(2027, 3, 6), None)
    assert is_worked(date(2027, 3, 6), "workday")
    assert not is_worked(date(2027, 3, 1), "holiday")
