"""What screening one event costs: the domain alone, on narratives of about 300 characters that all differ.

One word in ten was never seen before, as names, streets and plates are not; the rest is what call takers
type.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter_ns

from bridge.domain.cad import CallType, Note
from bridge.domain.incident import Incident, apply
from bridge.domain.policy import Policy
from bridge.domain.screening import Destinations, screen
from bridge.settings.destinations import load_destinations
from bridge.settings.policies import load_policies, load_policy
from bridge.settings.words import load_words
from tests.bench.ground import CHECKOUT, DESTINATIONS, POLICY
from tests.bench.load import AGENCY, an_event

LIMIT_US = 150.0
PROGRAMS = CHECKOUT / "deploy" / "policies" / "programs"
WORDS = CHECKOUT / "deploy" / "words"

_NEW_WORDS = 6
_LETTERS = "ABCDEFGHIKLMNOPRSTUVW"


@dataclass(frozen=True, slots=True)
class Cost:
    """One policy's cost of a screening, in microseconds: the median and the 99th of a hundred."""

    policy: str
    clauses: int
    p50: float
    p99: float


def screening_us(rounds: int = 7, incidents: int = 1000, policies: Path = POLICY.parent) -> float:
    """Microseconds of `screen`: the median of each round, and of these the best."""
    destinations = load_destinations(DESTINATIONS)
    policy = load_policies(policies, destinations)[AGENCY][-1]
    return _best(policy, destinations, rounds, incidents).p50


def costs(rounds: int = 5, incidents: int = 1000) -> Iterator[Cost]:
    """The example policy and every shipped program, each over calls of its own first type."""
    destinations = load_destinations(DESTINATIONS)
    lexicon = load_words(WORDS)
    yield _best(load_policy(POLICY, destinations, lexicon), destinations, rounds, incidents)
    doors = load_destinations(PROGRAMS / "destinations")
    for path in sorted(PROGRAMS.glob("*.toml")):
        yield _best(load_policy(path, doors, lexicon), doors, rounds, incidents)


def _best(policy: Policy, destinations: Destinations, rounds: int, incidents: int) -> Cost:
    return min(cost_of(policy, destinations, rounds, incidents), key=lambda cost: cost.p50)


def cost_of(policy: Policy, destinations: Destinations, rounds: int, incidents: int) -> Sequence[Cost]:
    """One cost a round."""
    at = datetime.now(UTC)
    found = []
    for number in range(rounds):
        took = []
        for incident in _calls(policy, number, incidents):
            began = perf_counter_ns()
            screen(incident, policy, destinations, at)
            took.append((perf_counter_ns() - began) / 1000)
        found.append(Cost(policy.name, len(policy.clauses), median(took), quantiles(took, n=100)[98]))
    return found


def _calls(policy: Policy, number: int, incidents: int) -> list[Incident]:
    """Incidents of the policy's first named type, or of one that nothing names."""
    dice = random.Random(number)
    named = next((code for clause in policy.scope for code in sorted(clause.call_types)), "ANY")
    calls = []
    for each in range(incidents):
        event = an_event(each, f"S{number}")
        grown = apply(Incident(event.incident_id, policy.agency), event)
        new = " ".join("".join(dice.choices(_LETTERS, k=dice.randint(4, 9))) for _ in range(_NEW_WORDS))
        notes = (Note(f"{grown.notes[0].text} {new}"),)
        calls.append(replace(grown, call_type=CallType(named), notes=notes))
    return calls
