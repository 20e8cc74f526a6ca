"""What a committed turn did with legs, as metrics. Practice is never counted."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from bridge.domain.ids import LegId
from bridge.domain.leg import Leg, LegSignal, LegState, LegStep, Why
from bridge.handling.turn import Turn


def measure_leg_asked(turn: Turn, leg: Leg) -> None:
    """One leg more, by who comes, who goes first and why; and the clause that made it necessary."""
    if leg.practice:
        return
    metrics = turn.handling.metrics.legs
    turn.after.append(partial(metrics.asked.add, leg.kind, leg.mode, leg.why))
    if leg.why is Why.DISQUALIFIER:
        turn.after.append(partial(metrics.by_clause.add, leg.clause or "none"))


def measure_leg_step(turn: Turn, before: Mapping[LegId, Leg], taken: LegStep, signal: LegSignal) -> None:
    """What a leg's step ended: `before` are the incident's legs as they were."""
    was, leg, metrics = taken.before, taken.after, turn.handling.metrics.legs
    if leg.practice:
        return
    if signal is LegSignal.DEADLINE:
        turn.after.append(partial(metrics.late.add, leg.state))
    if leg.violation and not was.violation:
        turn.after.append(metrics.violations.add)
    if was.assigned_at is None and leg.assigned_at is not None:
        if leg.why is Why.BACKUP:
            seconds = (leg.assigned_at - leg.requested_at).total_seconds()
            turn.after.append(partial(metrics.backup.observe, seconds, leg.mode))
        pairing = _gap(before, leg, lambda each: each.assigned_at)
        if pairing is not None:
            turn.after.append(partial(metrics.pairing.observe, pairing, leg.mode))
    if was.on_scene_at is None and leg.on_scene_at is not None:
        apart = _gap(before, leg, lambda each: each.on_scene_at)
        if apart is not None:
            turn.after.append(partial(metrics.arrival_gap.observe, apart, leg.mode))
    if taken.moved and was.state is LegState.STAGED and was.since is not None:
        stood_by = (turn.now - was.since).total_seconds()
        turn.after.append(partial(metrics.stand_by.observe, stood_by, leg.mode))


def _gap(before: Mapping[LegId, Leg], leg: Leg, when: Callable[[Leg], datetime | None]) -> float | None:
    """Seconds since the first side, when this leg is the first of the second side; sides are kinds."""
    first: dict[str, datetime] = {}
    for each in before.values():
        at = when(each)
        if at is not None:
            first[each.kind] = min(at, first.get(each.kind, at))
    at = when(leg)
    if at is None or leg.kind in first or len(first) != 1:
        return None
    return (at - min(first.values())).total_seconds()
