"""The whole loop, measured: CAD event in, decision, ledger, offer out, by each of the three peers.

The three take turns, in the other order every second round, so that what else the machine does falls on
all alike.
"""

import logging
import os
import platform
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version

from tests.bench.findings import Row, Run, rows_of, table_of
from tests.bench.ground import Servers
from tests.bench.measures import measure_drain, measure_latencies
from tests.bench.screening import LIMIT_US, screening_us
from tests.bench.workers import Peer


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured. Plain Faust is slow: it gets a share of the events, and the lowest rate only."""

    events: int = 40_000
    seconds: float = 10.0
    rounds: int = 3
    rates: tuple[int, ...] = (50, 500)
    partitions: int = 4
    plain_share: float = 0.1
    plain_least: int = 200


@dataclass(frozen=True, slots=True)
class Findings:
    """All runs, and what they come to."""

    plan: Plan
    machine: dict[str, str]
    runs: tuple[Run, ...]
    rows: tuple[Row, ...]
    screening_us: float
    lost: int
    repeated: int

    def as_json(self) -> dict[str, object]:
        """Plain values."""
        return asdict(self)

    def lines(self) -> Iterator[str]:
        """For people."""
        yield ", ".join(f"{name} {value}" for name, value in self.machine.items())
        plan = self.plan
        yield (
            f"{plan.events:,} events, three of four offered, {plan.partitions} partitions; "
            f"{plan.seconds:g} s at each rate; {plan.rounds} rounds: median (least-most)"
        )
        yield from table_of(self.rows)
        met = "met" if self.screening_us <= LIMIT_US else "MISSED"
        yield f"screening one event: {self.screening_us:.0f} us (goal <= {LIMIT_US:.0f} us: {met})"
        yield f"offers lost: {self.lost}, came twice: {self.repeated}"


async def measure(servers: Servers, plan: Plan, say: Callable[[str], None]) -> Findings:
    """Run everything in the plan, saying what goes on."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # new topics have no leader for a moment
    runs: list[Run] = []
    order: Sequence[Peer] = tuple(Peer)
    for number in range(1, plan.rounds + 1):
        for peer in order:
            say(f"round {number} of {plan.rounds}: {peer}")
            runs.append(await _run(number, peer, servers, plan))
        order = order[::-1]
    say("screening")
    deliveries = [each for run in runs for each in run.deliveries]
    return Findings(
        plan,
        machine(),
        tuple(runs),
        rows_of(runs, plan.rates),
        screening_us(),
        lost=sum(each.lost for each in deliveries),
        repeated=sum(each.repeated for each in deliveries),
    )


async def _run(number: int, peer: Peer, servers: Servers, plan: Plan) -> Run:
    plain = peer is Peer.PLAIN
    events = max(plan.plain_least, round(plan.events * plan.plain_share)) if plain else plan.events
    rates = plan.rates[:1] if plain else plan.rates
    drain = await measure_drain(peer, servers, events=events, partitions=plan.partitions)
    latencies = await measure_latencies(
        peer, servers, rates=rates, seconds=plan.seconds, partitions=plan.partitions
    )
    return Run(number, peer, drain, tuple(latencies))


def machine() -> dict[str, str]:
    """What it was measured on."""
    return {
        "cores": str(os.cpu_count()),
        "load of the last minute": f"{os.getloadavg()[0]:.1f}",
        "Python": platform.python_version(),
        "Faust": version("faust-streaming"),
        "aiokafka": version("aiokafka"),
        "asyncpg": version("asyncpg"),
    }
