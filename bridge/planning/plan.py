"""A plan: the policies and destinations that are tried on past calls, as if they had always been in force.

`effective` instants are left out: what is tried is what is to come. Otherwise it screens as the bridge does.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property

from bridge.domain.choosing import decide_weighing
from bridge.domain.decision import Verdict, Weight
from bridge.domain.destination import Destination
from bridge.domain.ids import ClauseId
from bridge.domain.incident import Incident
from bridge.domain.policy import Policy
from bridge.domain.policy_clauses import Clause
from bridge.domain.screening import Destinations, Unable, Weighing
from bridge.domain.spoken import CAUTION
from bridge.planning.past import PastCall

GOING = frozenset({Verdict.OFFER, Verdict.RECOMMEND, Verdict.TANDEM})
"""The verdicts by which somebody else than 911 is sent or asked, if beside police: not review, not keep."""

_ALWAYS = datetime(1, 1, 2, tzinfo=UTC)


@dataclass(frozen=True)
class Plan:
    """Policies of different ground, or one, the destinations they name, and who cannot be asked."""

    policies: tuple[Policy, ...]
    destinations: Destinations = field(default_factory=dict)
    unable: Unable = field(default_factory=dict)

    @cached_property
    def clauses(self) -> dict[ClauseId, Clause]:
        """Every clause by its id, each destination's acceptance among them."""
        accepted = [clause for each in self.destinations.values() for clause in each.accepts]
        written = [clause for policy in self.policies for clause in policy.clauses]
        return {clause.id: clause for clause in (*accepted, *written)}

    @cached_property
    def waits(self) -> tuple[timedelta, ...]:
        """How long a call may have to wait before some clause is about it, the shortest first."""
        asked = {when.waiting_minutes for policy in self.policies for when in policy.whens()}
        return tuple(timedelta(minutes=minutes) for minutes in sorted(m for m in asked if m is not None))

    @property
    def timezone(self) -> str:
        """Where its hours are meant."""
        return self.policies[0].timezone

    def without(self, clause: ClauseId) -> "Plan":
        """The plan as it would be if nobody had written this clause."""
        destinations = {
            name: replace(each, accepts=tuple(one for one in each.accepts if one.id != clause))
            if any(one.id == clause for one in each.accepts)
            else each
            for name, each in self.destinations.items()
        }
        policies = tuple(policy.without(clause) for policy in self.policies)
        return replace(self, policies=policies, destinations=destinations)

    def with_policy(self, policy: Policy, changed: Policy) -> "Plan":
        """The plan with one policy changed."""
        return replace(self, policies=tuple(changed if one is policy else one for one in self.policies))

    def with_destination(self, destination: Destination) -> "Plan":
        """The plan with this destination in the place of the one of the same id."""
        return replace(self, destinations={**self.destinations, destination.id: destination})

    def weigh(self, incident: Incident, call: PastCall, unable: Unable | None = None) -> Weighing:
        """What is decided of this state of the call at the instant it came in.

        Where clauses are about calls that wait, also at each later instant until somebody was sent: the
        least cautious decision counts, the earliest of equals.
        """
        unable = self.unable if unable is None else unable
        decided = decide_weighing(self.policies, incident, self.destinations, call.at, unable)
        for wait in self.waits:
            if wait <= call.waited:
                later = decide_weighing(self.policies, incident, self.destinations, call.at + wait, unable)
                if CAUTION[later.decision.verdict] < CAUTION[decided.decision.verdict]:
                    decided = later
        return decided


def plan_of(policies: Sequence[Policy], destinations: Destinations) -> Plan:
    """A plan of the newest version of each policy, and of the destinations that these name."""
    newest: dict[str, Policy] = {}
    for policy in sorted(policies, key=lambda one: one.effective):
        newest[policy.name] = replace(policy, effective=_ALWAYS)
    chosen = tuple(newest.values())
    named = {name for policy in chosen for clause in policy.scope for name in clause.route}
    return Plan(chosen, {name: each for name, each in destinations.items() if name in named})


def goes(weighing: Weighing) -> bool:
    """Whether the call would go, or be recommended to go, to a community responder."""
    return weighing.decision.verdict in GOING


def held_back_by(weighing: Weighing) -> Iterator[ClauseId]:
    """Each clause that spoke against the call's going, or left something open, once."""
    reasons = weighing.decision.reasons
    yield from dict.fromkeys(reason.clause for reason in reasons if reason.weight is not Weight.FOR)
