"""Rules of a campaign: defaults, bounds, presets, and what a page is told about each."""

import json
import re

import pytest

from data.rules import BY_NAME, FIELDS, PRESETS, CampaignRules, InvalidRules


def test_rules_come_back_from_their_stored_form() -> None:
    for rules in PRESETS.values():
        assert CampaignRules.read(json.loads(json.dumps(rules.stored()))) == rules


def test_what_nobody_chose_takes_its_default() -> None:
    assert CampaignRules.read({"village_min_gap_days": 7}).quota_leader == 40


@pytest.mark.parametrize(
    ("stored", "field", "code"),
    [
        ({"village_min_gap_days": -1}, "village_min_gap_days", "out-of-bounds"),
        ({"max_visits_per_day": "many"}, "max_visits_per_day", "not-a-number"),
        ({"weight_travel": float("nan")}, "weight_travel", "out-of-bounds"),
        ({"travel_mode": "horse"}, "travel_mode", "not-a-choice"),
        ({"visiting_hours": [[700, 600]]}, "visiting_hours", "bad-spans"),
        ({"visiting_hours": [[510, 700], [690, 1050]]}, "visiting_hours", "bad-spans"),
        ({"visiting_hours": []}, "visiting_hours", "bad-spans"),
        ({"vilage_min_gap_days": 7}, "vilage_min_gap_days", "unknown"),
    ],
)
def test_a_rule_that_cannot_be_kept_is_named(stored: dict, field: str, code: str) -> None:
    with pytest.raises(InvalidRules) as caught:
        CampaignRules.read(stored)

    assert [problem[:2] for problem in caught.value.problems] == [(field, code)]


def test_every_rule_has_a_reason_and_a_default_within_its_bounds() -> None:
    assert {field.name for field in FIELDS} == set(CampaignRules.model_fields)
    for field in FIELDS:
        assert re.fullmatch(r"[A-Z].+\.", field.reason)
        if field.least is not None and field.default is not None:
            assert field.most is not None
            assert field.least <= field.default <= field.most
    assert BY_NAME["travel_mode"].choices == ("car", "ebike", "foot")


def test_presets_grow_stricter() -> None:
    gaps = [PRESETS[level].village_min_gap_days for level in ("loose", "medium", "strict")]
    assert gaps == sorted(gaps) and len(set(gaps)) == 3


def test_quota_follows_the_role_or_the_register() -> None:
    assert CampaignRules().quota("leader", own=7) == 40
    assert CampaignRules().quota("staff", own=7) == 15
    assert CampaignRules(quota_by="register").quota("leader", own=7) == 7
