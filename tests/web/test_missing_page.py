"""The page of one household that lacks visits: what forbids them, and what would help."""

from string import Formatter

import pytest
from flask.testing import FlaskClient

from scheduler.explaining import changes, rules
from tests.support.planned import AT_DAWN, PlannedDistrict
from tests.web.conftest import SignIn
from web.presenters import looks


@pytest.fixture
def planner(district: PlannedDistrict, sign_in: SignIn) -> FlaskClient:
    """A planner at the browser, with a published plan."""
    return sign_in("planner")


def facts_of(sentence: str) -> set[str]:
    plain = sentence.replace("%(", "{").replace(")s", "}")
    return {name for _, name, _, _ in Formatter().parse(plain) if name}


@pytest.mark.parametrize("kind", rules.KINDS)
def test_every_rule_has_words_from_its_own_facts(kind: rules.Kind) -> None:
    assert kind in looks.KIND_NAMES
    said = str(looks.RULE_SENTENCES[kind])
    assert facts_of(said) == facts_of(rules.SENTENCES[kind])


@pytest.mark.parametrize("kind", changes.CHANGES)
def test_every_change_has_words_from_its_own_facts(kind: changes.ChangeKind) -> None:
    said = str(looks.CHANGE_SENTENCES[kind])
    assert facts_of(said) == facts_of(changes.SENTENCES[kind])


def test_a_household_open_at_dawn_is_told_what_forbids_it_and_what_would_help(
    planner: FlaskClient,
) -> None:
    page = planner.get(f"/plans/1/unplanned/{AT_DAWN}").text

    assert "不能同时满足；去掉其中任何一条" in page
    assert "只看这一户就排不下" in page
    assert "可接待时段为 06:00-06:20" in page
    assert f"户 {AT_DAWN} 的时段改为 06:00-" in page


def test_the_list_leads_to_the_page(planner: FlaskClient) -> None:
    assert f"/plans/1/unplanned/{AT_DAWN}" in planner.get("/plans/1/unplanned").text


def test_a_household_that_lacks_nothing_has_no_such_page(planner: FlaskClient) -> None:
    assert planner.get("/plans/1/unplanned/H01").status_code == 404
    assert planner.get("/plans/1/unplanned/H99").status_code == 404
