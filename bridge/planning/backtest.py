"""A backtest: every past call put to a plan, and again to the plan without each of its limits.

Calls that do not count are never screened; why they do not is part of the result.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from bridge.domain.ids import DestinationId
from bridge.planning.capacity import Load, replayed
from bridge.planning.counted import Denominator
from bridge.planning.lifting import Lift, lifts_by_kind, lifts_one_by_one
from bridge.planning.past import Log
from bridge.planning.plan import Plan
from bridge.planning.table import Rates
from bridge.planning.trial import Trial, Trying


@dataclass(frozen=True)
class Backtest:
    """What came of it. `aside` counts the calls that do not count, by why.

    Trials number the lifts: those of `kinds` first, then those of `limits`. With `assume_answered` everything
    is counted as if every demanded question that nobody answered had been answered with no. `rows` were read
    of the log, and `refused` of them could not be used.
    """

    plan: Plan
    trials: Sequence[Trial]
    aside: Mapping[str, int]
    kinds: Sequence[Lift]
    limits: Sequence[Lift]
    loads: Mapping[DestinationId, Load]
    assume_answered: bool
    rows: int = 0
    refused: int = 0

    @cached_property
    def rates(self) -> Rates:
        """Shares of the calls that count, and of a week of them."""
        times = [trial.call.at for trial in self.trials]
        return Rates(len(times), max(times) - min(times) if times else timedelta())


def tried(
    log: Log,
    plan: Plan,
    denominator: Denominator,
    *,
    assume_answered: bool = False,
    minutes_per_call: float | None = None,
) -> Backtest:
    """Try the plan. A destination has a call for `minutes_per_call`, else as long as it may hold one."""
    kinds, limits = tuple(lifts_by_kind(plan)), tuple(lifts_one_by_one(plan))
    trying = Trying(plan, (*kinds, *limits), assume_answered=assume_answered)
    trials, aside = [], Counter[str]()
    for call in log.calls:
        if why := denominator.aside(call):
            aside[why] += 1
        else:
            trials.append(trying.trial(call))
    loads = replayed(trials, plan, minutes_per_call)
    return Backtest(plan, trials, aside, kinds, limits, loads, assume_answered, log.rows, log.refused)
