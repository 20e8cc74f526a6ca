"""Screening an incident under lock by the policies in force. The rules themselves are the domain's."""

from bridge.domain.choosing import decide
from bridge.domain.decision import Decision
from bridge.domain.incident import Incident
from bridge.domain.policy import in_force
from bridge.handling.passing_over import as_they_are, unable_now
from bridge.handling.turn import Turn
from bridge.ledger.rows import LockedIncident


def screened(turn: Turn, held: LockedIncident) -> Decision:
    """What the agency's policies in force say of the incident, with the destinations as they are."""
    policies = turn.rules.policies.get(held.incident.agency, ())
    return decide(policies, held.incident, as_they_are(turn), turn.now, unable_now(turn, held))


def screened_beside(turn: Turn, incident: Incident) -> Decision | None:
    """What the agency's shadow policies say of it; None when none of them is in force."""
    shadow = turn.rules.shadow.get(incident.agency, ())
    if not in_force(shadow, turn.now):
        return None
    return decide(shadow, incident, as_they_are(turn), turn.now, unable_now(turn))
