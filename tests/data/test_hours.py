"""Hours of the day: cut, joined only over time nobody may be visited in, never invented."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from data.hours import cut, shifts, windows_of
from data.rules import CampaignRules, Span
from data.store.households import Site
from data.tables import Cadre

MONDAY = date(2027, 3, 1)
RULES = CampaignRules()

spans = st.lists(
    st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda span: span[0] < span[1]),
    max_size=4,
)


def minutes(of: list[Span]) -> set[int]:
    return {minute for start, end in of for minute in range(start, end)}


def a_cadre(day: list[Span]) -> Cadre:
    return Cadre(number="G1", availability={"1": [list(span) for span in day]})


def a_site(windows: list[Span], kind: str = "household") -> Site:
    return Site(
        id=1,
        number="H1",
        kind=kind,
        village_id=1,
        lon=117.0,
        lat=30.6,
        visits_due=1,
        min_gap_days=28,
        service_min=30,
        windows=[list(span) for span in windows],
        priority=1,
        not_before=None,
        not_after=None,
        paired_cadre_id=None,
    )


@given(spans, spans)
def test_a_cut_holds_exactly_the_common_minutes(ours: list[Span], limits: list[Span]) -> None:
    assert minutes(cut(ours, limits)) == minutes(ours) & minutes(limits)


@given(spans)
def test_a_shift_never_promises_visiting_time_that_a_cadre_lacks(day: list[Span]) -> None:
    found = shifts(a_cadre(day), RULES, [MONDAY])

    promised = minutes([(int(a), int(b)) for a, b in found.values()])
    visiting = minutes(list(RULES.visiting_hours))
    assert promised & visiting <= minutes(day)


@given(spans)
def test_a_household_is_only_met_within_its_and_the_visiting_hours(windows: list[Span]) -> None:
    own = minutes(windows) if windows else minutes(list(RULES.visiting_hours))
    found = minutes(windows_of(a_site(windows), RULES))
    assert found == own & minutes(list(RULES.visiting_hours))


def test_a_morning_and_an_afternoon_are_one_day() -> None:
    whole_day = shifts(a_cadre([(510, 690), (870, 1050)]), RULES, [MONDAY])
    assert whole_day == {MONDAY: (510, 1050)}


def test_an_enterprise_keeps_its_own_hours() -> None:
    assert windows_of(a_site([(700, 800)], kind="enterprise"), RULES) == [(700, 800)]
