"""`bridge policy diff`: past calls that a new version of a policy decides otherwise, and by which clause."""

import json as json_format
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from bridge.cli.backtest_calls import Destinations, Feed, Files, denominator_given, log_given, plan_given
from bridge.cli.backtest_text import lines
from bridge.errors import SettingsError
from bridge.planning.comparing import Change, Comparison, How, compared
from bridge.planning.table import Table

_SOME = 5


def diff(
    ctx: typer.Context,
    old: Annotated[Path, typer.Argument(help="The policy as it is.")],
    new: Annotated[Path, typer.Argument(help="The policy as it is to be.")],
    files: Files,
    feed: Feed,
    destinations: Destinations = None,
    denominator: Annotated[
        list[str] | None, typer.Option("--denominator", help="Count only calls with WHAT=CODE,CODE.")
    ] = None,
    apart: Annotated[
        list[str] | None, typer.Option("--apart", help="Leave calls aside, as 'NAME: WHAT=CODE,CODE'.")
    ] = None,
    assume_answered: Annotated[
        bool,
        typer.Option("--assume-answered", help="As if every unanswered question had been answered with no."),
    ] = False,
    rows: Annotated[int, typer.Option("--rows", min=1, help="Rows of each table on the screen.")] = 30,
    json: Annotated[
        bool, typer.Option("--json", help="Print every change, with the incidents' ids.")
    ] = False,
) -> None:
    """Put past calls to two versions of a policy: what is decided otherwise, and which clause changed it."""
    for path in (old, new):
        if path.is_dir():
            raise SettingsError(f"{path}: folders are no policy; name the file of one version")
    before, after = plan_given(ctx, [old], destinations), plan_given(ctx, [new], destinations)
    log = log_given(feed, files, after)
    wanted = denominator_given(denominator or (), apart or ())
    found = compared(log, before, after, wanted, assume_answered=assume_answered)
    if json:
        print(_as_json(found))
        return
    print(f"{len(found.changes):,} of {found.counted:,} calls would be decided otherwise")
    for why, calls in sorted(found.aside.items()):
        print(f"left aside: {calls:,} {why}")
    print()
    for table in (_verdicts(found.changes), _causes(found.changes)) if found.changes else ():
        print("\n".join(lines(table, rows)))


def _verdicts(changes: Sequence[Change]) -> Table:
    counts = Counter((change.old, change.new) for change in changes)
    rows = tuple((old, new, calls) for (old, new), calls in counts.most_common())
    says = "From verdict to verdict; with the route, where it alone is different."
    return Table("changes", "What changes", says, ("was", "will be", "calls"), rows)


def _causes(changes: Sequence[Change]) -> Table:
    by_cause = _by_cause(changes)
    rows = tuple(
        (" + ".join(cause), how, old, new, len(ids), " ".join(ids[:_SOME]) + (" ..." if ids[_SOME:] else ""))
        for (cause, how, old, new), ids in by_cause
    )
    says = (
        "Found by putting back one part of the policy after the other. Alone: that part made the change. "
        "Each needed: without any one of them there is none. Any is enough: each makes it by itself. "
        "Together: no one part could be named."
    )
    columns = ("clause", "how", "was", "will be", "calls", "incidents")
    return Table("causes", "What changed it", says, columns, rows)


_Group = tuple[tuple[str, ...], How, str, str]


def _by_cause(changes: Sequence[Change]) -> Sequence[tuple[_Group, list[str]]]:
    """Incidents by cause and verdicts, most first."""
    groups: dict[_Group, list[str]] = {}
    for change in changes:
        groups.setdefault((change.cause, change.how, change.old, change.new), []).append(change.incident)
    return sorted(groups.items(), key=lambda group: -len(group[1]))


def _as_json(found: Comparison) -> str:
    groups = [
        {"clauses": cause, "how": how, "was": old, "will_be": new, "calls": len(ids), "incidents": ids}
        for (cause, how, old, new), ids in _by_cause(found.changes)
    ]
    told = {
        "counted": found.counted,
        "aside": dict(found.aside),
        "changed": len(found.changes),
        "groups": groups,
    }
    return json_format.dumps(told, ensure_ascii=False, indent=1)
