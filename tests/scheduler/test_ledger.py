"""The burden ledger: contacts in, trailing balances out, equal to a recount by hand."""

import random
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.ledger import (
    KIND_FACTOR,
    Contact,
    InvalidContact,
    balance,
    balances,
    days_over_cap,
    distinct_households,
    last_visits,
    visit_dates,
)

TODAY = date(2027, 3, 31)


def a_contact(days_ago: int = 0, **facts: object) -> Contact:
    return Contact(
        **{
            "date": TODAY - timedelta(days=days_ago),
            "kind": "visit",
            "village": "v",
            "household": "h",
            "cadre": "c",
            "minutes": 30.0,
            "party_size": 2,
        }
        | facts  # type: ignore[arg-type]
    )


def test_burden_is_kind_factor_times_minutes_times_party_size() -> None:
    assert a_contact(kind="form").burden_min() == 0.5 * 30 * 2


def test_the_trailing_days_end_today_and_include_it() -> None:
    contacts = [a_contact(0), a_contact(27), a_contact(28), a_contact(-1)]

    assert balance(contacts, TODAY, trailing_days=28).contacts == 2


@given(st.integers(0, 10_000))
def test_balances_equal_an_independent_recount(seed: int) -> None:
    r = random.Random(seed)
    contacts = [
        a_contact(
            r.randrange(60),
            household=r.choice(["h", "i", None]),
            village=r.choice("vw"),
            kind=r.choice(list(KIND_FACTOR)),
            minutes=float(r.randrange(90)),
            party_size=r.randint(1, 4),
        )
        for _ in range(r.randrange(40))
    ]

    found = balances(contacts, TODAY, by="household", trailing_days=28)

    for household in ("h", "i"):
        counted, burden = 0, 0.0
        for c in contacts:
            if c.household == household and 0 <= (TODAY - c.date).days < 28:
                counted += 1
                burden += KIND_FACTOR[c.kind] * c.minutes * c.party_size
        if counted:
            assert found[household].contacts == counted
            assert found[household].burden_min == pytest.approx(burden)
        else:
            assert household not in found


def test_a_meeting_burdens_the_village_and_no_household() -> None:
    meeting = a_contact(kind="meeting", household=None, party_size=200, minutes=60.0)

    assert balances([meeting], TODAY, by="household", trailing_days=7) == {}
    assert balances([meeting], TODAY, by="village", trailing_days=7)["v"].burden_min == 12_000


def test_days_over_a_cap_are_named_and_no_others() -> None:
    contacts = [a_contact(10), a_contact(5), a_contact(3)]
    days = [TODAY - timedelta(days=n) for n in range(12, -1, -1)]

    over = days_over_cap(contacts, days, trailing_days=7, max_contacts=1)

    assert over
    for day in days:
        assert (day in over) == (balance(contacts, day, trailing_days=7).contacts > 1)


def test_no_answer_is_a_contact_and_not_a_visit() -> None:
    contacts = [a_contact(9), a_contact(2, kind="no-answer")]

    assert last_visits(contacts) == {"h": TODAY - timedelta(days=9)}
    assert balance(contacts, TODAY, trailing_days=28).contacts == 2


def test_same_household_and_day_is_one_visit_however_many_records() -> None:
    assert len(visit_dates([a_contact(1), a_contact(1, cadre="d"), a_contact(0)])["h"]) == 2


def test_a_joint_visit_counts_for_every_cadre_present_and_duplicates_for_none() -> None:
    contacts = [a_contact(1), a_contact(1), a_contact(1, cadre="d"), a_contact(0, household="i")]

    assert distinct_households(contacts) == {"c": 2, "d": 1}


@pytest.mark.parametrize("facts", [{"kind": "rumour"}, {"minutes": -1.0}, {"party_size": 0}])
def test_a_contact_that_cannot_be_is_refused(facts: dict[str, object]) -> None:
    with pytest.raises(InvalidContact):
        a_contact(**facts)
