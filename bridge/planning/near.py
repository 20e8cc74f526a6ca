"""Near misses: calls that one clause alone keeps from going, each found by screening again without it.

A clause that somebody wrote is taken out of the plan. A built-in one is counted where that is honest: as if a
limit of the scope were lifted, or what nobody asked were known. Nothing makes up a call type, a readable
narrative or another policy, so that what those hold back is never near.
"""

from collections.abc import Iterator
from dataclasses import replace

from bridge.domain import clauses
from bridge.domain.ids import ClauseId, DestinationId
from bridge.domain.incident import Incident
from bridge.domain.policy import Where
from bridge.domain.screening import Weighing
from bridge.planning.limited import OF_DOOR, OF_GROUND, OF_SCOPE, lifted, opened
from bridge.planning.past import PastCall
from bridge.planning.plan import Plan, goes, held_back_by
from bridge.planning.supposing import if_it_were_known, supposed_by

_FAR = frozenset(
    {
        clauses.DETERMINANT_UNREADABLE,
        clauses.NARRATIVE_UNREADABLE,
        clauses.POLICY_NONE,
        clauses.SCOPE_NOT_MET,
        clauses.TYPE_MISSING,
        clauses.TYPE_UNKNOWN,
    }
)
"""What speaks whatever else is taken away."""


class NearMisses:
    """Finds them for one plan; the plans without each clause are made once."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._without: dict[str, Plan | None] = {}

    def clauses(self, incident: Incident, call: PastCall, weighing: Weighing) -> Iterator[ClauseId]:
        """Each clause without which this call, which does not go now, would go."""
        yield from (clause for clause, _ in self.ways(incident, call, weighing))

    def ways(
        self, incident: Incident, call: PastCall, weighing: Weighing
    ) -> Iterator[tuple[ClauseId, Weighing]]:
        """Each of these clauses, with what would be decided then."""
        against = list(held_back_by(weighing))
        if goes(weighing) or not _FAR.isdisjoint(against):
            return
        for clause in against:
            known = if_it_were_known(incident, clause, self._plan)
            plan = self._plan if known is not None else self._plan_without(clause)
            if plan is None:
                continue
            then = plan.weigh(known or incident, call)
            if goes(then):
                yield clause, then

    def has_a_cost(self, clause: ClauseId) -> bool:
        """Whether there is an honest way to take this clause away."""
        return bool(supposed_by(clause)) or self._plan_without(clause) is not None

    def _plan_without(self, clause: ClauseId) -> Plan | None:
        if clause not in self._without:
            self._without[clause] = _plan_without(self._plan, clause)
        return self._without[clause]


def _plan_without(plan: Plan, clause: ClauseId) -> Plan | None:
    if clause in plan.clauses:
        return plan.without(clause)
    for what, spoken in OF_SCOPE.items():
        if clause in spoken:
            freed = [tuple(lifted(one, what) for one in policy.scope) for policy in plan.policies]
            changed = zip(plan.policies, freed, strict=True)
            return replace(plan, policies=tuple(replace(policy, scope=scope) for policy, scope in changed))
    if clause in OF_GROUND:
        return replace(plan, policies=tuple(replace(policy, where=Where()) for policy in plan.policies))
    for what, begins in OF_DOOR.items():
        if clause.startswith(begins):
            named = plan.destinations.get(DestinationId(clause.removeprefix(begins)))
            return plan.with_destination(opened(named, what)) if named is not None else None
    return None
