"""
Write the documents that are made from the code: ``python scripts/make_docs.py``.

``tests/test_docs.py`` fails when one of them is not current, and names this command.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import click
from sqlalchemy import Column, Table

ROOT = Path(__file__).resolve().parent.parent
NOTE = "<!-- Made by `python scripts/make_docs.py`; edit the code instead. -->\n"
COMMON = {
    "active": "false: kept for the record, no longer used",
    "at": "instant of the event",
    "batch_id": "the import that last wrote the row, so that it can be undone",
    "created_at": "instant the row was made",
    "ended_at": "instant it ended; empty: still open",
    "first_day": "first day, included",
    "id": "key of the row, never shown to people",
    "last_day": "last day, included",
    "lat": "latitude, WGS 84 degrees",
    "name": "name",
    "seed": "seed of the random numbers",
    "version": "raised by each edit; a form that carries an older one is answered 409",
}
"""Meaning of columns that mean the same in every table, where a table says nothing else."""

OWN = {
    "audit.before_hash": "hash of the row before, which chains the record",
    "audit.entity": "kind of thing that was changed",
    "audit.entity_id": "which one",
    "audit.row_hash": "hash of this row",
    "cadre.base_lat": "latitude of the base, WGS 84 degrees",
    "cadre.max_visits_per_day": "visits on one day at most",
    "cadre_absence.reason": "why, in the office's words",
    "calendar_day.day": "the day",
    "contact.minutes": "how long it took",
    "contact.party_size": "how many came",
    "contact.recorded_at": "instant it was written down",
    "household.not_after": "last day on which a visit may be",
    "import_batch.file_name": "name of the file as it was given",
    "import_batch.sha256": "hash of the file's bytes",
    "import_batch.undone_at": "instant the batch was taken back; empty: it stands",
    "import_change.table_name": "table of the changed row",
    "job.args": "what to do: ids and numbers only",
    "job.attempt": "how often it was started",
    "job.cancel_requested": "somebody asked to stop and keep the best plan",
    "job.deadline": "instant after which it is ended",
    "job.input_hash": "hash of the problem that is solved",
    "job.lease_until": "until when the owner is believed to be alive",
    "job.started_at": "instant of the first start",
    "job_event.data": "what the page shows of it",
    "job_event.final": "no event follows",
    "job_event.seq": "number of the event within its job, from 1",
    "login.seen_at": "instant of its last request",
    "login_failure.address": "network address it came from",
    "pairing.note": "what was agreed",
    "pairing.since": "first day of the pairing",
    "plan.published_on": "day of publication; empty: a draft",
    "plan.seconds": "wall-clock seconds of the solve",
    "plan.visit_count": "visits in the plan",
    "planned_visit.day": "day of the visit",
    "planned_visit.end_min": "end, minutes after midnight",
    "region.max_lat": "bounding box, WGS 84 degrees",
    "region.max_lon": "bounding box, WGS 84 degrees",
    "region.min_lat": "bounding box, WGS 84 degrees",
    "road_graph.current": "the graph that plans use",
    "road_graph.edge_count": "edges of the graph",
    "travel_cache.cache_key": "hash of everything the minutes depend on",
    "unplanned_visit.missing": "visits due that the plan lacks",
    "user.display_name": "name as shown to colleagues",
}
"""Meaning of single columns whose table says nothing."""


def data_dictionary() -> str:
    """Every table and column: type, whether it may be empty, meaning."""
    from data.tables import Base

    lines = [
        NOTE,
        "# Data dictionary",
        "",
        "Every table and column, from the comments in `data/tables`. Instants are UTC; dates are",
        "days in Asia/Shanghai; coordinates are WGS 84 degrees, longitude first.",
    ]
    for table in sorted(Base.metadata.tables.values(), key=lambda t: t.name):
        lines += ["", f"## {table.name}", "", _cell(table.comment or ""), ""]
        lines += ["| column | type | empty? | meaning |", "|---|---|---|---|"]
        lines += [_row(table, column) for column in table.columns]
    return "\n".join(lines) + "\n"


def _row(table: Table, column: Column[object]) -> str:
    words = column.comment or OWN.get(f"{table.name}.{column.name}") or COMMON.get(column.name, "")
    points = [key.target_fullname for key in column.foreign_keys]
    if points:
        words = "; ".join(filter(None, [words, f"→ `{points[0]}`"]))
    kind = str(column.type).lower()
    empty = "yes" if column.nullable else ""
    return f"| `{column.name}` | {kind} | {empty} | {_cell(words)} |"


def _cell(words: str) -> str:
    return " ".join(words.replace("|", "\\|").split())


def commands() -> str:
    """Every command of the command line with its help text."""
    from web.cli import main

    lines = [
        NOTE,
        "# The command line",
        "",
        "In a checkout: `python3 run.py zoufang COMMAND …`; elsewhere `zoufang COMMAND …`.",
    ]
    context = click.Context(
        main,
        info_name="zoufang",
        terminal_width=96,
        max_content_width=96,
        **main.context_settings,  # as when they are run; commands remember their first parent's
    )
    for name in sorted(main.commands):
        lines += _help_of(main.commands[name], context, name)
    return "\n".join(lines) + "\n"


def _help_of(command: click.Command, parent: click.Context, name: str) -> list[str]:
    context = click.Context(
        command, info_name=name, parent=parent, terminal_width=96, max_content_width=96
    )
    depth = "#" * len(context.command_path.split())
    lines = ["", f"{depth} {context.command_path}", "", "```text", context.get_help(), "```"]
    if isinstance(command, click.Group):
        for inner in sorted(command.commands):
            lines += _help_of(command.commands[inner], context, inner)
    return lines


DOCUMENTS: dict[str, Callable[[], str]] = {
    "docs/data-dictionary.md": data_dictionary,
    "docs/commands.md": commands,
}


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    for path, make in DOCUMENTS.items():
        (ROOT / path).write_text(make(), encoding="utf-8")
        print(path)
