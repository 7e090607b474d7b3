"""``zoufang sample``: the sample district as files, to try the import with."""

from pathlib import Path

import click


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--seed", type=click.IntRange(min=0), help="Another district than the usual one.")
def sample(folder: Path, seed: int | None) -> None:
    """
    Write the files of the sample district into FOLDER, in the order of an import.

    Everything in them is invented: boundaries, roads, people, visits.
    """
    from data.synthesis.district import DEFAULT_SEED, draw_district
    from data.synthesis.files import write_sample_files

    district = draw_district(DEFAULT_SEED if seed is None else seed)
    for path in write_sample_files(folder, district):
        click.echo(path)
