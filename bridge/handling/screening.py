"""Screening an incident under lock by the policy in force. The rules themselves are the domain's."""

from datetime import datetime

from bridge.domain.decision import Decision
from bridge.domain.policy import policy_in_force
from bridge.domain.screening import no_policy, screen
from bridge.handling.context import Rules
from bridge.ledger.rows import LockedIncident


def screened(held: LockedIncident, rules: Rules, now: datetime) -> Decision:
    """What the agency's policy in force at `now` says of the incident as it stands."""
    policy = policy_in_force(rules.policies.get(held.incident.agency, ()), now)
    if policy is None:
        return no_policy(held.incident)
    return screen(held.incident, policy, rules.destinations, now)
