"""A cadre's day over HTTP: own visits only, saved means kept, a repeat counts once."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from data.db import Database
from data.tables import Audit, Contact, Household
from tests.support.planned import PlannedDistrict
from tests.web.conftest import SignIn

OP = "op-0123456789abcdef"


@pytest.fixture
def cadre(district: PlannedDistrict, sign_in: SignIn) -> FlaskClient:
    """The first cadre at the phone."""
    return sign_in("c1")


@pytest.fixture
def visit_id(district: PlannedDistrict, opened: Database) -> int:
    """The first visit of the first cadre, today."""
    return district.visits(opened, "C1")[0].id


def mark(
    cadre: FlaskClient, visit_id: int, outcome: str = "visited", op_id: str = OP, note: str = ""
) -> dict[str, object]:
    """Record a result; the answer's JSON."""
    answer = cadre.post(
        f"/api/my-day/visits/{visit_id}/result",
        json={"op_id": op_id, "outcome": outcome, "note": note},
    )
    assert answer.status_code == 200, answer.text
    recorded: dict[str, object] = answer.get_json()["recorded"]
    return recorded


def contacts(opened: Database) -> list[Contact]:
    """The ledger."""
    with opened.read() as session:
        return list(session.scalars(select(Contact).order_by(Contact.id)))


def test_the_day_lists_own_stops_in_order_with_masked_phones(cadre: FlaskClient) -> None:
    page = cadre.get("/my-day").text

    assert "2027年3月1日 (周一)" in page
    assert "139****0002" in page
    assert "13900000002" not in page
    assert "已记录 0/4" in page


def test_a_day_without_visits_names_the_next_one(cadre: FlaskClient) -> None:
    page = cadre.get("/my-day?day=2027-03-06").text

    assert "这一天没有走访" in page
    assert "下一次在" in page


def test_somebody_without_visits_learns_where_they_will_appear(
    district: PlannedDistrict, sign_in: SignIn, opened: Database
) -> None:
    idle = next(c for c in ("C2", "C4") if not district.visits(opened, c))

    assert "还没有给您安排走访" in sign_in(idle.lower()).get("/my-day").text


def test_a_result_is_kept_in_the_ledger(
    cadre: FlaskClient, visit_id: int, opened: Database
) -> None:
    recorded = mark(cadre, visit_id, note="  家中老人需要就医  ")

    (kept,) = contacts(opened)
    assert recorded["outcome"] == kept.outcome == "visited"
    assert kept.note == "家中老人需要就医"
    assert kept.planned_visit_id == visit_id
    assert str(kept.day) == "2027-03-01"
    assert "已记录 1/4" in cadre.get("/my-day").text


def test_the_same_operation_sent_twice_counts_once(
    cadre: FlaskClient, visit_id: int, opened: Database
) -> None:
    assert mark(cadre, visit_id) == mark(cadre, visit_id)

    assert len(contacts(opened)) == 1


def test_a_result_can_be_taken_back(cadre: FlaskClient, visit_id: int, opened: Database) -> None:
    recorded = mark(cadre, visit_id, outcome="moved")

    answer = cadre.post(
        f"/api/my-day/visits/{visit_id}/undo",
        json={"op_id": "undo-0123456789ab", "contact": recorded["contact"]},
    )

    assert answer.get_json() == {"recorded": None}
    assert [c.withdrawn for c in contacts(opened)] == [False, True]
    with opened.read() as session:
        assert session.get_one(Household, contacts(opened)[0].household_id).state == "active"


def test_another_cadres_visit_does_not_exist_for_me(
    cadre: FlaskClient, district: PlannedDistrict, opened: Database
) -> None:
    other = district.visits(opened, "C3")[0].id

    for path in ("result", "undo"):
        answer = cadre.post(
            f"/api/my-day/visits/{other}/{path}",
            json={"op_id": OP, "outcome": "visited"}
            if path == "result"
            else {"op_id": OP, "contact": 1},
        )
        assert answer.status_code == 404
    assert cadre.get(f"/api/my-day/visits/{other}/navigation").status_code == 404
    assert not contacts(opened)


def test_a_contact_of_another_visit_cannot_be_taken_back(
    cadre: FlaskClient, district: PlannedDistrict, opened: Database, sign_in: SignIn
) -> None:
    mine, theirs = (district.visits(opened, c)[0].id for c in ("C1", "C3"))
    kept = mark(sign_in("c3"), theirs)

    answer = cadre.post(
        f"/api/my-day/visits/{mine}/undo", json={"op_id": OP + "x", "contact": kept["contact"]}
    )

    assert answer.status_code == 404
    assert len(contacts(opened)) == 1


@pytest.mark.parametrize(
    "body",
    [
        {"op_id": OP, "outcome": "burnt down"},
        {"op_id": "short", "outcome": "visited"},
        {"op_id": OP, "outcome": "visited", "note": "x" * 301},
        {"op_id": OP, "outcome": "visited", "cadre_id": 2},
        {},
        [],
    ],
)
def test_a_malformed_result_is_refused(
    cadre: FlaskClient, visit_id: int, opened: Database, body: object
) -> None:
    answer = cadre.post(f"/api/my-day/visits/{visit_id}/result", json=body)

    assert answer.status_code == 422
    assert not contacts(opened)


def test_asking_for_the_whole_phone_number_is_on_record(
    cadre: FlaskClient, district: PlannedDistrict, visit_id: int, opened: Database
) -> None:
    shown = cadre.post(f"/api/my-day/visits/{visit_id}/phone").get_json()
    other = district.visits(opened, "C3")[0].id

    assert shown == {"phone": "13900000002"}
    assert cadre.post(f"/api/my-day/visits/{other}/phone").status_code == 404
    with opened.read() as session:
        kept = session.scalars(select(Audit).where(Audit.action == "phone.reveal")).one()
    assert kept.facts == {"planned_visit_id": visit_id}


def test_a_late_entry_keeps_the_day_that_was_planned(
    cadre: FlaskClient, district: PlannedDistrict, opened: Database
) -> None:
    later = next(x for x in district.visits(opened, "C1") if str(x.day) > "2027-03-01")

    mark(cadre, later.id)

    assert str(contacts(opened)[0].day) == "2027-03-01"  # went earlier than planned: today


def test_navigation_links_hold_the_shifted_place_and_no_name(
    cadre: FlaskClient, visit_id: int
) -> None:
    page = cadre.get("/my-day").text
    links = {
        link["app"]: link["href"]
        for link in cadre.get(f"/api/my-day/visits/{visit_id}/navigation").get_json()
    }

    assert set(links) == {"amap", "baidu", "tencent", "geo"}
    assert "amap.com" not in page
    assert links["geo"].startswith("geo:30.5")
    assert "to=117.02" in links["amap"]  # about 490 m east of 117.019
    assert "周0" not in str(links)


def test_the_way_of_the_day_starts_and_ends_at_the_base(cadre: FlaskClient) -> None:
    way = cadre.get("/api/my-day/route?day=2027-03-01").get_json()

    assert len(way["legs"]) == 5
    assert way["legs"][0][0] == way["legs"][-1][-1] == way["base"]
    assert cadre.get("/api/my-day/route?day=tomorrow").status_code == 404
