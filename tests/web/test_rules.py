"""The rules of a campaign: sentences, presets, bounds, the meter, who changed what."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from data.db import Database
from data.rules import BY_NAME, PRESETS, CampaignRules
from data.tables import Campaign
from tests.support.planned import PlannedDistrict
from tests.web.conftest import SignIn
from web.presenters import rules as presenter
from web.usecases.capacity import capacity_of, most_visits

TODAY = date(2027, 3, 1)


def form(rules: CampaignRules | None = None, **changed: Any) -> dict[str, Any]:
    """What a browser sends for these rules."""
    values = presenter.values(rules or CampaignRules())
    hours = values.pop("visiting_hours")
    sent = values | {"hours_from": [a for a, _ in hours], "hours_to": [b for _, b in hours]}
    return sent | changed


def saved(opened: Database, district: PlannedDistrict) -> CampaignRules:
    with opened.read() as session:
        return CampaignRules.read(session.get_one(Campaign, district.campaign_id).rules)


@pytest.fixture
def planner(district: PlannedDistrict, sign_in: SignIn) -> FlaskClient:
    return sign_in("planner")


def test_every_rule_stands_in_exactly_one_sentence_with_label_and_reason() -> None:
    named = [
        n
        for _, _, texts in presenter.GROUPS
        for t in texts
        for n in presenter.PLACE.findall(str(t))
    ]

    assert sorted(named) == sorted(BY_NAME)
    assert set(presenter.LABELS) == set(presenter.REASONS) == set(BY_NAME)
    for name, field in BY_NAME.items():
        assert str(presenter.REASONS[name]) == field.reason


def test_a_rule_is_read_as_a_sentence_with_its_value_in_it(
    planner: FlaskClient, district: PlannedDistrict
) -> None:
    page = planner.get(f"/campaigns/{district.campaign_id}/rules/").text

    assert "每村每" in page and "天最多走访 1 天" in page
    assert 'name="village_min_gap_days" value="10"' in page
    assert "不论谁来，村里在两次走访之间都需要清静。" in page


def test_what_is_sent_back_unchanged_is_the_same_rules(
    planner: FlaskClient, district: PlannedDistrict, opened: Database
) -> None:
    for level, preset in PRESETS.items():
        shown = planner.get(f"/campaigns/{district.campaign_id}/rules/?preset={level}")
        assert "这些数值尚未保存" in shown.text

        version = str(_version(opened, district))
        address = f"/campaigns/{district.campaign_id}/rules/"
        assert planner.post(address, data=form(preset, version=version)).status_code == 303
        assert saved(opened, district) == preset


def test_who_changed_what_is_said_with_the_value_before_and_after(
    planner: FlaskClient, district: PlannedDistrict, opened: Database
) -> None:
    version = str(_version(opened, district))
    page = planner.post(
        f"/campaigns/{district.campaign_id}/rules/",
        data=form(version=version, village_min_gap_days="14"),
        follow_redirects=True,
    ).text

    assert "修改了 1 条规则。" in page
    assert "<del>10</del> → <ins>14</ins>" in page
    assert "planner" in page


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("village_min_gap_days", "91", "0 到 90"),
        ("village_min_gap_days", "many", "请填数字"),
        ("quota_by", "luck", "请从列表中选择"),
        ("hours_from", ["09:00", "08:00"], "互不重叠"),
        ("hours_from", ["x", ""], "互不重叠"),
        ("district_max_teams_per_day", "0", "1 到 1000"),
    ],
)
def test_a_value_that_cannot_be_kept_is_refused_beside_its_field_and_stays_typed(
    planner: FlaskClient,
    district: PlannedDistrict,
    opened: Database,
    name: str,
    typed: Any,
    said: str,
) -> None:
    before = saved(opened, district)
    version = str(_version(opened, district))

    refused = planner.post(
        f"/campaigns/{district.campaign_id}/rules/", data=form(version=version) | {name: typed}
    )

    assert refused.status_code == 422
    assert said in refused.text
    assert "没有保存" in refused.text
    assert saved(opened, district) == before
    if name != "quota_by":
        shown = typed if isinstance(typed, str) else typed[0]
        assert f'value="{shown}"' in refused.text


def test_rules_changed_meanwhile_are_not_overwritten(
    planner: FlaskClient, district: PlannedDistrict, opened: Database
) -> None:
    version = str(_version(opened, district))
    address = f"/campaigns/{district.campaign_id}/rules/"
    planner.post(address, data=form(PRESETS["strict"], version=version))

    late = planner.post(address, data=form(PRESETS["loose"], version=version))

    assert late.status_code == 409
    assert saved(opened, district) == PRESETS["strict"]


def test_the_meter_follows_what_is_typed_before_it_is_saved(
    planner: FlaskClient, district: PlannedDistrict, opened: Database
) -> None:
    address = f"/campaigns/{district.campaign_id}/rules/check"

    fine = planner.get(address, query_string=form(quota_leader="5", quota_staff="5")).json
    tight = planner.get(
        address, query_string=form(village_min_gap_days="60", max_visits_per_day="1")
    ).json
    wrong = planner.get(address, query_string=form(quota_staff="-3")).json

    assert fine == {"errors": {}, "problems": []}
    assert tight is not None and any("至多 1 次" in p["text"] for p in tight["problems"])
    assert all(p["todo"] for p in tight["problems"])
    assert wrong is not None and wrong["errors"] == {"quota_staff": "请填 0 到 500 之间的数。"}
    assert saved(opened, district) == CampaignRules()


def test_a_coordinator_reads_the_rules_and_changes_none(
    district: PlannedDistrict, sign_in: SignIn
) -> None:
    coordinator = sign_in("coordinator")
    address = f"/campaigns/{district.campaign_id}/rules/"

    assert "由排班员修改" in coordinator.get(address).text
    assert coordinator.post(address, data=form()).status_code == 403


def test_the_meter_never_says_too_many_where_a_plan_exists(
    district: PlannedDistrict, opened: Database
) -> None:
    with opened.read() as session:
        load = capacity_of(session, district.campaign_id, today=TODAY)

    assert load.can_begin
    assert load.visits == 36 and load.cadres == 4
    assert [meter for meter in load.short if meter.kind != "quota"] == []


def test_visits_of_a_village_are_counted_by_walking_its_open_days() -> None:
    rules = CampaignRules(village_min_gap_days=10, max_visits_per_day=6)
    days = [TODAY + timedelta(n) for n in (0, 9, 10, 19, 20, 30)]

    assert most_visits(days, rules) == 4 * 6
    assert most_visits([], rules) == 0
    assert most_visits(days, rules.model_copy(update={"village_max_visits_per_week": 1})) == 4


def _version(opened: Database, district: PlannedDistrict) -> int:
    with opened.read() as session:
        return session.get_one(Campaign, district.campaign_id).version
