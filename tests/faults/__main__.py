"""`python -m tests.faults --all`: every fault on real Kafka and PostgreSQL, one line each, and what it cost.

Takes about ten minutes. Ends with 1 when an event or an offer was lost, or anything else was wrong.
"""

import argparse
import asyncio
import json
import logging
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict
from pathlib import Path

from bridge.sandbox.world import passing_world
from tests.faults import deaths, servers, takeover
from tests.faults.ground import CHECKOUT, Ground, new_ground
from tests.faults.lanes import running
from tests.faults.reckoning import Outcome

GROUPS = ("points", "defects", "storm", "servers", "commits", "backlog", "takeover")


async def _points(ground: Ground) -> AsyncIterator[Outcome]:
    async with running(ground, "a") as (lane,):
        for point in deaths.KILL_POINTS:
            yield await deaths.killed_at(lane, point)
        yield await deaths.killed_while_a_hotline_answers(lane)


async def _defects(ground: Ground) -> AsyncIterator[Outcome]:
    async with running(ground, "a") as (lane,):
        for point, fault in deaths.DEFECTS:
            yield await deaths.falls_at(lane, point, fault)


async def _storm(ground: Ground) -> AsyncIterator[Outcome]:
    yield await deaths.killed_every_second(ground, seconds=60)


async def _servers(ground: Ground) -> AsyncIterator[Outcome]:
    async with running(ground, "a") as (lane,):
        for blow in servers.Blow:
            yield await servers.server_falls(lane, blow, seconds=20)


async def _commits(ground: Ground) -> AsyncIterator[Outcome]:
    yield await servers.commits_unheard(ground)


async def _backlog(ground: Ground) -> AsyncIterator[Outcome]:
    yield await deaths.killed_in_a_backlog(ground, events=20_000)


async def _takeover(ground: Ground) -> AsyncIterator[Outcome]:
    for measured, bound in (
        (takeover.lane_dies, takeover.LANE_BOUND_S),
        (takeover.worker_dies, takeover.WORKER_BOUND_S),
    ):
        outcome, costs = await measured(ground)
        outcome.takeover += f", bound {bound * 1000:.0f} ms"
        if any(max(kill.around.decided) > bound for kill in costs):
            outcome.wrong.append("slower than the bound: " + "; ".join(map(str, costs)))
        yield outcome


_RUN = {
    "points": _points,
    "defects": _defects,
    "storm": _storm,
    "servers": _servers,
    "commits": _commits,
    "backlog": _backlog,
    "takeover": _takeover,
}


def _line(outcome: Outcome) -> str:
    return (
        f"{outcome.cell:44} {outcome.seconds:6.1f} {outcome.events:6} {outcome.decided:6} "
        f"{outcome.offers_read:6} {outcome.sent_twice:5} {outcome.lost:4}  "
        f"{'clean' if outcome.verify == 'clean' else 'BROKEN':6}  {outcome.takeover}"
    )


HEAD = (
    f"{'cell':44} {'secs':>6} {'events':>6} {'decid.':>6} {'offers':>6} {'twice':>5} {'lost':>4}  "
    f"{'verify':6}  measured"
)


async def _run(ground: Ground, group: str, *, as_json: bool) -> list[Outcome]:
    outcomes = []
    async for outcome in _RUN[group](ground):
        outcomes.append(outcome)
        print(json.dumps(asdict(outcome)) if as_json else _line(outcome), flush=True)
        if not as_json:
            for wrong in outcome.wrong[:5]:
                print(f"    WRONG {wrong}", flush=True)
    return outcomes


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the groups asked for; answer the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--all", action="store_true", help="every group")
    parser.add_argument("--only", action="append", choices=GROUPS, default=[], help="one group; repeatable")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    asked = parser.parse_args(arguments)
    groups = GROUPS if asked.all else tuple(asked.only)
    if not groups:
        parser.error("say --all, or --only with a group")
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # our own clients; that servers go is the point
    outcomes = []
    if not asked.json:
        print(HEAD, flush=True)
    with passing_world(CHECKOUT / ".bridge") as world, tempfile.TemporaryDirectory() as folder:
        for group in groups:
            ground = new_ground(world, Path(folder), partitions=4)
            try:
                outcomes += asyncio.run(_run(ground, group, as_json=asked.json))
            finally:
                ground.remove()
    broken = sum(not outcome.clean for outcome in outcomes)
    lost = sum(outcome.lost for outcome in outcomes)
    print(f"{len(outcomes)} cells, {broken} broken, {lost} lost", file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
