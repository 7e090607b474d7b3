"""The sample is made up, says so, and comes out of its seed the same every time."""

import hashlib
import json
from pathlib import Path

import pandas as pd
import pytest

from data.synthesis.district import SampleDistrict, draw_district

SAMPLES = Path(__file__).resolve().parent.parent / "data" / "samples"


@pytest.fixture(scope="module")
def district() -> SampleDistrict:
    return draw_district()


def fingerprint(district: SampleDistrict) -> dict[str, str]:
    """Hash of each frame's text."""
    parts = (district.places, district.people, district.days)
    frames = {
        name: getattr(part, name)
        for part in parts
        for name in part.__dataclass_fields__
        if isinstance(getattr(part, name), pd.DataFrame)
    }
    assert len(frames) >= 7
    return {
        name: hashlib.sha256(frame.to_csv(index=False).encode()).hexdigest()
        for name, frame in frames.items()
    }


def test_the_same_seed_draws_the_same_district(district: SampleDistrict) -> None:
    assert fingerprint(draw_district()) == fingerprint(district)


def test_another_seed_draws_other_people(district: SampleDistrict) -> None:
    assert fingerprint(draw_district(7))["sites"] != fingerprint(district)["sites"]


def test_quotas_add_up_to_the_thousand_households_of_the_report(district: SampleDistrict) -> None:
    cadres, sites = district.people.cadres, district.people.sites

    assert sorted(cadres["quota"].value_counts().items()) == [(15, 48), (40, 7)]
    assert cadres["quota"].sum() == (sites["kind"] == "household").sum() == 1000


def test_nobody_in_the_sample_exists(district: SampleDistrict) -> None:
    households = district.people.sites.query("kind == 'household'")

    assert households["name"].str.match(r"^.某\d{4}$").all()
    # No Chinese mobile number begins with 100.
    assert households["phone"].str.match(r"^100\d{8}$").all()


def test_every_shape_says_that_it_is_invented() -> None:
    shapes = json.loads((SAMPLES / "yixiu" / "villages_sample.geojson").read_text("utf-8"))

    assert len(shapes["features"]) == 60
    assert all(each["properties"]["synthetic_shape"] is True for each in shapes["features"])


def test_samples_are_files_with_their_origin_beside_them_and_no_code() -> None:
    kinds = {path.suffix for path in SAMPLES.rglob("*") if path.is_file()}

    assert kinds <= {".csv", ".geojson", ".md"}
    assert all((folder / "README.md").is_file() for folder in SAMPLES.iterdir() if folder.is_dir())
