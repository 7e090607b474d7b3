"""The pages of solves: ask, watch, stop, come back."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from data.db import Database
from data.documents import unpack
from data.store import jobs
from data.store.jobs import Claim
from data.tables import Plan
from tests.support.planned import PlannedDistrict
from tests.web.conftest import SignIn
from web.views import jobs as view


@pytest.fixture
def claimed(district: PlannedDistrict, opened: Database, sign_in: SignIn) -> Claim:
    """A solve asked for by the planner, and claimed."""
    asked = sign_in("planner").post(
        f"/campaigns/{district.campaign_id}/solve", data={"time_limit_s": "10", "seed": "5"}
    )
    assert asked.status_code == 303
    with opened.write.begin() as session:
        claim = jobs.claim_next(session, owner="test", lease_s=60, at_once=1)
    assert claim is not None
    return claim


def tell(opened: Database, claim: Claim, **facts: Any) -> None:
    with opened.write.begin() as session:
        jobs.report(session, claim, facts)


def messages(stream: str) -> list[dict[str, Any]]:
    return [json.loads(line[6:]) for line in stream.splitlines() if line.startswith("data: ")]


def test_a_planner_asks_for_a_plan_and_is_led_to_its_progress(
    district: PlannedDistrict, sign_in: SignIn, opened: Database
) -> None:
    planner = sign_in("planner")

    offered = planner.get(f"/campaigns/{district.campaign_id}/solve")
    asked = planner.post(
        f"/campaigns/{district.campaign_id}/solve", data={"time_limit_s": "60", "seed": "7"}
    )
    shown = planner.get(asked.location)

    assert offered.status_code == 200 and "开始求解" in offered.text
    assert shown.status_code == 200 and "等待开始" in shown.text
    with opened.read() as session:
        job = jobs.get_job(session, 1)
        assert (job.args["time_limit_s"], job.seed, job.state) == (60, 7, "queued")


def test_a_proof_is_made_when_it_is_asked_for_and_the_page_says_so(
    district: PlannedDistrict, sign_in: SignIn, opened: Database
) -> None:
    planner = sign_in("planner")

    asked = planner.post(f"/campaigns/{district.campaign_id}/solve", data={"with_proof": "on"})
    with opened.write.begin() as session:
        claim = jobs.claim_next(session, owner="test", lease_s=60, at_once=1)
        assert claim is not None
        jobs.report(session, claim, {"has_plan": True, "phase": "bound", "J": 2.0, "unplanned": 0})
    shown = planner.get(asked.location)

    assert "正在证明方案离最优有多远" in shown.text and "60 秒" in shown.text
    with opened.read() as session:
        assert jobs.get_job(session, 1).args["prove_s"] == 60


def test_asking_twice_leads_to_the_solve_that_runs(
    district: PlannedDistrict, claimed: Claim, sign_in: SignIn
) -> None:
    again = sign_in("planner").post(f"/campaigns/{district.campaign_id}/solve", data={})

    assert again.location == f"/jobs/{claimed.job_id}"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"time_limit_s": "0"}, "1 到 1800 秒"),
        ({"time_limit_s": "99999"}, "1 到 1800 秒"),
        ({"seed": "-1"}, "0 到 2147483647"),
    ],
)
def test_a_limit_that_cannot_be_kept_is_refused_with_the_bounds(
    district: PlannedDistrict, sign_in: SignIn, typed: dict[str, str], said: str
) -> None:
    refused = sign_in("planner").post(f"/campaigns/{district.campaign_id}/solve", data=typed)

    assert refused.status_code == 422
    assert said in refused.text


def test_a_coordinator_watches_but_starts_and_stops_nothing(
    district: PlannedDistrict, claimed: Claim, sign_in: SignIn
) -> None:
    coordinator = sign_in("coordinator")

    assert coordinator.get(f"/jobs/{claimed.job_id}").status_code == 200
    assert coordinator.get("/jobs").status_code == 200
    assert coordinator.get(f"/api/jobs/{claimed.job_id}/incumbent.geojson").status_code == 403
    assert coordinator.post(f"/jobs/{claimed.job_id}/stop").status_code == 403
    assert coordinator.post(f"/campaigns/{district.campaign_id}/solve").status_code == 403


def test_every_event_comes_once_and_in_order_and_the_last_ends_the_stream(
    claimed: Claim, opened: Database, sign_in: SignIn
) -> None:
    planner = sign_in("planner")
    tell(opened, claimed, J=20.0, phase="search")
    tell(opened, claimed, J=10.0, phase="search")
    with opened.write.begin() as session:
        jobs.end(session, claimed, state="done", progress={"plan_id": 1})

    whole = planner.get(f"/jobs/{claimed.job_id}/events")
    rest = planner.get(f"/jobs/{claimed.job_id}/events", headers={"Last-Event-ID": "3"})
    nothing = planner.get(f"/jobs/{claimed.job_id}/events", headers={"Last-Event-ID": "5"})

    assert whole.text.startswith("retry: 1000")
    assert whole.headers["Cache-Control"] == "no-store, no-transform"
    assert [m["seq"] for m in messages(whole.text)] == [1, 2, 3, 4, 5]
    assert [m["seq"] for m in messages(rest.text)] == [4, 5]
    assert messages(rest.text)[-1]["state"] == "done"
    assert nothing.status_code == 204


def test_a_stream_ends_after_its_time_and_frees_its_place(
    claimed: Claim, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view, "STREAM_S", 0.3)
    planner = sign_in("planner")

    for _ in range(30):  # more than there are places
        with planner.get(f"/jobs/{claimed.job_id}/events?after=2") as stream:
            assert stream.status_code == 200
            monkeypatch.setattr(view, "STREAM_S", 0.0)


def test_beyond_the_last_place_a_page_is_told_to_ask_instead(
    claimed: Claim, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    planner = sign_in("planner")
    open_streams: list[Iterator[bytes]] = []
    for _ in range(24):
        stream = planner.get(f"/jobs/{claimed.job_id}/events", buffered=False)
        open_streams.append(stream)  # type: ignore[arg-type]

    refused = planner.get(f"/jobs/{claimed.job_id}/events")
    asked = planner.get(f"/api/jobs/{claimed.job_id}?after=1")
    for stream in open_streams:
        stream.close()  # type: ignore[attr-defined]
    monkeypatch.setattr(view, "STREAM_S", 0.0)
    again = planner.get(f"/jobs/{claimed.job_id}/events")

    assert refused.status_code == 503
    assert asked.json is not None
    assert [event["seq"] for event in asked.json["events"]] == [2]
    assert asked.json["sentence"] == "正在准备。"
    assert again.status_code == 200


def test_stopping_sets_the_wish_and_says_so(
    claimed: Claim, opened: Database, sign_in: SignIn
) -> None:
    planner = sign_in("planner")
    tell(opened, claimed, J=20.0, has_plan=True, phase="search")

    stopped = planner.post(f"/jobs/{claimed.job_id}/stop")

    assert stopped.status_code == 303
    assert "正在停止" in planner.get(stopped.location).text
    with opened.read() as session:
        assert jobs.stop_is_asked(session, claimed)


def test_the_best_plan_so_far_is_drawn_without_a_name_or_number(
    claimed: Claim, opened: Database, sign_in: SignIn
) -> None:
    planner = sign_in("planner")
    before = planner.get(f"/api/jobs/{claimed.job_id}/incumbent.geojson")
    with opened.write.begin() as session:
        plan = session.get_one(Plan, 1)
        jobs.freeze_problem(session, claimed, payload=plan.problem, input_hash="x")
        jobs.report(session, claimed, {"J": 1.0}, incumbent=plan.document)
        due = len(unpack(plan.problem)["households"])

    drawn = planner.get(f"/api/jobs/{claimed.job_id}/incumbent.geojson")

    assert before.status_code == 204
    features = json.loads(drawn.data)["features"]
    assert len(features) == due
    assert set(features[0]["properties"]) == {"due", "planned"}
    assert sum(f["properties"]["planned"] < f["properties"]["due"] for f in features) >= 1


def test_how_a_solve_ended_and_how_good_it_is_is_said_in_words(
    claimed: Claim, opened: Database, sign_in: SignIn
) -> None:
    with opened.write.begin() as session:
        facts = {"J": 110.0, "bound": 100.0, "unplanned": 2, "seconds": 9.0, "plan_id": 1}
        jobs.end(session, claimed, state="done", reason="stopped", progress=facts)
    planner = sign_in("planner")

    page = planner.get(f"/jobs/{claimed.job_id}").text
    plan = planner.get(f"/jobs/{claimed.job_id}/plan")

    assert "有 2 次应访未能排上" in page
    assert "再降 9%" in page
    assert "保留了目前最好的方案" in page
    assert plan.location == "/plans/1"


@pytest.mark.parametrize(
    "reason", ["solver-killed", "nothing-to-plan", "broken-plan", "some-new-code"]
)
def test_a_failed_solve_says_why(
    claimed: Claim, opened: Database, sign_in: SignIn, reason: str
) -> None:
    with opened.write.begin() as session:
        jobs.end(session, claimed, state="failed", reason=reason)
    planner = sign_in("planner")

    sentence = planner.get(f"/api/jobs/{claimed.job_id}").json["sentence"]  # type: ignore[index]

    assert len(sentence) > 8
    assert sentence in planner.get("/jobs").text
    assert planner.get(f"/jobs/{claimed.job_id}/plan").status_code == 404


def test_a_solve_that_does_not_exist_is_not_found_and_said_so(
    district: PlannedDistrict, sign_in: SignIn
) -> None:
    planner = sign_in("planner")

    assert "没有编号为 99 的求解" in planner.get("/jobs/99").text
    assert planner.get("/api/jobs/99").status_code == 404
    assert planner.get("/jobs/99/events").status_code == 404
    assert planner.get("/campaigns/99/solve").status_code == 404


def test_the_supervisor_is_woken_when_a_job_is_queued(
    app: Flask, district: PlannedDistrict, sign_in: SignIn
) -> None:
    class Supervisor:
        woken = 0

        def wake(self) -> None:
            self.woken += 1

    app.extensions["supervisor"] = listening = Supervisor()

    sign_in("planner").post(f"/campaigns/{district.campaign_id}/solve", data={})

    assert listening.woken == 1
