"""`bridge feed`: tables of CAD systems that do not speak Kafka, checked and sent on.

A check prints counts, columns, reasons and call types, and no other cell of the table.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

import typer

from bridge.cli import feeding
from bridge.domain.cad import EventKind
from bridge.feeds import mapping
from bridge.feeds.batch import rows_of
from bridge.feeds.check import Checked, Types, check
from bridge.feeds.refusal import Refusal

app = typer.Typer(
    help="Check how a table reads as CAD events, and send it on.", no_args_is_help=True, add_completion=False
)
app.command(name="run")(feeding.run)

_NAMED = 20


@app.command(name="check")
def check_tables(
    by: Annotated[Path, typer.Argument(metavar="MAPPING", help="The mapping file.")],
    tables: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...", help="Snapshots of one table in their order: CSV, JSON, JSON lines, also .gz."
        ),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, for a program.")] = False,
) -> None:
    """Say what a mapping makes of a table: events, refused rows, unread cells, types.

    Ends with 1 when nothing could be made of a row, with 2 when mapping or table cannot be used at all.
    """
    how = mapping.read(by)
    checked = check({str(path): rows_of(path, how) for path in tables}, how)
    print(json.dumps(_object(checked), indent=1) if as_json else "\n".join(report(checked)))
    raise typer.Exit(1 if checked.refused else 0)


def _object(checked: Checked) -> dict[str, object]:
    types = checked.types
    return {
        "rows": checked.rows,
        "repeated": checked.repeated,
        "refused": dict(checked.refused),
        "refused_rows": [
            {"file": table, "row": number, "reason": reason} for reason, table, number in checked.places
        ],
        "events": dict(checked.events),
        "incidents": checked.incidents,
        "unnumbered": checked.unnumbered,
        "practice": checked.practice,
        "first_at": checked.first_at and checked.first_at.isoformat(),
        "last_at": checked.last_at and checked.last_at.isoformat(),
        "unread": dict(checked.unread),
        "silent": list(checked.silent),
        "types": dict(types.counts.most_common()),
        "incidents_without_type": types.missing,
        "rows_without_type": types.missing_rows,
        "incidents_with_determinant": types.determinants,
    }


def report(checked: Checked) -> Iterator[str]:
    """For people: rows, what came of them, what could not be read, types."""
    yield _line("rows read", checked.rows)
    yield _line("  repeated", checked.repeated)
    yield _line("  refused", checked.refused.total(), _each(checked.refused))
    yield from (f"    {table}: row {number}: {reason}" for reason, table, number in checked.places)
    yield _line("events made", checked.events.total(), _each(checked.events))
    made = f"without a number {checked.unnumbered:,}, practice {checked.practice:,}"
    yield _line("incidents", checked.incidents, made)
    if checked.first_at and checked.last_at:
        yield f"  from {checked.first_at.isoformat()} to {checked.last_at.isoformat()}"
    yield _line("cells not read", checked.unread.total())
    yield from (_line(f"  in {column!r}", count) for column, count in checked.unread.most_common())
    yield from (f"  {column!r} is empty in every row" for column in checked.silent)
    yield from _types(checked.types, checked.incidents)


def _types(types: Types, incidents: int) -> Iterator[str]:
    yield _line("call types", len(types.counts))
    yield _line("  none", types.missing, f"{_share(types.missing, incidents)} of incidents")
    yield _line("  none in row", types.missing_rows)
    yield _line("  determinants", types.determinants, f"{_share(types.determinants, incidents)} of incidents")
    for code, count in types.counts.most_common(_NAMED):
        yield f"  {count:>12,} {_share(count, incidents):>6}  {code}"
    if len(types.counts) > _NAMED:
        yield f"  and {len(types.counts) - _NAMED:,} more; --json names all"


def _line(name: str, count: int, more: str = "") -> str:
    return f"{name:<15}{count:>10,}  {more}".rstrip()


def _each(counts: Mapping[Refusal, int] | Mapping[EventKind, int]) -> str:
    """What a total is made of."""
    return ", ".join(f"{name} {count:,}" for name, count in sorted(counts.items()))


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%" if whole else "-"
