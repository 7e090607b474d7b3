"""The page of one household that lacks visits: what forbids them, and what would help."""

from collections import Counter
from string import Formatter

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale

from scheduler import missing_reasons
from scheduler.explaining import changes, rules
from scheduler.explaining.bottleneck import Bottleneck
from scheduler.explaining.group import GroupLook
from scheduler.explaining.look import Look
from scheduler.explaining.package import Package
from scheduler.village import Village
from tests.support.planned import AT_DAWN, PlannedDistrict, village_code
from tests.web.conftest import SignIn
from tests.web.test_reasons import NAMES
from web.presenters import group_looks, looks, rule_words
from web.presenters.reasons import say_reasons
from web.usecases.look_into_missing import MissingTogether


@pytest.fixture
def planner(district: PlannedDistrict, sign_in: SignIn) -> FlaskClient:
    """A planner at the browser, with a published plan."""
    return sign_in("planner")


def facts_of(sentence: str) -> set[str]:
    plain = sentence.replace("%(", "{").replace(")s", "}")
    return {name for _, name, _, _ in Formatter().parse(plain) if name}


@pytest.mark.parametrize("kind", rules.KINDS)
def test_every_rule_has_words_from_its_own_facts(kind: rules.Kind) -> None:
    assert kind in rule_words.KIND_NAMES
    said = str(rule_words.RULE_SENTENCES[kind])
    assert facts_of(said) == facts_of(rules.SENTENCES[kind])


@pytest.mark.parametrize("kind", changes.CHANGES)
def test_every_change_has_words_from_its_own_facts(kind: changes.ChangeKind) -> None:
    said = str(rule_words.CHANGE_SENTENCES[kind])
    assert facts_of(said) == facts_of(changes.SENTENCES[kind])


def test_a_household_open_at_dawn_is_told_what_forbids_it_and_what_would_help(
    planner: FlaskClient,
) -> None:
    page = planner.get(f"/plans/1/unplanned/{AT_DAWN}").text

    assert "条规则合在一起就排不下；去掉其中任意一条，其余的就排得下" in page
    assert "只看这一户就排不下" in page
    assert "可接待时段为 06:00-06:20" in page
    assert f"户 {AT_DAWN} 的时段改为 06:00-" in page


def test_the_list_leads_to_the_page(planner: FlaskClient) -> None:
    assert f"/plans/1/unplanned/{AT_DAWN}" in planner.get("/plans/1/unplanned").text


def test_a_household_that_lacks_nothing_has_no_such_page(planner: FlaskClient) -> None:
    assert planner.get("/plans/1/unplanned/H01").status_code == 404
    assert planner.get("/plans/1/unplanned/H99").status_code == 404


def a_look(bottleneck: Bottleneck | None = None) -> Look:
    return Look(
        household="H1", missing=1, bottleneck=bottleneck, conflict=None, place=None, relaxations=()
    )


NOT_FOUND = {
    "rule": "time-limit",
    "code": "not-found-in-time",
    "detail": "",
    "facts": {"household": "H1", "missing": 1},
}
FULL = {
    "rule": "village-gap",
    "code": "village-proven-full",
    "detail": "",
    "facts": {
        "teams": 1, "gap": 10, "week": 12, "village": "340811100200", "missing": 1,
        "household": "H1",
    },
}  # fmt: skip


