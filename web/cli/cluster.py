"""``--cluster ADDRESS``: let a Dask cluster search."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from scheduler.crew import Crew

Command = TypeVar("Command", bound=Callable[..., Any])

SEARCHING = ("portfolio", "search")
"""Engines that have a search to share."""


def cluster_options(command: Command) -> Command:
    """Add the options that name a cluster."""
    command = click.option(
        "--cluster-tls",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        metavar="FOLDER",
        help="Holds ca.pem, cert.pem and key.pem for a tls:// cluster.",
    )(command)
    return click.option(
        "--cluster",
        metavar="ADDRESS",
        help="Search on a Dask cluster: tcp://127.0.0.1:8786 or tls://HOST:8786.",
    )(command)


@contextmanager
def crew_of(
    address: str | None, tls: Path | None, *, workers: int, engine: str
) -> "Iterator[Crew | None]":
    """Connect to a cluster while a plan is made; none without an address."""
    if address is None:
        if tls is not None:
            raise click.UsageError("--cluster-tls goes with --cluster.")
        yield None
        return
    if engine not in SEARCHING:
        raise click.UsageError(f"--cluster works with --engine {' or '.join(SEARCHING)}.")
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # said in one line instead
    from scheduler.crew import Threads
    from web.jobs.cluster.address import ClusterUnusable
    from web.jobs.cluster.crew import Cluster

    try:
        cluster = Cluster(
            address,
            here=Threads(workers),
            tls=tls,
            tell=lambda words: click.echo(words, err=True),
        )
    except ClusterUnusable as error:
        raise click.ClickException(str(error)) from error
    with cluster:
        yield cluster
