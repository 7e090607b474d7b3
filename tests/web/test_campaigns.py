"""Campaigns: begin, change, draw who takes part."""

from datetime import date

import pytest
from sqlalchemy import select

from data.db import Database
from data.tables import Campaign, CampaignHousehold
from tests.support.planned import PlannedDistrict
from tests.web.conftest import SignIn

PERIOD = {"name": "秋季走访", "first_day": "2027-09-01", "last_day": "2027-10-31"}


def campaign(opened: Database, campaign_id: int) -> Campaign:
    with opened.read() as session:
        return session.get_one(Campaign, campaign_id)


def test_without_a_campaign_the_page_says_how_to_begin(
    people: dict[str, int], sign_in: SignIn
) -> None:
    page = sign_in("planner").get("/campaigns/").text

    assert "还没有活动" in page
    assert 'href="/campaigns/new"' in page


def test_a_new_campaign_begins_with_the_default_rules_and_everybody(
    district: PlannedDistrict, sign_in: SignIn, opened: Database
) -> None:
    planner = sign_in("planner")

    made = planner.post("/campaigns/new", data=PERIOD)
    page = planner.get(made.location).text

    assert made.status_code == 303
    assert "秋季走访" in page and "36 户" in page
    row = campaign(opened, int(made.location.rsplit("/", 1)[1]))
    assert (row.first_day, row.selection) == (date(2027, 9, 1), "all")
    assert row.rules["village_min_gap_days"] == 10


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": " "}, "此项必填"),
        ({"first_day": "2027-02-30"}, "此项必填"),
        ({"last_day": "2027-08-01"}, "结束日期早于开始日期"),
        ({"last_day": "2029-08-01"}, "至多 400 天"),
        ({"name": "长" * 121}, "至多 120 个"),
    ],
)
def test_a_campaign_that_cannot_be_is_refused_beside_its_field(
    people: dict[str, int], sign_in: SignIn, wrong: dict[str, str], said: str
) -> None:
    refused = sign_in("planner").post("/campaigns/new", data=PERIOD | wrong)

    assert refused.status_code == 422
    assert said in refused.text
    assert 'aria-invalid="true"' in refused.text


def test_two_who_edit_at_once_do_not_overwrite_each_other(
    district: PlannedDistrict, sign_in: SignIn, opened: Database
) -> None:
    planner = sign_in("planner")
    version = str(campaign(opened, district.campaign_id).version)
    address = f"/campaigns/{district.campaign_id}/edit"

    first = planner.post(address, data=PERIOD | {"version": version})
    second = planner.post(address, data=PERIOD | {"version": version, "name": "另一个"})

    assert (first.status_code, second.status_code) == (303, 409)
    assert campaign(opened, district.campaign_id).name == "秋季走访"


def test_a_draw_can_be_repeated_and_taken_back(
    district: PlannedDistrict, sign_in: SignIn, opened: Database
) -> None:
    planner = sign_in("planner")
    address = f"/campaigns/{district.campaign_id}/households"

    def draw(**asked: str) -> set[int]:
        version = str(campaign(opened, district.campaign_id).version)
        answer = planner.post(address, data={"version": version} | asked)
        assert answer.status_code == 303
        with opened.read() as session:
            query = select(CampaignHousehold.household_id)
            here = CampaignHousehold.campaign_id == district.campaign_id
            return set(session.scalars(query.where(here)))

    first = draw(who="drawn", count="10", seed="3")
    again = draw(who="drawn", count="10", seed="3")
    everybody = draw(who="all")

    assert len(first) == 10 and first == again
    assert everybody == set()
    assert campaign(opened, district.campaign_id).selection == "all"


def test_a_draw_of_more_than_there_are_says_how_many_were_drawn(
    district: PlannedDistrict, sign_in: SignIn, opened: Database
) -> None:
    planner = sign_in("planner")
    version = str(campaign(opened, district.campaign_id).version)

    answer = planner.post(
        f"/campaigns/{district.campaign_id}/households",
        data={"version": version, "who": "drawn", "count": "500", "seed": "0"},
        follow_redirects=True,
    )

    assert "抽中 36 户" in answer.text


def test_a_draw_of_nobody_is_refused_beside_its_field(
    district: PlannedDistrict, sign_in: SignIn, opened: Database
) -> None:
    refused = sign_in("planner").post(
        f"/campaigns/{district.campaign_id}/households",
        data={"version": "1", "who": "drawn", "count": "0", "seed": "0"},
    )

    assert refused.status_code == 422
    assert 'id="f-count-error"' in refused.text


def test_a_coordinator_reads_campaigns_and_changes_none(
    district: PlannedDistrict, sign_in: SignIn
) -> None:
    coordinator = sign_in("coordinator")

    assert coordinator.get(f"/campaigns/{district.campaign_id}").status_code == 200
    assert coordinator.get("/campaigns/new").status_code == 403
    assert coordinator.post("/campaigns/new", data=PERIOD).status_code == 403
