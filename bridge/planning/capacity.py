"""Calls that nobody had room for, told apart from calls that were ruled out.

The calls that would go are replayed in the order in which they came in. Each takes a place at the first
destination of its route for the same mean time; where every place is taken, the call is screened again with
that destination full. Recommended calls are replayed as if every caller said yes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush

from bridge.domain.clauses import DESTINATION_FULL
from bridge.domain.ids import DestinationId
from bridge.planning.plan import GOING, Plan
from bridge.planning.trial import Trial


@dataclass(slots=True)
class Load:
    """What came to one destination. `most` is how many calls it had at once, at the busiest moment.

    `asked` counts the calls that it was the first choice for, `elsewhere` those of them that somebody else
    had room for, and `lost` those that stayed with 911 because nobody had.
    """

    capacity: int | None
    minutes: float
    asked: int = 0
    taken: int = 0
    elsewhere: int = 0
    lost: int = 0
    most: int = 0
    ends: list[datetime] = field(default_factory=list, repr=False)

    def full_at(self, at: datetime) -> bool:
        """Whether every place is taken at this instant."""
        while self.ends and self.ends[0] <= at:
            heappop(self.ends)
        return self.capacity is not None and len(self.ends) >= self.capacity

    def take(self, at: datetime) -> None:
        """One call more, from now on."""
        self.taken += 1
        heappush(self.ends, at + timedelta(minutes=self.minutes))
        self.most = max(self.most, len(self.ends))


def replayed(
    trials: Sequence[Trial], plan: Plan, minutes_per_call: float | None = None
) -> Mapping[DestinationId, Load]:
    """The load of every destination, which has a call for `minutes_per_call`, else for `waits.held`."""
    loads = {
        name: Load(each.capacity, each.waits.held / 60 if minutes_per_call is None else minutes_per_call)
        for name, each in plan.destinations.items()
    }
    for trial in sorted((one for one in trials if one.goes and one.route), key=lambda one: one.call.at):
        _replay(trial, plan, loads)
    return loads


def _replay(trial: Trial, plan: Plan, loads: Mapping[DestinationId, Load]) -> None:
    at, route = trial.call.at, trial.route
    full = {name: DESTINATION_FULL for name, load in loads.items() if load.full_at(at)}
    first = loads[route[0]]
    first.asked += 1
    if not full.keys().isdisjoint(route):
        decision = plan.weigh(trial.screened, trial.call, full).decision
        route = decision.route if decision.verdict in GOING else ()
    if not route:
        first.lost += 1
        return
    if route[0] != trial.route[0]:
        first.elsewhere += 1
    loads[route[0]].take(at)
