"""What each self-imposed limit costs is counted by screening again without it: the plans without each.

A lift knows which clauses speak of every call that its limit may hold back: where none of them spoke, the
decision without the limit is the same, and need not be made again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial

from bridge.domain.destination import Destination
from bridge.domain.policy import Policy, Where
from bridge.domain.policy_clauses import ScopeClause
from bridge.planning.limited import (
    OF_DOOR,
    OF_GROUND,
    OF_SCOPE,
    Limited,
    destination_without,
    lifted,
    limits,
    opened,
    policy_without,
)
from bridge.planning.plan import Plan


@dataclass(frozen=True)
class Lift:
    """One limit and the plan without it.

    `where` names the clause or destination that has the limit; empty: every one. `spoken_by` are the clauses
    one of which speaks of each call that the limit may hold back; None: any call may be decided otherwise.
    """

    what: str
    where: str
    sentence: str
    lifted: Callable[[], Plan]
    spoken_by: frozenset[str] | None

    @cached_property
    def plan(self) -> Plan:
        """The plan without it, made when some call needs it: reading word lists takes a while."""
        return self.lifted()

    def may_matter(self, spoke: frozenset[str]) -> bool:
        """Whether a call of which these clauses spoke can be decided otherwise without the limit."""
        return self.spoken_by is None or not self.spoken_by.isdisjoint(spoke)


def lifts_by_kind(plan: Plan) -> Iterator[Lift]:
    """For each thing that something in the plan limits: the plan in which nothing does."""
    for what in Limited:
        spoken_by = _spoken_by(plan, what)
        if spoken_by is None or spoken_by:
            yield Lift(what.value, "", "", partial(_without_any, plan, what), spoken_by)


def lifts_one_by_one(plan: Plan) -> Iterator[Lift]:
    """For each limit that somebody wrote: the plan without it, and with all the others."""
    for policy in plan.policies:
        yield from _in_policy(policy, plan)
    for destination in plan.destinations.values():
        yield from _of_destination(destination, plan)


def _without_any(plan: Plan, what: Limited) -> Plan:
    policies = tuple(policy_without(policy, what) for policy in plan.policies)
    return Plan(policies, {name: destination_without(each, what) for name, each in plan.destinations.items()})


def _in_policy(policy: Policy, plan: Plan) -> Iterator[Lift]:
    if policy.where != Where():
        everywhere = partial(_on_any_ground, plan, policy)
        yield Lift(Limited.PLACE.value, policy.name, "", everywhere, _spoken_of_ground(plan))
    for clause in policy.scope:
        for what, spoken_by in OF_SCOPE.items():
            if limits(clause, what):
                freed = partial(_freed, plan, policy, clause, what)
                yield Lift(what.value, clause.id, clause.sentence, freed, spoken_by)
    for limit in policy.limit:
        yield Lift("limit", limit.id, limit.sentence, partial(plan.without, limit.id), frozenset({limit.id}))


def _freed(plan: Plan, policy: Policy, clause: ScopeClause, what: Limited) -> Plan:
    freed = tuple(lifted(one, what) if one is clause else one for one in policy.scope)
    return plan.with_policy(policy, replace(policy, scope=freed))


def _on_any_ground(plan: Plan, policy: Policy) -> Plan:
    return plan.with_policy(policy, replace(policy, where=Where()))


def _of_destination(destination: Destination, plan: Plan) -> Iterator[Lift]:
    for clause in destination.accepts:
        fewer = replace(destination, accepts=tuple(one for one in destination.accepts if one is not clause))
        where, without = f"{destination.id}: {clause.id}", partial(plan.with_destination, fewer)
        yield Lift("acceptance", where, clause.sentence, without, frozenset({clause.id}))
    for what, spoken_by in OF_DOOR.items():
        if (freed := opened(destination, what)) != destination:
            without, said = partial(plan.with_destination, freed), frozenset({spoken_by + destination.id})
            yield Lift(what.value, destination.id, destination.name, without, said)


def _spoken_by(plan: Plan, what: Limited) -> frozenset[str] | None:
    """Which clauses speak where some limit of this kind holds a call back; empty: nothing is limited so."""
    spoken: set[str] = set()
    for policy in plan.policies:
        if any(limits(clause, what) for clause in (*policy.answer, *policy.recategory)):
            return None  # a clause of these that is not met says nothing
        if what is Limited.PLACE and policy.where != Where():
            if (ground := _spoken_of_ground(plan)) is None:
                return None
            spoken |= ground
        if any(limits(clause, what) for clause in policy.scope):
            spoken |= OF_SCOPE[what]
        spoken |= {clause.id for clause in policy.limit if limits(clause, what)}
    for name, destination in plan.destinations.items():
        spoken |= {clause.id for clause in destination.accepts if limits(clause, what)}
        if opened(destination, what) != destination:
            spoken.add(OF_DOOR[what] + name)
    return frozenset(spoken)


def _spoken_of_ground(plan: Plan) -> frozenset[str] | None:
    """A policy that claims all ground also decides calls that are another's now."""
    return OF_GROUND if len(plan.policies) == 1 else None
