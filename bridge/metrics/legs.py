"""What is measured of the legs of a tandem."""

from dataclasses import dataclass

from bridge.domain.leg import LegState
from bridge.metrics.kinds import Counts, Maker, Times


@dataclass(frozen=True, slots=True)
class LegMetrics:
    """Times are by mode. Of `asked`, only `disqualifier` and `caution` count as over-use."""

    asked: Counts  # kind, mode, why
    by_clause: Counts  # clause
    late: Counts  # state
    violations: Counts
    pairing: Times  # mode, as all that follow
    arrival_gap: Times
    stand_by: Times
    backup: Times


def new_leg_metrics(make: Maker) -> LegMetrics:
    """A fresh set; what can alarm is there from the start, at 0."""
    metrics = LegMetrics(
        asked=make.counts("legs", "Legs of tandems that were asked for, or came", "kind", "mode", "why"),
        by_clause=make.counts(
            "legs_by_clause", "Legs that a disqualifier made necessary", "clause", most=200
        ),
        late=make.counts("legs_late", "Legs that stayed too long in a state", "state"),
        violations=make.counts("legs_before_scene_safe", "Community legs on scene before it was safe"),
        pairing=make.times("leg_pairing", "First side of a tandem assigned to the second", "mode"),
        arrival_gap=make.times("leg_arrival_gap", "First side of a tandem on scene to the second", "mode"),
        stand_by=make.times("leg_stand_by", "A leg standing by to its next state", "mode"),
        backup=make.times("leg_backup", "Backup asked for to its unit assigned", "mode"),
    )
    for state in LegState:
        metrics.late.add(state, by=0)
    return metrics
