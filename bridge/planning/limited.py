"""What a plan can limit itself to, and a clause, a policy or a destination without one such limit.

A limit is a condition on place, hour or caller, what a `[[limit]]` or an acceptance lets through, and when
and how a destination can be asked. Dangers are no limits: nobody lifts them here.
"""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import TypeVar

from bridge.domain import clauses
from bridge.domain.decision import TransferKind
from bridge.domain.destination import Destination
from bridge.domain.hours import ALWAYS
from bridge.domain.policy import Policy, Where
from bridge.domain.policy_clauses import LimitClause
from bridge.domain.when import When

_When = TypeVar("_When", bound=When)


class Limited(StrEnum):
    """What is limited."""

    FIRST_PARTY = "first-person callers only"
    AGE = "age"
    CONSENT = "consent"
    HOURS = "hours"
    PLACE = "districts and areas"
    NEEDS = "certain needs only"
    NEVER = "what is never taken"
    TRANSFER = "voice or data only"


OF_SCOPE: Mapping[Limited, frozenset[str]] = {
    Limited.FIRST_PARTY: frozenset({clauses.CALLER_NOT_FIRST_PARTY, clauses.CALLER_PARTY_UNKNOWN}),
    Limited.AGE: frozenset({clauses.CALLER_AGE_OUTSIDE, clauses.CALLER_AGE_UNKNOWN}),
    Limited.CONSENT: frozenset({clauses.CALLER_CONSENT_REFUSED, clauses.CALLER_CONSENT_UNKNOWN}),
    Limited.HOURS: frozenset({clauses.HOURS_CLOSED}),
    Limited.PLACE: frozenset({clauses.DISTRICT_OUTSIDE, clauses.DISTRICT_UNKNOWN}),
}
"""Which built-in clauses say that a scope clause's own limit is not met, or not known to be."""

OF_DOOR: Mapping[Limited, str] = {
    Limited.HOURS: clauses.DESTINATION_CLOSED,
    Limited.TRANSFER: clauses.DESTINATION_OTHER_KIND,
}
"""Which built-in clause says that a destination cannot be asked; its id follows."""

OF_GROUND = frozenset({clauses.PLACE_OUTSIDE, clauses.PLACE_UNKNOWN})
"""The built-in clauses that say that the place is on no policy's ground."""


def lifted(when: _When, what: Limited) -> _When:
    """The clause without its limits of this kind."""
    match what:
        case Limited.FIRST_PARTY:
            return replace(when, caller=replace(when.caller, first_party=False))
        case Limited.AGE:
            return replace(when, caller=replace(when.caller, min_age=None, max_age=None))
        case Limited.CONSENT:
            return replace(when, caller=replace(when.caller, consent=False))
        case Limited.HOURS:
            return replace(when, hours=ALWAYS)
        case Limited.PLACE:
            return replace(when, districts=frozenset(), areas=frozenset())
        case Limited.NEEDS if isinstance(when, LimitClause):
            return replace(when, needs=frozenset())
        case Limited.NEVER if isinstance(when, LimitClause):
            return replace(when, never=None)
    return when


def limits(when: When, what: Limited) -> bool:
    """Whether the clause has a limit of this kind."""
    return lifted(when, what) != when


def policy_without(policy: Policy, what: Limited) -> Policy:
    """The policy without limits of this kind, wherever in it they are written."""
    return replace(
        policy,
        scope=tuple(lifted(clause, what) for clause in policy.scope),
        limit=tuple(lifted(clause, what) for clause in policy.limit),
        answer=tuple(lifted(clause, what) for clause in policy.answer),
        recategory=tuple(lifted(clause, what) for clause in policy.recategory),
        where=Where() if what is Limited.PLACE else policy.where,
    )


def destination_without(destination: Destination, what: Limited) -> Destination:
    """The destination that accepts without limits of this kind and can always be asked so."""
    return replace(
        opened(destination, what), accepts=tuple(lifted(clause, what) for clause in destination.accepts)
    )


def opened(destination: Destination, what: Limited) -> Destination:
    """The destination whose door is open at every hour, or to voice and data."""
    if what is Limited.HOURS:
        return replace(destination, hours=ALWAYS)
    return replace(destination, kinds=frozenset(TransferKind)) if what is Limited.TRANSFER else destination
