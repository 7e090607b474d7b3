"""
The command line: ``zoufang COMMAND``.

Commands about files (``solve``, ``check``, ``bound``, ``explain``, ``tradeoffs``) need no
database; all others work on the district of one instance folder. Each module holds one group of
commands; heavy imports happen inside the commands, so that ``zoufang --help`` answers at once.
"""

import click

from web.cli.bounding import bound
from web.cli.classical import solve_pvrp, solve_vrp
from web.cli.demo import demo
from web.cli.explaining import explain
from web.cli.exporting import export
from web.cli.files import check, solve
from web.cli.importing import import_
from web.cli.planning import plan
from web.cli.sample import sample
from web.cli.server import init, serve, worker
from web.cli.tradeoffs import tradeoffs
from web.cli.users import users

HELP = {"help_option_names": ["-h", "--help"]}


@click.group(context_settings=HELP)
@click.version_option(package_name="zoufang")
def main() -> None:
    """Plan household visits: spread out, never too frequent, explained (走访)."""


for command in (
    demo,
    init,
    import_,
    sample,
    plan,
    export,
    serve,
    worker,
    users,
    solve,
    check,
    bound,
    explain,
    tradeoffs,
    solve_pvrp,
    solve_vrp,
):
    main.add_command(command)
