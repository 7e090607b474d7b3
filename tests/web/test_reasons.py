"""Every reason the scheduler or the data can give has words in both languages."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from flask import Flask
from flask_babel import force_locale

from data.store.plan_reading import CadreName, VillageName
from scheduler.plan import RULES
from tests.conftest import ROOT
from web.presenters import reasons
from web.usecases.read_plan import Names

NAMES = Names(
    cadres={"C1": CadreName(id=1, number="C1", name="赵一", role="staff", unit="U1")},
    villages={
        "340811100200": VillageName(
            code="340811100200", name="芭茅村", kind="village", town="大桥街道"
        )
    },
    units={"U1": "办公室"},
)


def _calls(file: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            yield node


def _text(node: ast.expr) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else ""


def _placeholders(sentence: str) -> set[str]:
    plain = sentence.replace("%(", "{").replace(")s", "}")
    return {name for _, name, _, _ in Formatter().parse(plain) if name}


def given_codes() -> Iterator[tuple[str, str, str, frozenset[str]]]:
    """Rule, code, file and facts of each reason, read from the sources that make them."""
    for file in (ROOT / "scheduler").rglob("*.py"):
        for call in _calls(file):
            name = getattr(call.func, "id", getattr(call.func, "attr", ""))
            if name == "worded" and len(call.args) >= 2:
                rule, code = (_text(argument) for argument in call.args[:2])
                assert code, f"{file.name} makes a reason without a fixed code"
                facts = frozenset(k.arg for k in call.keywords if k.arg)
                yield rule, code, file.name, facts
    for file in (ROOT / "data" / "left_out.py",):
        for call in _calls(file):
            given = {k.arg: k.value for k in call.keywords}
            if getattr(call.func, "id", "") == "Reason" and isinstance(given["facts"], ast.Dict):
                facts = frozenset(_text(key) for key in given["facts"].keys if key is not None)
                yield _text(given["rule"]), _text(given["code"]), file.name, facts


@pytest.mark.parametrize(("rule", "code", "file", "facts"), sorted(set(given_codes()), key=str))
def test_every_reason_has_a_sentence_from_its_own_facts(
    rule: str, code: str, file: str, facts: frozenset[str]
) -> None:
    sentence = str(reasons.SENTENCES[code])

    asked = _placeholders(sentence)
    assert rule in RULES or not rule  # a rule chosen while running is one of them, too
    assert asked <= facts, f"{file} gives {sorted(facts)}"


def test_every_rule_of_the_contract_has_a_name_and_a_way_out() -> None:
    assert set(reasons.RULES) == RULES == set(reasons.WAYS_OUT)


def test_ids_are_said_as_names_and_dates_as_dates(app: Flask) -> None:
    reason = {
        "rule": "blackout",
        "code": "blackout",
        "detail": "Village 340811100200 takes no visits on 2027-03-03.",
        "facts": {"village": "340811100200", "day": "2027-03-03"},
    }
    with app.test_request_context(), force_locale("zh"):
        said = reasons.say_reason(reason, NAMES)

    assert said.rule_name == "免打扰日"
    assert said.sentence == "2027年3月3日 (周三)是芭茅村的免打扰日，不接待走访。"
    assert said.way_out == "另选日期；取消免打扰日前先征求村里意见。"


def test_a_rule_that_forbids_every_day_gives_one_as_an_example(app: Flask) -> None:
    reason = {
        "rule": "shift",
        "code": "no-shift-every-day",
        "detail": "",
        "facts": {"household": "H1", "refused": 96, "cadre": "C1", "day": "2027-03-05"},
    }
    with app.test_request_context(), force_locale("zh"):
        said = reasons.say_reason(reason, NAMES).sentence

    assert "H1" in said
    assert "96" in said
    assert said.endswith("赵一在2027年3月5日 (周五)不可用。")


@pytest.mark.parametrize(("cap", "said"), [(1, "its 1 visit of"), (2, "its 2 visits of")])
def test_a_number_has_the_right_noun(app: Flask, cap: int, said: str) -> None:
    facts = {"village": "340811100200", "cap": cap, "week": 9, "year": 2027}
    reason = {"rule": "village-week", "code": "village-week-full", "detail": "", "facts": facts}
    with app.test_request_context(), force_locale("en"):
        assert said in reasons.say_reason(reason, NAMES).sentence


def test_an_unknown_code_falls_back_to_the_stored_english_sentence(app: Flask) -> None:
    reason = {"rule": "capacity", "code": "from-the-future", "detail": "Too full.", "facts": {}}
    with app.test_request_context():
        assert reasons.say_reason(reason, NAMES).sentence == "Too full."


def test_the_same_sentence_is_said_once(app: Flask) -> None:
    reason = {"rule": "capacity", "code": "", "detail": "Too full.", "facts": {}}
    with app.test_request_context():
        assert len(reasons.say_reasons([reason, reason], NAMES)) == 1
