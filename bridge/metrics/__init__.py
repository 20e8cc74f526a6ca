"""Every metric of the bridge; what a count, a time and a level are stands beside.

A metric has at most so many label sets; what comes beyond them counts as `other`, so that no input can
make it grow. No label ever holds an incident, a call, a number, a place or a name. Timestamps, not
ages: whoever reads subtracts. A timestamp of 0 says that there is nothing to be old.
"""

import platform
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from prometheus_client import CollectorRegistry, disable_created_metrics
from prometheus_client.exposition import generate_latest

from bridge import __version__
from bridge.domain.consult import ConsultSignal
from bridge.domain.decision import Verdict
from bridge.domain.delivery import DeliveryState
from bridge.domain.rescue import RescueSignal
from bridge.domain.signal import SignalKind
from bridge.domain.transfer_table import ENDS, State
from bridge.metrics.kinds import MACHINE_EDGES, PEOPLE_EDGES, Counts, Level, Maker, Times
from bridge.metrics.legs import LegMetrics, new_leg_metrics

__all__ = ["PEOPLE_EDGES", "Counts", "Level", "Metrics", "Times", "new_metrics", "show_destinations"]

OUTCOMES = ("applied", "duplicate", "conflict", "quarantined")
ANSWERS = ("moved", "stayed", "refused")
RESULTS = tuple(sorted(set(DeliveryState) - {DeliveryState.PENDING, DeliveryState.LEASED}))
RULES = ("live", "shadow")
PASSED_TO = ("911", "hotline")
SHADOW_LOST = ("defect", "ledger")
INVARIANTS = tuple(str(number) for number in range(1, 9))


@dataclass(frozen=True, slots=True)
class Metrics:
    """All of them. Labels are given in the order that each field's comment names."""

    registry: CollectorRegistry
    events: Counts  # outcome, one of OUTCOMES
    quarantined: Counts  # reason, an UndecodableError's
    decisions: Counts  # verdict
    decisions_by_channel: Counts  # channel (the way in), verdict
    officer_referrals: Counts  # call type, verdict (the first decision's)
    passes: Counts  # to, one of PASSED_TO
    referred: Counts  # why, answer (what a hotline that refers is told)
    rescues: Counts  # signal, a RescueSignal or "requested"
    rescue_taken: Times
    legs: LegMetrics
    consults: Counts  # what, a ConsultSignal or "asked"
    destination_able: Level  # destination; 1: it can be asked
    destination_queue: Level  # destination, state (a QueueState); 1: so it says
    destination_heard: Level  # destination
    clauses: Counts  # clause
    shadow_decisions: Counts  # live, shadow (both verdicts)
    shadow_lost: Counts  # why, one of SHADOW_LOST
    transfers_entered: Counts  # state
    transfers_ended: Counts  # destination, state
    warmth: Counts  # destination, a Warmth
    outcomes: Counts  # destination, outcome (the head of it: one of a closed list)
    signals: Counts  # kind, outcome (one of ANSWERS)
    deliveries: Counts  # destination, result (one of RESULTS)
    ledger_lost: Counts
    seek_backs: Counts
    group_ahead: Counts
    event_to_decision: Times
    ledger_turn: Times
    desk_requests: Counts  # route (the template), status
    desk_request: Times  # route
    screening: Times
    transfer_initiation: Times  # destination, as all that follow
    alerting: Times
    queued: Times
    overlap: Times
    transfer: Times
    failed_transfer: Times
    returning: Times
    oldest_undecided_event: Level
    oldest_open_transfer: Level
    outbox_rows: Level  # destination
    outbox_oldest: Level  # destination
    lag: Level  # topic, partition
    partitions_stopped: Level
    invariant_broken: Level  # invariant, "1" to "8"
    rules_refused: Level  # rules, one of RULES
    rules_loaded: Level
    rules: Level  # digest
    loop_beat: Level
    lane: Level  # lane
    build: Level  # version, python, faust, aiokafka

    def exposition(self) -> bytes:
        """All metrics in Prometheus' text format."""
        return generate_latest(self.registry)


