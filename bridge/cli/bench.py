"""`bridge bench loop`: how fast the whole loop is, beside a hand-written one and beside plain Faust.
`bridge bench screen`: what one screening costs. `bridge bench sweep`: how late waits end when many are due.

The measures and the peers live in the checkout's `tests/bench`, which no package carries; this verb finds
them, starts a Kafka and a PostgreSQL of their own, and prints what was found.
"""

import asyncio
import importlib.util
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bridge.cli.sandbox import default_home
from bridge.errors import BridgeError, SandboxError

if TYPE_CHECKING:
    from tests.bench.ground import Servers

_CHECKOUT = Path(__file__).resolve().parents[2]

app = typer.Typer(help="Measure the bridge on this machine.", no_args_is_help=True)


class BenchError(BridgeError):
    """Nothing can be measured here, or what was measured lost offers."""


@app.callback()
def bench() -> None:
    """Measure the bridge on this machine."""


@app.command()
def loop(
    ctx: typer.Context,
    events: Annotated[int, typer.Option(min=500, help="Events of the backlog that is drained.")] = 40_000,
    seconds: Annotated[float, typer.Option(min=1, help="How long each rate is held.")] = 10.0,
    rounds: Annotated[int, typer.Option(min=1, help="How often everything is measured.")] = 3,
    quick: Annotated[bool, typer.Option("--quick", help="One short round; says little about speed.")] = False,
    here: Annotated[bool, typer.Option("--here", help="On the servers of the settings.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One object with every run.")] = False,
) -> None:
    """Drain a backlog and offer at 50/s and 500/s: bridge, hand-written aiokafka loop, plain Faust.

    Ends with 1 if an offer was lost. Whether the goals were met is told, and does not change the ending.
    """
    _find_measures()
    from tests.bench.loop import Plan, measure

    plan = Plan(events, seconds, rounds)
    if quick:
        plan = Plan(events=2_000, seconds=3.0, rounds=1)
    with _servers(ctx.find_root().obj, here=here) as servers:
        findings = asyncio.run(measure(servers, plan, _say))
    if as_json:
        print(json.dumps(findings.as_json(), indent=1))
    else:
        print("\n".join(findings.lines()))
    if findings.lost:
        raise BenchError(f"{findings.lost} offers were lost; see the runs with --json")


@app.command()
def screen(
    rounds: Annotated[int, typer.Option(min=1, help="How often each policy is measured.")] = 5,
    incidents: Annotated[int, typer.Option(min=100, help="Calls in a round.")] = 1000,
    as_json: Annotated[bool, typer.Option("--json", help="One object with every policy.")] = False,
) -> None:
    """Time the screening of one event by each shipped policy, the reading of its narrative included.

    The budget is 150 us for the median. Whether it was met is told, and does not change the ending.
    """
    _find_measures()
    from tests.bench.screening import LIMIT_US, costs

    found = [asdict(cost) for cost in costs(rounds, incidents)]
    if as_json:
        print(json.dumps({"limit_us": LIMIT_US, "policies": found}, indent=1))
        return
    for cost in found:
        met = "met" if cost["p50"] <= LIMIT_US else "MISSED"
        print(
            f"{cost['policy']:32} {cost['clauses']:3} clauses  p50 {cost['p50']:6.0f} us"
            f"  p99 {cost['p99']:6.0f} us  budget {LIMIT_US:.0f} us {met}"
        )


@app.command()
def sweep(
    ctx: typer.Context,
    waiting: Annotated[int, typer.Option(min=1, help="Transfers that wait.")] = 20_000,
    due: Annotated[int, typer.Option(min=1, help="How many of them are due together.")] = 2_000,
    workers: Annotated[int, typer.Option(min=1, max=8, help="Lanes, each one worker.")] = 2,
    rounds: Annotated[int, typer.Option(min=1, help="How often it is measured.")] = 3,
    here: Annotated[bool, typer.Option("--here", help="On the servers of the settings.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One object with every round.")] = False,
) -> None:
    """Let many waits be over together: how late after its deadline each is handled, once each.

    They are over at one instant, and evenly over a second.

    Ends with 1 if one was handled twice or not at all. Whether the goal was met is told, and does not change
    the ending.
    """
    _find_measures()
    from tests.bench.sweep import SweepPlan, measure_sweep

    plan = SweepPlan(waiting, due, workers=workers, rounds=rounds)
    with _servers(ctx.find_root().obj, here=here) as servers:
        swept = asyncio.run(measure_sweep(servers, plan, _say))
    print(json.dumps(swept.as_json(), indent=1) if as_json else "\n".join(swept.lines()))
    if swept.faults:
        raise BenchError(f"{swept.faults} waits did not end just once; see the rounds with --json")


@app.command()
def desk(
    ctx: typer.Context,
    seconds: Annotated[float, typer.Option(min=1, help="How long calls are accepted.")] = 20.0,
    rate: Annotated[float, typer.Option(min=1, help="Accepts a second.")] = 50.0,
    events: Annotated[list[float] | None, typer.Option(help="CAD events a second beside.")] = None,
    here: Annotated[bool, typer.Option("--here", help="On the servers of the settings.")] = False,
    data: Annotated[Path | None, typer.Option(help="Folder for the servers' data.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One object.")] = False,
) -> None:
    """Accept calls over HTTP beside a running stream, and tell how long it takes. Goal: p99 <= 25 ms.

    An accept waits for the disk once; how long the disk takes alone is told beside. With `--data` in memory
    (/dev/shm) the disk is left out. Whether the goal was met is told, and does not change the ending.
    """
    _find_measures()
    from tests.bench.desk import DeskPlan, measure_desk

    plan = DeskPlan(rate, seconds)
    if events:
        plan = DeskPlan(rate, seconds, tuple(events))
    with _servers(ctx.find_root().obj, here=here, data=data) as servers:
        findings = asyncio.run(measure_desk(servers, plan))
    print(json.dumps(findings.as_json(), indent=1) if as_json else "\n".join(findings.lines()))


def _find_measures() -> None:
    if not (_CHECKOUT / "tests" / "bench" / "loop.py").is_file():
        raise BenchError("the measures are not part of the package; run `bridge bench` from a checkout")
    if importlib.util.find_spec("psutil") is None:
        raise BenchError("psutil is not installed; install the extra: bridge911[local]")
    sys.path.insert(0, str(_CHECKOUT))


@contextmanager
def _servers(config: Path | None, *, here: bool, data: Path | None = None) -> Iterator["Servers"]:
    from tests.bench.ground import Servers

    if here:
        yield Servers({**os.environ}, config)
        return
    try:
        from bridge.sandbox.processes import without
        from bridge.sandbox.world import World
    except ImportError as error:
        raise SandboxError(f"{error.name} is not installed; install the extra: bridge911[local]") from error
    home = default_home()
    with World(data or home / "bench", home) as world:
        yield Servers({**without({**os.environ}, "BRIDGE_"), **world.environment()}, disk=world.home)


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)
