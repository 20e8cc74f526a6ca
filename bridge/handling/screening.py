"""Screening an incident under lock by the policies in force. The rules themselves are the domain's."""

from datetime import datetime

from bridge.domain.choosing import decide
from bridge.domain.decision import Decision
from bridge.domain.incident import Incident
from bridge.domain.policy import in_force
from bridge.handling.context import Rules
from bridge.ledger.rows import LockedIncident


def screened(held: LockedIncident, rules: Rules, now: datetime) -> Decision:
    """What the agency's policies in force at `now` say of the incident as it stands."""
    return decide(rules.policies.get(held.incident.agency, ()), held.incident, rules.destinations, now)


def screened_beside(incident: Incident, rules: Rules, now: datetime) -> Decision | None:
    """What the agency's shadow policies say of it; None when none of them is in force."""
    shadow = rules.shadow.get(incident.agency, ())
    return decide(shadow, incident, rules.destinations, now) if in_force(shadow, now) else None