def new_metrics(*, lane: str = "a", destinations: Iterable[str] = ()) -> Metrics:
    """A fresh set in a registry of its own. What can alarm is there from the start, at 0."""
    disable_created_metrics()  # type: ignore[no-untyped-call]
    registry = CollectorRegistry()
    make = Maker(registry)
    metrics = Metrics(
        registry=registry,
        events=make.counts("events", "CAD events, by what came of them", "outcome"),
        quarantined=make.counts("quarantined_records", "Records that could not be read", "reason", most=50),
        decisions=make.counts("decisions", "Incident versions screened", "verdict"),
        decisions_by_channel=make.counts(
            "decisions_by_channel", "Incident versions screened, by the way in", "channel", "verdict"
        ),
        officer_referrals=make.counts(
            "officer_referrals", "Calls that officers referred, first decision", "type", "verdict", most=200
        ),
        passes=make.counts("passes", "Callers passed between 911 and a hotline", "to"),
        referred=make.counts("referred", "Calls that hotlines referred to a team", "why", "answer", most=60),
        rescues=make.counts("rescues", "What happened to rescues that hotlines asked for", "signal"),
        legs=new_leg_metrics(make),
        consults=make.counts("consults", "What happened to consults that 911 asked for", "what"),
        destination_able=make.level("destination_able", "1: it can be asked just now", "destination"),
        destination_queue=make.level(
            "destination_queue", "How destinations say they are, 1: so", "destination", "state", most=1000
        ),
        destination_heard=make.level(
            "destination_heard_timestamp_seconds", "When it was last heard; 0: never", "destination"
        ),
        rescue_taken=make.times("rescue_taken", "Help asked for by a hotline to taken by 911"),
        clauses=make.counts("clauses_spoken", "Clauses that were a reason of a decision", "clause", most=200),
        shadow_decisions=make.counts("shadow_decisions", "Decided, and by the shadow", "live", "shadow"),
        shadow_lost=make.counts("shadow_lost", "Shadow decisions that were not made or kept", "why"),
        transfers_entered=make.counts("transfers_entered", "Transfers that came into a state", "state"),
        transfers_ended=make.counts(
            "transfers_ended", "Transfers that ended", "destination", "state", most=1000
        ),
        warmth=make.counts(
            "transfers_by_warmth",
            "Callers that came over warm or cold, or were lost",
            "destination",
            "warmth",
            most=500,
        ),
        outcomes=make.counts(
            "transfers_by_outcome",
            "What became of calls that were closed",
            "destination",
            "outcome",
            most=1000,
        ),
        signals=make.counts("signals", "Signals, by what they did", "kind", "outcome", most=300),
        deliveries=make.counts(
            "deliveries", "Attempts to hand a message over", "destination", "result", most=500
        ),
        ledger_lost=make.counts("ledger_lost", "Turns that began again because the ledger was gone"),
        seek_backs=make.counts("seek_backs", "Partitions set back to the ledger's position"),
        group_ahead=make.counts("group_ahead", "Partitions whose consumer group was ahead of the ledger"),
        event_to_decision=make.times(
            "event_to_decision",
            "From the record's time on Kafka to the decision's commit",
            edges=MACHINE_EDGES,
        ),
        ledger_turn=make.times("ledger_turn", "One transaction of the ledger", edges=MACHINE_EDGES),
        desk_requests=make.counts("desk_requests", "Requests by HTTP", "route", "status", most=600),
        desk_request=make.times("desk_request", "One request by HTTP", "route", edges=MACHINE_EDGES),
        screening=make.times("screening", "CAD event seen to decision"),
        transfer_initiation=make.times("transfer_initiation", "Call answered to offer sent", "destination"),
        alerting=make.times("alerting", "Hotline alerting to hotline answered", "destination"),
        queued=make.times("queued", "Hotline queued to its next state", "destination"),
        overlap=make.times("overlap", "Hotline answered to 911 released", "destination"),
        transfer=make.times("transfer", "Offer sent to destination holds the call", "destination"),
        failed_transfer=make.times(
            "failed_transfer", "Offer sent to declined, expired or failed", "destination"
        ),
        returning=make.times("return", "Destination asks to 911 has the call back", "destination"),
        oldest_undecided_event=make.level(
            "oldest_undecided_event_timestamp_seconds", "Oldest CAD event without a decision; 0: none"
        ),
        oldest_open_transfer=make.level(
            "oldest_open_transfer_timestamp_seconds", "Start of the oldest transfer not ended; 0: none"
        ),
        outbox_rows=make.level("outbox_rows", "Messages that wait to leave", "destination"),
        outbox_oldest=make.level(
            "outbox_oldest_timestamp_seconds", "Oldest message that waits to leave; 0: none", "destination"
        ),
        lag=make.level("lag_records", "Records not yet in the ledger", "topic", "partition", most=1000),
        partitions_stopped=make.level(
            "partitions_stopped", "Partitions that stand still because Kafka lost their records; must be 0"
        ),
        invariant_broken=make.level(
            "invariant_broken", "Rows that break an invariant, at the last check; must be 0", "invariant"
        ),
        rules_refused=make.level("rules_refused", "1: their files cannot be used; must be 0", "rules"),
        rules_loaded=make.level("rules_loaded_timestamp_seconds", "When the rules in force were loaded"),
        rules=make.level("rules_info", "The rules that decide here, always 1", "digest"),
        loop_beat=make.level("loop_beat_timestamp_seconds", "When the event loop last ran"),
        lane=make.level("lane_info", "The lane of this process, always 1", "lane"),
        build=make.level("build_info", "What runs here, always 1", "version", "python", "faust", "aiokafka"),
    )
    _show_from_the_start(metrics, lane, destinations)
    return metrics


def show_destinations(metrics: Metrics, destinations: Iterable[str]) -> None:
    """Show these from now on, at nothing. Only for those that were not there before."""
    for destination in destinations:
        for state in sorted(ENDS):
            metrics.transfers_ended.add(destination, state, by=0)
        for result in RESULTS:
            metrics.deliveries.add(destination, result, by=0)
        metrics.outbox_rows.set(0, destination)
        metrics.outbox_oldest.set(0, destination)


def _show_from_the_start(metrics: Metrics, lane: str, destinations: Iterable[str]) -> None:
    """A count that appears with its first alarm hides that alarm from `increase()`."""
    for outcome in OUTCOMES:
        metrics.events.add(outcome, by=0)
    for verdict in Verdict:
        metrics.decisions.add(verdict, by=0)
    for signal in ("requested", *RescueSignal):
        metrics.rescues.add(signal, by=0)
    for what in ("asked", *ConsultSignal):
        metrics.consults.add(what, by=0)
    for to in PASSED_TO:
        metrics.passes.add(to, by=0)
    for state in State:
        metrics.transfers_entered.add(state, by=0)
    for kind in SignalKind:
        for answer in ANSWERS:
            metrics.signals.add(kind, answer, by=0)
    metrics.partitions_stopped.set(0)
    for invariant in INVARIANTS:
        metrics.invariant_broken.set(0, invariant)
    for rules in RULES:
        metrics.rules_refused.set(0, rules)
    for why in SHADOW_LOST:
        metrics.shadow_lost.add(why, by=0)
    show_destinations(metrics, destinations)
    metrics.lane.set(1, lane)
    metrics.build.set(
        1, __version__, platform.python_version(), _version("faust-streaming"), _version("aiokafka")
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"
