"""No hostile file reaches a parser, every harmless one does, and nothing brings us down."""

from pathlib import Path

import numpy as np
import pytest

from data.importing import sandbox
from data.importing.guard import inspect_upload
from data.importing.problems import ImportRefused
from data.importing.sandbox import Limits, run_import
from tests.hostile.corpus import Upload, a_workbook, harmless, hostile

HOSTILE, HARMLESS = hostile(), harmless()


def stored(upload: Upload, folder: Path) -> Path:
    path = folder / "upload"
    path.write_bytes(upload.content)
    return path


def named(upload: Upload) -> str:
    return f"{upload.name}-{upload.code}"


def test_the_corpus_is_large_enough_to_mean_something() -> None:
    assert len(HOSTILE) >= 60


@pytest.mark.parametrize("upload", HOSTILE, ids=named)
def test_a_hostile_file_is_refused_with_its_reason(upload: Upload, tmp_path: Path) -> None:
    with pytest.raises(ImportRefused) as caught:
        inspect_upload(stored(upload, tmp_path), upload.name, upload.kind)

    assert caught.value.problems[0].code == upload.code
    assert caught.value.problems[0].message


@pytest.mark.parametrize("upload", HARMLESS, ids=named)
def test_a_harmless_file_passes(upload: Upload, tmp_path: Path) -> None:
    inspect_upload(stored(upload, tmp_path), upload.name, upload.kind)


def test_a_file_of_200_mb_is_refused_by_its_size_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    with path.open("wb") as stream:
        stream.truncate(200 << 20)

    with pytest.raises(ImportRefused, match="has 200 MB; at most 50 MB"):
        inspect_upload(path, "大.xlsx", "register")


def test_damage_of_any_kind_is_refused_or_passed_on_but_never_raised(tmp_path: Path) -> None:
    rng = np.random.default_rng(11)
    for number in range(300):
        upload = HARMLESS[number % len(HARMLESS)]
        damaged = bytearray(upload.content[: 200_000 if number % 3 else len(upload.content) // 2])
        for at in rng.integers(0, len(damaged), 8):
            damaged[at] = rng.integers(0, 256)
        path = tmp_path / str(number)
        path.write_bytes(damaged)
        try:
            inspect_upload(path, upload.name, upload.kind)
        except ImportRefused as refused:
            assert refused.problems


def test_a_cell_at_the_end_of_the_sheet_does_not_bring_the_reader_down(tmp_path: Path) -> None:
    upload = next(u for u in HOSTILE if u.code == "workbook-too-large")

    parsed = run_import("register", stored(upload, tmp_path), file=upload.name)

    assert [p.code for p in parsed.problems] == ["workbook-too-large"]
    assert parsed.problems[0].value == "XFD1048576"


def test_a_virtual_data_set_that_passes_the_guard_still_meets_no_driver(tmp_path: Path) -> None:
    secret = tmp_path / "other.csv"
    secret.write_text("code,name\n340811001001,fremd\n")
    virtual = (
        f'{{"type": "FeatureCollection", "features": [], "x": "<OGRVRTDataSource><OGRVRTLayer '
        f"name='other'><SrcDataSource>{secret}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>\"}}"
    )
    path = tmp_path / "upload"
    path.write_text(virtual)

    parsed = run_import("boundaries", path, file="村界.geojson")

    assert parsed.has_errors
    assert not parsed.frames


@pytest.mark.parametrize("ending", ["geojson", "gpkg", "kml", "zip"])
def test_outlines_pass_through_the_process_and_come_back_whole(ending: str, tmp_path: Path) -> None:
    upload = next(u for u in HARMLESS if u.name == f"村界.{ending}")

    # The stored upload has no ending; readers get one.
    parsed = run_import("boundaries", stored(upload, tmp_path), file=upload.name)

    assert not parsed.has_errors
    assert parsed.frames["villages"]["name"].tolist() == ["肖坑社区"]
    assert parsed.frames["villages"]["geometry"].iloc[0].bounds[:2] == pytest.approx(
        (117, 30), abs=1
    )


@pytest.mark.parametrize(
    ("parser", "limits", "code"),
    [
        ("os:abort", Limits(), "import-crashed"),
        ("tests.hostile.parsers:asks_for_all_memory", Limits(), "import-crashed"),
        ("tests.hostile.parsers:never_ends", Limits(wall_s=3), "import-timeout"),
        ("tests.hostile.parsers:computes_for_ever", Limits(cpu_s=2), "import-timeout"),
        ("tests.hostile.parsers:fills_the_disk", Limits(written_mb=1), "import-crashed"),
        ("tests.hostile.parsers:dies", Limits(), "import-crashed"),
    ],
)
def test_however_a_parser_ends_it_ends_as_a_problem(
    parser: str, limits: Limits, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sandbox.PARSERS, "register", parser)
    path = tmp_path / "upload"
    path.write_bytes(a_workbook())

    parsed = run_import("register", path, file="册.xlsx", limits=limits)

    assert [p.code for p in parsed.problems] == [code]


def test_what_broke_is_told_without_quoting_a_resident(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sandbox.PARSERS, "register", "tests.hostile.parsers:quotes_a_resident")
    path = tmp_path / "upload"
    path.write_bytes(a_workbook())

    (problem,) = run_import("register", path, file="册.xlsx").problems

    assert "王小明" not in problem.message
    assert "ValueError at parsers.py" in problem.message


def test_the_process_knows_nothing_of_the_servers_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZOUFANG_SECRET_KEY", "nicht-zu-sehen")
    monkeypatch.setitem(sandbox.PARSERS, "register", "tests.hostile.parsers:tells_environment")
    path = tmp_path / "upload"
    path.write_bytes(a_workbook())

    notes = run_import("register", path, file="册.xlsx").notes

    assert "nicht-zu-sehen" not in str(notes["environment"])
    assert "PYTHONPATH" in str(notes["environment"])


def test_a_kind_without_parser_is_a_programming_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="No parser for 'photo'"):
        run_import("photo", tmp_path / "x")


def test_damaged_outlines_that_pass_the_guard_are_read_or_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(5)
    outlines = [u for u in HARMLESS if u.kind == "boundaries"]
    folder = tmp_path / "damaged"
    folder.mkdir()
    for number in range(240):
        upload = outlines[number % len(outlines)]
        damaged = bytearray(upload.content)
        for at in rng.integers(0, len(damaged), 1 + number % 4):
            damaged[at] = rng.integers(0, 256)
        (folder / f"{number}{Path(upload.name).suffix.lower()}").write_bytes(damaged)
    monkeypatch.setitem(sandbox.PARSERS, "boundaries", "tests.hostile.parsers:reads_every_outline")
    first = tmp_path / "upload"
    first.write_bytes(outlines[0].content)

    parsed = run_import("boundaries", first, {"folder": str(folder)}, file=outlines[0].name)

    assert parsed.notes["broken"] == ""
    assert int(parsed.notes["read"]) > 20
