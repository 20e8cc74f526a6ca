"""`bridge policy backtest`: what a policy would have done with past calls, before anybody switches it on.

What is printed holds counts only. What callers said goes to one file, if somebody names it.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from bridge.cli.backtest_calls import Destinations, Feed, Files, denominator_given, log_given, plan_given
from bridge.cli.backtest_files import as_json, write_csv, write_page, write_sample
from bridge.cli.backtest_page import page
from bridge.cli.backtest_text import lines
from bridge.domain.decision import Verdict
from bridge.errors import SettingsError
from bridge.planning.backtest import Backtest, tried
from bridge.planning.costs import costs
from bridge.planning.plan import GOING
from bridge.planning.sample import drawn
from bridge.planning.tables import tables


def backtest(
    ctx: typer.Context,
    files: Files,
    policies: Annotated[list[Path], typer.Option("--policy", help="A policy's file, or a folder of them.")],
    feed: Feed,
    destinations: Destinations = None,
    denominator: Annotated[
        list[str] | None,
        typer.Option(
            "--denominator",
            help="Count only calls with WHAT=CODE,CODE; WHAT is type, priority, channel, district, "
            "disposition, note or a coded field, and a code may end with *.",
        ),
    ] = None,
    apart: Annotated[
        list[str] | None, typer.Option("--apart", help="Leave calls aside, as 'NAME: WHAT=CODE,CODE'.")
    ] = None,
    assume_answered: Annotated[
        bool,
        typer.Option(
            "--assume-answered", help="Count as if every unanswered question had been answered with no."
        ),
    ] = False,
    minutes: Annotated[
        float | None,
        typer.Option(
            "--minutes-per-call", min=0, help="How long a destination has a call, else its waits.held."
        ),
    ] = None,
    rows: Annotated[int, typer.Option("--rows", min=1, help="Rows of each table on the screen.")] = 15,
    csv: Annotated[Path | None, typer.Option("--csv", help="Write a CSV for each table here.")] = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write one page with charts.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print all tables as JSON.")] = False,
    sample: Annotated[int, typer.Option("--sample", min=1, help="How many calls to draw.")] = 20,
    sample_of: Annotated[
        str, typer.Option("--sample-of", help="Draw from: all, going, or a verdict.")
    ] = "all",
    sample_file: Annotated[
        Path | None, typer.Option("--sample-file", help="Write the drawn calls here, with what was said.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="The same seed draws the same calls.")] = 1,
) -> None:
    """Put past calls to a policy: what would go, where and when, what rules out, and what limits cost."""
    wanted = denominator_given(denominator or (), apart or ())
    verdicts = _verdicts(sample_of)
    plan = plan_given(ctx, policies, destinations)
    log = log_given(feed, files, plan)
    result = tried(log, plan, wanted, assume_answered=assume_answered, minutes_per_call=minutes)
    every = [*tables(result), *costs(result)]
    if csv is not None:
        write_csv(every, csv)
    if html is not None:
        write_page(page(result, every), html)
    if sample_file is not None:
        chosen = drawn(result.trials, sample, seed, verdicts)
        write_sample(
            sample_file, chosen, plan, f"{len(chosen)} calls, drawn from {sample_of} with seed {seed}"
        )
    if json:
        print(as_json(every))
        return
    for table in every:
        print("\n".join(lines(table, rows)))
    if _hint(result):
        print(_hint(result), file=sys.stderr)


def _verdicts(name: str) -> frozenset[Verdict]:
    """The verdicts that a sample is drawn from."""
    if name in ("all", "going"):
        return frozenset(Verdict) if name == "all" else GOING
    if name not in set(Verdict):
        raise SettingsError(f"--sample-of: {name!r} is no verdict; use all, going or {', '.join(Verdict)}")
    return frozenset({Verdict(name)})


def _hint(result: Backtest) -> str:
    """What to do where the log's silence decides everything."""
    unlike = sum(trial.recorded is not trial.supposed for trial in result.trials)
    if result.assume_answered or not unlike:
        return ""
    return (
        f"note: {unlike:,} calls would be decided otherwise if their unanswered questions had been answered "
        "with no; --assume-answered counts everything so"
    )