def test_nothing_is_called_unproven_beside_a_proof(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        said = looks.say_look(a_look(), NAMES, [FULL, NOT_FOUND])
        beside = looks.say_beside(say_reasons([FULL, NOT_FOUND], NAMES), said)
        alone = looks.say_look(a_look(), NAMES, [NOT_FOUND])

    assert "not found in time" in said.summary
    assert [r.rule for r in beside] == ["village-gap"]
    assert alone.summary.startswith("Nothing is proven")


def test_the_bottleneck_is_said_once_and_first(app: Flask) -> None:
    reason = missing_reasons.sessions_are_short(
        "village-gap", Village(id="340811100200", unit="U1", min_gap_days=10),
        cadres=4, visits=8, needed=8, takes=7,
    )  # fmt: skip
    counted = Bottleneck(reason=reason, missing=1, households=frozenset({"H1"}))
    with app.test_request_context(), force_locale("en"):
        said = looks.say_look(a_look(counted), NAMES, [reason.to_json()])
        beside = looks.say_beside(say_reasons([reason.to_json()], NAMES), said)

    assert said.counted == (
        "Proven by counting: for the 8 visits due to households paired with them, 芭茅村 needs 8 "
        "sessions of 4 cadres; on their days, 10 days apart and with 1 team a day, it can take 7 "
        "sessions."
    )
    assert beside == []


def test_the_list_asks_for_a_whole_village_and_the_page_answers(planner: FlaskClient) -> None:
    village = village_code(0)
    listed = planner.get("/plans/1/unplanned", query_string={"village": village}).text
    page = planner.get(f"/plans/1/unplanned/village/{village}").text

    assert ("怎样才能把这" in listed) == (listed.count('class="missing-list"') > 1)
    assert "芭茅村的全部未排走访" in page
    assert "全部排下" in page
    assert f"户 {AT_DAWN} 的时段改为 06:00-" in page
    assert "每个办法都已试排" in page


def test_the_unit_is_asked_the_same_way(planner: FlaskClient) -> None:
    page = planner.get("/plans/1/unplanned/unit/U1").text

    assert f"户 {AT_DAWN} 的时段改为 06:00-" in page


def test_a_village_that_lacks_nothing_says_so(planner: FlaskClient) -> None:
    page = planner.get(f"/plans/1/unplanned/village/{village_code(5)}").text

    assert "这里应走访的都已排进本方案" in page


@pytest.mark.parametrize("place", ["village/999999999999", "unit/U9"])
def test_a_village_or_unit_that_nobody_knows_has_no_such_page(
    planner: FlaskClient, place: str
) -> None:
    assert planner.get(f"/plans/1/unplanned/{place}").status_code == 404


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_what_a_group_lacks_is_said_for_every_finding(app: Flask, locale: str) -> None:
    change = changes.more_visits_a_week(Village(id="340811100200", unit="U1"), 2)
    one = Package(changes=(change,), placed=2, moved=1, visits=())
    two = Package(changes=(change, change), placed=1, moved=0, visits=())
    as_is = Package(changes=(), placed=2, moved=0, visits=())
    findings = [
        GroupLook(households=("H1", "H2"), missing=2, packages=(one,), partly=None),
        GroupLook(households=("H1", "H2"), missing=2, packages=(as_is,), partly=None),
        GroupLook(households=("H1", "H2"), missing=2, packages=(), partly=two),
        GroupLook(households=("H1", "H2"), missing=2, packages=(), partly=None),
        GroupLook(households=(), missing=0, packages=(), partly=None),
    ]
    with app.test_request_context(), force_locale(locale):
        said = [
            group_looks.say_together(
                MissingTogether(unit="U1", missing=3, missing_in_unit=3, left_out=1, look=look),
                NAMES,
            )
            for look in findings
        ]

    assert len({x.summary for x in said}) == len(findings)
    assert [len(x.ways) for x in said] == [1, 0, 1, 0, 0]
    assert [x.has_place for x in said] == [False, True, False, False, False]
    assert all(x.left_out for x in said)
    assert said[0].ways[0].moved
    assert "芭茅村" in said[0].ways[0].changes[0]


@pytest.mark.parametrize(("missing", "leads"), [(1, False), (3, True)])
def test_the_page_leads_to_the_village_if_others_there_lack_visits(
    planner: FlaskClient, monkeypatch: pytest.MonkeyPatch, missing: int, leads: bool
) -> None:
    village = village_code(0)
    counted = Counter({village: missing})
    monkeypatch.setattr("web.views.plans.missing_by_village", lambda lacks: counted)

    page = planner.get(f"/plans/1/unplanned/{AT_DAWN}").text

    assert (f"/plans/1/unplanned/village/{village}" in page) == leads
    assert ("芭茅村全村一起看" in page) == leads
