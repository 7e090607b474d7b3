"""The sample district: made up, connected, sized as promised, the same from the same seed."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import shapely
from sqlalchemy import func, select

from data.db import Database
from data.importing.roads import read_roads
from data.problems import assemble
from data.rules import CampaignRules
from data.synthesis.days import FIRST_DAY, LAST_DAY
from data.synthesis.district import SampleDistrict, draw_district
from data.synthesis.files import write_sample_files
from data.synthesis.frames import records
from data.synthesis.loading import NotEmpty, load_sample
from data.tables import Campaign, Household, Region
from geo.roads import RoadTravel
from scheduler.planner import solve

AT = datetime(2027, 2, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def district() -> SampleDistrict:
    return draw_district()


def test_it_has_55_cadres_whose_quotas_are_its_1000_households(district: SampleDistrict) -> None:
    cadres, sites = district.people.cadres, district.people.sites
    assert sorted(cadres["quota"].value_counts().to_dict().items()) == [(15, 48), (40, 7)]
    assert (sites["kind"] == "household").sum() == cadres["quota"].sum() == 1000
    assert (sites["kind"] == "enterprise").sum() == 24


def test_every_unit_answers_for_villages_that_hang_together(district: SampleDistrict) -> None:
    villages = district.places.villages
    assert len(villages) == 60
    for _, part in villages.groupby("unit"):
        joined = shapely.union_all(part["geometry"].to_numpy())
        assert joined.geom_type == "Polygon"


def test_every_household_lives_in_its_village(district: SampleDistrict) -> None:
    shape = dict(
        zip(district.places.villages["code"], district.places.villages["geometry"], strict=True)
    )
    outside = [
        site["number"]
        for site in records(district.people.sites)
        if shape[site["village"]].distance(shapely.Point(site["lon"], site["lat"])) > 0.0005
    ]
    assert outside == []


def test_roads_lead_from_every_base_to_every_door(district: SampleDistrict) -> None:
    doors = district.people.sites[["lon", "lat"]].to_numpy()
    bases = district.people.cadres[["base_lon", "base_lat"]].to_numpy()
    minutes = RoadTravel(district.roads).minutes(np.concatenate([bases, doors]))
    assert np.isfinite(minutes).all()


def test_nobody_in_it_can_be_taken_for_a_person(district: SampleDistrict) -> None:
    sites, cadres = district.people.sites, district.people.cadres
    assert sites["phone"].str.fullmatch(r"100\d{8}").all()
    assert sites["name"].str.fullmatch(r".某\d{4}|示例企业\d\d").all()
    assert cadres["name"].str.fullmatch(r".示\d\d").all()
    assert "id_number" not in sites.columns


def test_pairings_give_each_cadre_one_or_two_households_of_his_unit(
    district: SampleDistrict,
) -> None:
    counts = district.people.pairings["cadre"].value_counts()
    assert set(counts.index) == set(district.people.cadres["number"])
    # One cadre has a planted third that nobody can serve.
    assert sorted(set(counts)) in ([1, 2], [1, 2, 3])


def test_four_households_are_missing_in_any_plan_each_for_its_own_reason(
    sqlite_database: Database, district: SampleDistrict
) -> None:
    with sqlite_database.write() as session:
        load_sample(session, district, at=AT)
        campaign = Campaign(
            name="春",
            first_day=FIRST_DAY,
            last_day=LAST_DAY,
            rules=CampaignRules().stored(),
            created_at=AT,
        )
        session.add(campaign)
        session.flush()
        problem = assemble(session, campaign).problem

    missing = {entry.household: entry for entry in solve(problem, engine="greedy").plan.unplanned}

    sites = district.people.sites
    limited = sites.loc[sites["not_before"].notna(), "number"]
    assert len(limited) == 4
    assert set(limited) <= set(missing)
    assert len({missing[number].reasons[0].detail for number in limited}) == 4


def test_the_same_seed_gives_the_same_files_to_the_byte(
    district: SampleDistrict, tmp_path: Path
) -> None:
    once = write_sample_files(tmp_path / "once", district)
    again = write_sample_files(tmp_path / "again", draw_district())

    assert [_hash(path) for path in once] == [_hash(path) for path in again]


def test_another_seed_gives_another_district(district: SampleDistrict) -> None:
    other = draw_district(7)
    assert not other.people.sites["lon"].equals(district.people.sites["lon"])


def test_the_road_file_holds_the_roads(district: SampleDistrict, tmp_path: Path) -> None:
    files = write_sample_files(tmp_path, district)
    roads = next(path for path in files if path.name.endswith(".osm.pbf"))

    read = read_roads(roads, roads.name, {}).roads

    assert read is not None
    assert read.length_m.sum() == pytest.approx(district.roads.length_m.sum(), rel=1e-3)


def test_it_is_stored_whole_and_only_into_an_empty_registry(
    database: Database, district: SampleDistrict
) -> None:
    with database.write.begin() as session:
        load_sample(session, district, at=AT)

    with database.read() as session:
        assert session.scalar(select(func.count(Household.id))) == 1024
        shapes = select(Region.synthetic_shape).where(Region.geometry.is_not(None))
        assert set(session.scalars(shapes)) == {True}
    with pytest.raises(NotEmpty), database.write.begin() as session:
        load_sample(session, district, at=AT)


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
