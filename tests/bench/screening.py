"""What screening one event costs: the domain alone, on narratives of about 300 characters that all differ."""

from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter_ns

from bridge.domain.incident import Incident, apply
from bridge.domain.screening import screen
from bridge.settings.destinations import load_destinations
from bridge.settings.policies import load_policies
from tests.bench.ground import DESTINATIONS, POLICY
from tests.bench.load import AGENCY, an_event

LIMIT_US = 150.0


def screening_us(rounds: int = 7, incidents: int = 1000, policies: Path = POLICY.parent) -> float:
    """Microseconds of `screen`: the median of each round, and of these the best."""
    destinations = load_destinations(DESTINATIONS)
    policy = load_policies(policies, destinations)[AGENCY][-1]
    at = datetime.now(UTC)
    medians = []
    for number in range(rounds):
        events = [an_event(each, f"S{number}") for each in range(incidents)]
        grown = [apply(Incident(event.incident_id, event.agency), event) for event in events]
        took = []
        for incident in grown:
            began = perf_counter_ns()
            screen(incident, policy, destinations, at)
            took.append(perf_counter_ns() - began)
        medians.append(median(took))
    return min(medians) / 1000
