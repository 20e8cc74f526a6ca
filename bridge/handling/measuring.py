"""What a committed turn did, as metrics. Practice is never counted.

Intervals start and end where the field's standards say: see each metric's own text.
"""

from datetime import datetime

from bridge.domain.cad import Channel
from bridge.domain.signal import Signal
from bridge.domain.transfer import Step, Transfer
from bridge.domain.transfer_table import ENDS, HOLDING, WAITING, State
from bridge.ledger.rows import DecisionRow
from bridge.metrics import Metrics

_FAILED = frozenset({State.DECLINED, State.EXPIRED, State.FAILED})


def measure_decision(metrics: Metrics, row: DecisionRow, now: datetime) -> None:
    """One incident version screened. What no record asked for has not waited for anybody."""
    verdict = row.decision.verdict
    metrics.decisions.add(verdict)
    if not row.practice:
        metrics.decisions_by_channel.add(row.channel, verdict)
        if row.channel is Channel.OFFICER and row.version == 1 and row.screening == 1:
            metrics.officer_referrals.add(row.referred_type or "none", verdict)
    for reason in row.decision.reasons:
        metrics.clauses.add(reason.clause)
    if row.place is None:
        return
    seconds = max((now - row.place.produced_at).total_seconds(), 0.0)
    metrics.event_to_decision.observe(seconds)
    metrics.screening.observe(seconds)


def measure_opened(metrics: Metrics, transfer: Transfer, call_began: datetime | None) -> None:
    """A transfer was made: offered, or proposed to the call taker."""
    if transfer.practice:
        return
    metrics.transfers_entered.add(transfer.state)
    if transfer.state is State.OFFERED and call_began is not None:
        _observe_initiation(metrics, transfer, call_began)


def measure_step(
    metrics: Metrics, step: Step, signal: Signal, now: datetime, call_began: datetime | None
) -> None:
    """A signal was heard: what it did, and how long the state that ended had lasted."""
    metrics.signals.add(signal.kind, "refused" if step.refused else "moved" if step.moved else "stayed")
    before, after = step.before, step.after
    if not step.moved or after.practice:
        return
    metrics.transfers_entered.add(after.state)
    if after.state in ENDS:
        metrics.transfers_ended.add(after.destination, after.state)
        if after.outcome:
            metrics.outcomes.add(after.destination, after.outcome.partition(":")[0])
    if after.warmth is not None and after.warmth is not before.warmth:
        metrics.warmth.add(after.destination, after.warmth)
    if after.state is State.OFFERED and call_began is not None:
        _observe_initiation(metrics, after, call_began)
    _observe_state(metrics, before, after, now)
    if after.offered_at is None:
        return
    since_offer = (now - after.offered_at).total_seconds()
    if before.state in WAITING and after.state in HOLDING:
        metrics.transfer.observe(since_offer, after.destination)
    elif after.state in _FAILED:
        metrics.failed_transfer.observe(since_offer, after.destination)


def _observe_state(metrics: Metrics, before: Transfer, after: Transfer, now: datetime) -> None:
    if before.since is None:
        return
    lasted = (now - before.since).total_seconds()
    match before.state, after.state:
        case State.ALERTING, State.ANSWERED | State.CONNECTED:
            metrics.alerting.observe(lasted, after.destination)
        case State.QUEUED, _:
            metrics.queued.observe(lasted, after.destination)
        case State.CONNECTED, State.HELD:
            metrics.overlap.observe(lasted, after.destination)
        case State.RETURNING, State.RETURNED:
            metrics.returning.observe(lasted, after.destination)


def _observe_initiation(metrics: Metrics, transfer: Transfer, call_began: datetime) -> None:
    if transfer.offered_at is not None:
        seconds = max((transfer.offered_at - call_began).total_seconds(), 0.0)
        metrics.transfer_initiation.observe(seconds, transfer.destination)
