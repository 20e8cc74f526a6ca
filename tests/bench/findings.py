"""What the runs come to: a row for each measure, with every peer's figure and the bridge's ratio.

A ratio is taken within a round, against the hand-written loop; what is told is the median of the rounds,
with the least and the most. Plain Faust is told beside them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from tests.bench.measures import Delivery, Drain, Latency
from tests.bench.workers import Peer

DRAIN_AT_LEAST = 0.9
LATENCY_AT_MOST = 1.25


@dataclass(frozen=True, slots=True)
class Run:
    """What one peer did in one round."""

    number: int
    peer: Peer
    drain: Drain
    latencies: tuple[Latency, ...]

    @property
    def deliveries(self) -> Iterator[Delivery]:
        """Of the drain and of each rate."""
        yield self.drain.delivery
        yield from (each.delivery for each in self.latencies)


@dataclass(frozen=True, slots=True)
class Spread:
    """A figure over the rounds."""

    median: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Row:
    """One measure. `goal` is what the ratio should be, in words; `met` is None where there is no goal."""

    measure: str
    unit: str
    peers: dict[Peer, Spread]
    ratio: Spread | None
    goal: str = ""
    met: bool | None = None


@dataclass(frozen=True, slots=True)
class _Measure:
    name: str
    unit: str
    of: Callable[[Run], float | None]
    at_least: float | None = None
    at_most: float | None = None


def rows_of(runs: Sequence[Run], rates: Sequence[int]) -> tuple[Row, ...]:
    """All measures, in the order of the table."""
    return tuple(_row(measure, runs) for measure in _measures(rates))


def _measures(rates: Sequence[int]) -> Iterator[_Measure]:
    yield _Measure("drain to ledger", "events/s", lambda run: run.drain.to_ledger, at_least=DRAIN_AT_LEAST)
    yield _Measure("drain to hotline", "events/s", lambda run: run.drain.to_hotline, at_least=DRAIN_AT_LEAST)
    yield _Measure("CPU of one event", "us", lambda run: run.drain.cpu_us)
    yield _Measure("one turn", "events", lambda run: run.drain.events / run.drain.turns)
    for index, rate in enumerate(rates):
        yield _Measure(f"p50 at {rate}/s", "ms", _latency(index, "p50"), at_most=LATENCY_AT_MOST)
        yield _Measure(f"p99 at {rate}/s", "ms", _latency(index, "p99"), at_most=LATENCY_AT_MOST)
        yield _Measure(f"worst at {rate}/s", "ms", _latency(index, "worst"))


def _latency(index: int, name: str) -> Callable[[Run], float | None]:
    def of(run: Run) -> float | None:
        return float(getattr(run.latencies[index], name)) if index < len(run.latencies) else None

    return of


def _row(measure: _Measure, runs: Sequence[Run]) -> Row:
    figures: dict[Peer, dict[int, float]] = {}
    for run in runs:
        if (figure := measure.of(run)) is not None:
            figures.setdefault(run.peer, {})[run.number] = figure
    ours, theirs = figures.get(Peer.BRIDGE, {}), figures.get(Peer.HANDWRITTEN, {})
    ratios = [ours[number] / theirs[number] for number in ours.keys() & theirs.keys() if theirs[number]]
    ratio = _spread(ratios) if ratios else None
    goal, met = "", None
    if ratio is not None and measure.at_least is not None:
        goal, met = f">= {measure.at_least}", ratio.median >= measure.at_least
    elif ratio is not None and measure.at_most is not None:
        goal, met = f"<= {measure.at_most}", ratio.median <= measure.at_most
    peers = {peer: _spread(list(by_round.values())) for peer, by_round in figures.items()}
    return Row(measure.name, measure.unit, peers, ratio, goal, met)


def _spread(figures: Sequence[float]) -> Spread:
    return Spread(median(figures), min(figures), max(figures))


def table_of(rows: Sequence[Row]) -> Iterator[str]:
    """The rows as lines of text: each figure as median (least-most)."""
    heads = ["", *(str(peer) for peer in Peer), "bridge / hand-written", "goal", ""]
    lines = [heads]
    for row in rows:
        figures = [_told(row.peers.get(peer), 0 if row.unit == "events/s" else 1) for peer in Peer]
        met = "" if row.met is None else "met" if row.met else "MISSED"
        lines.append([f"{row.measure} ({row.unit})", *figures, _told(row.ratio, 2), row.goal, met])
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    for first, *rest in lines:
        cells = [first.ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(rest, widths[1:], strict=True))]
        yield "  ".join(cells).rstrip()


def _told(spread: Spread | None, digits: int) -> str:
    if spread is None:
        return "-"
    if spread.least == spread.most:
        return f"{spread.median:,.{digits}f}"
    return f"{spread.median:,.{digits}f} ({spread.least:,.{digits}f}-{spread.most:,.{digits}f})"
