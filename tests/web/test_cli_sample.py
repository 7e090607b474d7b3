"""``zoufang sample`` writes what ``zoufang import`` reads."""

from pathlib import Path

from click.testing import CliRunner

from web.cli import main


def test_it_writes_the_files_in_the_order_of_an_import(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["sample", str(tmp_path / "files"), "--seed", "5"])

    assert result.exit_code == 0, result.output
    written = [Path(line) for line in result.output.splitlines()]
    assert [path.name[:2] for path in written] == [f"{n:02d}" for n in range(1, 11)]
    assert all(path.stat().st_size > 0 for path in written)
