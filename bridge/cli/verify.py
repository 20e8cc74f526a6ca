"""`bridge verify`: do the eight invariants hold, in the ledger and in Kafka, on every row and record?

May run beside the workers at any time: it only reads, and what is under way breaks nothing. Names rows by
their ids; an incident's number is one of those.
"""

import asyncio
import json
from collections.abc import Iterator
from typing import Annotated

import typer

from bridge.app.parts import key_ring
from bridge.cli.kafka_log import kafka_log
from bridge.cli.options import destinations_of, settings_of
from bridge.ledger.report import INVARIANTS, Report
from bridge.ledger.verify import verify as verify_ledger
from bridge.settings import Settings

app = typer.Typer(help="Check the eight invariants on every row and record.", add_completion=False)

_NAMED = 20


@app.command()
def verify(
    ctx: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, for a program.")] = False,
) -> None:
    """Check the eight invariants on every row and record. Ends with 1 when one is broken."""
    report = asyncio.run(verified(settings_of(ctx)))
    print(json_of(report) if as_json else "\n".join(lines_of(report)))
    raise typer.Exit(1 if report.broken else 0)


async def verified(settings: Settings) -> Report:
    """The report on this installation. LedgerLostError or EngineError when a server does not answer."""
    topics = settings.kafka.topics
    sent_to = {topics.returns, topics.status, topics.quarantine}
    sent_to |= {
        destination.address
        for destination in destinations_of(settings).values()
        if destination.channel == "kafka"
    }
    async with kafka_log(settings.kafka) as log:
        return await verify_ledger(
            settings.ledger.dsn, key_ring(settings), log, cad_topic=topics.cad_events, sent_to=sent_to
        )


def lines_of(report: Report) -> Iterator[str]:
    """A line for each invariant, under it the rows that break it, then what was looked at."""
    for number, law in INVARIANTS.items():
        broken = report.found[number]
        yield f"{number} {f'BROKEN {broken.rows}' if broken.rows else 'ok'}  {law}"
        yield from (f"    {row}" for row in broken.named[:_NAMED])
        if broken.rows > _NAMED:
            yield f"    and {broken.rows - _NAMED} more; --json names a thousand"
    yield ", ".join(f"{name} {count}" for name, count in report.counts.items())


def json_of(report: Report) -> str:
    """The same as one object: `broken` by invariant with `rows` and `named`, and `counts`."""
    broken = {
        number: {"rows": broken.rows, "named": broken.named}
        for number, broken in report.found.items()
        if broken.rows
    }
    return json.dumps({"ok": not broken, "broken": broken, "counts": report.counts})
