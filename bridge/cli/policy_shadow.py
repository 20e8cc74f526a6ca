"""`bridge policy shadow`: what the policies that only look on would have decided, beside what was decided."""

import asyncio
import json as json_format
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from bridge.cli.options import settings_of
from bridge.ledger.shadows import ClauseCount, ShadowSummary, VerdictCount, shadow_summary

_CLAUSES = 10


def shadow(
    ctx: typer.Context,
    days: Annotated[float, typer.Option("--days", min=0, help="How far back to look.")] = 7.0,
    json: Annotated[bool, typer.Option("--json", help="One object with every count.")] = False,
) -> None:
    """Count the shadow policies' decisions against those that were made, and the clauses that differ."""
    since = datetime.now(UTC) - timedelta(days=days)
    summary = asyncio.run(shadow_summary(settings_of(ctx).ledger.dsn, since))
    if json:
        print(json_format.dumps(asdict(summary), indent=1))
        return
    print("\n".join(lines(summary)) or f"No shadow policy decided anything in {days:g} days.")


def lines(summary: ShadowSummary) -> Iterator[str]:
    """A part for each shadow policy: its verdicts beside the live ones, then what made the difference."""
    for policy, version in dict.fromkeys((one.policy, one.version) for one in summary.verdicts):
        verdicts = [one for one in summary.verdicts if (one.policy, one.version) == (policy, version)]
        differing = [one for one in summary.clauses if (one.policy, one.version) == (policy, version)]
        yield from _of_policy(policy, version, verdicts, differing)


def _of_policy(
    policy: str, version: str, verdicts: list[VerdictCount], differing: list[ClauseCount]
) -> Iterator[str]:
    total = sum(one.decisions for one in verdicts)
    same = sum(one.decisions for one in verdicts if one.live == one.shadow)
    yield f"{policy} {version}: {total} decisions, {same} the same ({same / total:.0%})"
    for one in verdicts:
        if one.live != one.shadow:
            yield f"  {one.decisions:6}  decided {one.live}, the shadow says {one.shadow}"
    for clause in differing[:_CLAUSES]:
        side = "the shadow" if clause.side == "shadow" else "the policy in force"
        yield f"  {clause.decisions:6}  only {side} spoke of {clause.clause}"
