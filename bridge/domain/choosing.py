"""Which of an agency's policies decides an incident: those in force, for the ground that it lies on.

Where two policies claim the same ground, the more cautious decision counts.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bridge.domain import clauses
from bridge.domain.cad import Answer
from bridge.domain.decision import Decision
from bridge.domain.ground import inside
from bridge.domain.incident import Incident
from bridge.domain.policy import Policy, in_force
from bridge.domain.screening import NOBODY_UNABLE, Destinations, Unable, Weighing, kept, no_policy, weigh
from bridge.domain.spoken import CAUTION


def decide(
    policies: Sequence[Policy],
    incident: Incident,
    destinations: Destinations,
    at: datetime,
    unable: Unable = NOBODY_UNABLE,
) -> Decision:
    """What the agency's policies say of the incident at `at` (aware); without one, 911 keeps it."""
    return decide_weighing(policies, incident, destinations, at, unable).decision


def decide_weighing(
    policies: Sequence[Policy],
    incident: Incident,
    destinations: Destinations,
    at: datetime,
    unable: Unable = NOBODY_UNABLE,
) -> Weighing:
    """As `decide`, with everything that was weighed."""
    current = in_force(policies, at)
    if not current:
        return Weighing(no_policy(incident), ())
    claims = [(policy, claims_ground(policy, incident)) for policy in current]
    weighed = [
        weigh(incident, policy, destinations, at, unable) for policy, claim in claims if claim is Answer.YES
    ]
    if weighed:
        return _most_cautious(weighed)
    unknown = any(claim is Answer.UNKNOWN for _, claim in claims)
    return Weighing(kept(clauses.PLACE_UNKNOWN if unknown else clauses.PLACE_OUTSIDE), ())


def _most_cautious(weighed: Sequence[Weighing]) -> Weighing:
    """What counts, until waiting longer may change what any of them decides."""
    counts = max(weighed, key=lambda one: CAUTION[one.decision.verdict])
    instants = [one.decision.again_at for one in weighed if one.decision.again_at is not None]
    if len(weighed) == 1 or not instants:
        return counts
    return replace(counts, decision=replace(counts.decision, again_at=min(instants)))


def claims_ground(policy: Policy, incident: Incident) -> Answer:
    """Whether the policy is for the place of this incident."""
    where = policy.where
    if not where.districts and not where.areas:
        return Answer.YES
    return inside(incident, where.districts, [policy.areas[name] for name in where.areas])
