"""One past call put to a plan: what it decides, what held the call back, and what would have let it go.

Kept small, because there is one of these for every call of years.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bridge.domain.decision import Verdict, Weight
from bridge.domain.ids import ClauseId, DestinationId
from bridge.domain.incident import Incident
from bridge.planning.lifting import Lift
from bridge.planning.near import NearMisses
from bridge.planning.past import PastCall
from bridge.planning.plan import GOING, Plan, goes
from bridge.planning.supposing import all_answered, demanded_questions


@dataclass(frozen=True, slots=True)
class Trial:
    """What is decided of one call. `verdict` is the one that everything is counted by.

    `recorded` is the verdict on what the log says, `supposed` the one if every demanded question that nobody
    answered had been answered with no, and `first` is by what the first event said. `screened` is the state
    of the call that `verdict` is of. `without` counts the lifts, by number, under which the call goes;
    `near` are the clauses without one of which it would go.
    """

    call: PastCall
    screened: Incident
    first: Verdict
    recorded: Verdict
    supposed: Verdict
    verdict: Verdict
    route: tuple[DestinationId, ...]
    need: str
    scopes: tuple[ClauseId, ...]
    spoke_for: tuple[ClauseId, ...]
    spoke_against: tuple[ClauseId, ...]
    left_open: tuple[ClauseId, ...]
    near: tuple[ClauseId, ...]
    without: frozenset[int]

    @property
    def goes(self) -> bool:
        """Whether it would go, or be recommended to go, to a community responder."""
        return self.verdict in GOING


class Trying:
    """Puts calls to one plan. With `assume_answered`, everything is counted by what is supposed."""

    def __init__(self, plan: Plan, lifts: Sequence[Lift] = (), *, assume_answered: bool = False) -> None:
        self._plan = plan
        self._lifts = lifts
        self._assume = assume_answered
        self._questions = demanded_questions(plan)
        self._near = NearMisses(plan)

    def trial(self, call: PastCall) -> Trial:
        """What the plan makes of this call."""
        plan = self._plan
        recorded = plan.weigh(call.last, call)
        answered = all_answered(call.last, self._questions)
        supposed = recorded if answered is call.last else plan.weigh(answered, call)
        weighing, screened = (supposed, answered) if self._assume else (recorded, call.last)
        decision = weighing.decision
        by_weight: dict[Weight, list[ClauseId]] = {weight: [] for weight in Weight}
        for reason in decision.reasons:
            by_weight[reason.weight].append(reason.clause)
        spoke_for, against, left_open = (tuple(dict.fromkeys(by_weight[weight])) for weight in Weight)
        return Trial(
            call,
            screened,
            self._first(call, decision.verdict),
            recorded.decision.verdict,
            supposed.decision.verdict,
            decision.verdict,
            decision.route,
            next((clause.need for clause in weighing.admitting if clause.need), ""),
            tuple(clause.id for clause in weighing.admitting),
            spoke_for,
            against,
            left_open,
            tuple(self._near.clauses(screened, call, weighing)),
            self._without(call, screened, frozenset((*against, *left_open)), goes_now=goes(weighing)),
        )

    def _first(self, call: PastCall, last: Verdict) -> Verdict:
        if call.first is call.last:
            return last
        state = all_answered(call.first, self._questions) if self._assume else call.first
        return self._plan.weigh(state, call).decision.verdict

    def _without(
        self, call: PastCall, state: Incident, spoke: frozenset[str], *, goes_now: bool
    ) -> frozenset[int]:
        """The numbers of the lifts under which it goes."""
        found = set()
        for number, lift in enumerate(self._lifts):
            if goes(lift.plan.weigh(state, call)) if lift.may_matter(spoke) else goes_now:
                found.add(number)
        return frozenset(found)
