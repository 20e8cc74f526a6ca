"""The demo's invented calls, and the policies and destinations they are screened by."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bridge.domain.cad import CadEvent
from bridge.domain.choosing import decide
from bridge.domain.decision import Decision
from bridge.domain.destination import Destination
from bridge.domain.ids import AgencyId, DestinationId
from bridge.domain.incident import Incident, apply
from bridge.domain.policy import Policy
from bridge.domain.presence import UNHEARD, Presence, heard, unable
from bridge.sandbox import calls
from bridge.sandbox.calls import Call
from bridge.settings.destinations import load_destination
from bridge.settings.policies import load_policy

DEPLOY = Path(__file__).parents[3] / "deploy"
FILE = DEPLOY / "demo" / "invented_calls.toml"
INVENTED = calls.read(FILE)
WEDNESDAY_MORNING = datetime(2026, 1, 7, 16, 0, tzinfo=UTC)


def destinations() -> Mapping[DestinationId, Destination]:
    files = [*(DEPLOY / "destinations").glob("*.toml"), *(DEPLOY / "demo" / "destinations").glob("*.toml")]
    return {one.id: one for one in map(load_destination, files)}


def policies() -> Mapping[AgencyId, Policy]:
    files = [DEPLOY / "policies" / "dallas.toml", *(DEPLOY / "demo" / "policies").glob("*.toml")]
    return {one.agency: one for one in (load_policy(file, DESTINATIONS) for file in files)}


DESTINATIONS = destinations()
POLICIES = policies()


def told(call: Call) -> list[CadEvent]:
    return [event for event in INVENTED.events(WEDNESDAY_MORNING) if event.incident_id == call.incident]


def screened(incident: Incident, at: datetime) -> Decision:
    policy = POLICIES.get(incident.agency)
    return decide((policy,) if policy else (), incident, DESTINATIONS, at, unable=unable_at(at))


def unable_at(at: datetime) -> Mapping[DestinationId, str]:
    """Who has said by then that they can take nobody, and why."""
    known: dict[DestinationId, Presence] = {}
    for call in INVENTED.own_call:
        when = WEDNESDAY_MORNING + timedelta(seconds=call.start)
        for saying in call.says:
            when += timedelta(seconds=saying.after)
            if saying.state is not None and when <= at:
                before = known.get(call.hotline, UNHEARD)
                known[call.hotline] = heard(before, saying.state, said_at=when, reached_at=when, now=when)
    found = {name: unable(DESTINATIONS[name], presence, at) for name, presence in known.items()}
    return {name: clause for name, clause in found.items() if clause}


def decisions(call: Call) -> list[Decision]:
    events = told(call)
    incident = Incident(events[0].incident_id, events[0].agency)
    decided = []
    for event in events:
        incident = apply(incident, event)
        decided.append(screened(incident, event.at))
    return decided
