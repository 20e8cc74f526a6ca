"""Where two versions of a policy differ, part by part: clauses by their ids, and keys of the policy itself.

A part can be carried over: the one version, with this part as the other has it. A sentence or a reference
that was rewritten is no difference, because it decides nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from bridge.domain.policy import Policy
from bridge.domain.policy_clauses import Clause
from bridge.planning.plan import Plan

_Kind = TypeVar("_Kind", bound=Clause)

_KEYS: Mapping[str, Callable[[Policy, Policy], Policy]] = {
    "shape": lambda policy, other: replace(policy, shape=other.shape),
    "printed_answers": lambda policy, other: replace(policy, printed_answers=other.printed_answers),
    "recorded": lambda policy, other: replace(policy, recorded=other.recorded),
    "where": lambda policy, other: replace(policy, where=other.where, areas={**policy.areas, **other.areas}),
    "areas": lambda policy, other: replace(policy, areas={**policy.areas, **other.areas}),
}
"""What a policy says beside its clauses, and how to take it over from another version."""


@dataclass(frozen=True)
class Part:
    """One difference between two plans: a clause's id, or a key of the policy."""

    name: str
    old: Plan
    new: Plan

    @cached_property
    def put_back(self) -> Plan:
        """The new plan with this part as it was."""
        return _carried(self.name, self.new, self.old)

    @cached_property
    def brought_in(self) -> Plan:
        """The old plan with this part as it is to be."""
        return _carried(self.name, self.old, self.new)


def parts(old: Plan, new: Plan) -> Iterator[Part]:
    """Every part in which the plans differ. Each has one policy."""
    was, will_be = old.policies[0], new.policies[0]
    before, after = _by_id(was), _by_id(will_be)
    for name in dict.fromkeys((*before, *after)):
        if before.get(name) != after.get(name):
            yield Part(name, old, new)
    if was.shape is not will_be.shape:
        yield Part("shape", old, new)
    if was.printed_answers is not will_be.printed_answers:
        yield Part("printed_answers", old, new)
    if was.recorded != will_be.recorded:
        yield Part("recorded", old, new)
    if was.where != will_be.where:
        yield Part("where", old, new)
    if was.areas and will_be.areas:  # ground that somebody redrew has the same name
        yield Part("areas", old, new)


def _by_id(policy: Policy) -> dict[str, Clause]:
    return {clause.id: replace(clause, sentence="", reference="") for clause in policy.clauses}


def _carried(name: str, plan: Plan, other: Plan) -> Plan:
    """The plan with this part of the other's policy."""
    policy, source = plan.policies[0], other.policies[0]
    take = _KEYS.get(name)
    return replace(plan, policies=(take(policy, source) if take else _with_clause(name, policy, source),))


def _with_clause(name: str, policy: Policy, source: Policy) -> Policy:
    """The policy with this clause as the source has it, or without it where the source has none."""
    return replace(
        policy,
        scope=_with(name, policy.scope, source.scope),
        limit=_with(name, policy.limit, source.limit),
        answer=_with(name, policy.answer, source.answer),
        recategory=_with(name, policy.recategory, source.recategory),
        disqualifier=_with(name, policy.disqualifier, source.disqualifier),
        areas={**source.areas, **policy.areas},
    )


def _with(name: str, clauses: tuple[_Kind, ...], source: tuple[_Kind, ...]) -> tuple[_Kind, ...]:
    """A clause that is new here stands behind the one that it stood behind there."""
    wanted = next((clause for clause in source if clause.id == name), None)
    if wanted is None:
        return tuple(clause for clause in clauses if clause.id != name)
    if any(clause.id == name for clause in clauses):
        return tuple(wanted if clause.id == name else clause for clause in clauses)
    before = [clause.id for clause in source[: source.index(wanted)]]
    place = max((number for number, clause in enumerate(clauses, 1) if clause.id in before), default=0)
    return (*clauses[:place], wanted, *clauses[place:])
