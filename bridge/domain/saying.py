"""The words for the call taker: what to tell the caller about who is next, why, and how long it takes.

Made of the policy's and the destinations' own sentences, never of anything that was said in the call.
"""

from collections.abc import Mapping, Sequence

from bridge.domain.decision import Reason, Verdict, Weight
from bridge.domain.destination import Destination
from bridge.domain.ids import DestinationId
from bridge.domain.policy_clauses import ScopeClause

_MINUTE = 60.0


def words_for_caller(
    verdict: Verdict,
    reasons: Sequence[Reason],
    route: Sequence[DestinationId],
    admitting: Sequence[ScopeClause],
    destinations: Mapping[DestinationId, Destination],
) -> str:
    """Who is next, why, and the expected wait; for a call that stays or must be looked at, why."""
    if verdict is Verdict.REVIEW:
        return _why("Stays with 911 until somebody has looked.", reasons)
    if not route:
        return _why("Stays with 911.", reasons)
    destination = destinations[route[0]]
    clause = next((one for one in admitting if destination.id in one.route), None)
    who = clause.say if clause is not None and clause.say else f"Next is {destination.name}."
    why = f" {clause.sentence}" if clause is not None else ""
    return f"{who}{why}{_wait(destination.expected_wait)}"


def _why(said: str, reasons: Sequence[Reason]) -> str:
    """With the first reason: a danger before anything else."""
    against = [reason for reason in reasons if reason.weight is not Weight.FOR]
    first = next((reason for reason in against if reason.disqualifies), against[0] if against else None)
    return f"{said} {first.sentence}" if first is not None else said


def _wait(seconds: float | None) -> str:
    if seconds is None:
        return " The wait is not known."
    if seconds < _MINUTE:
        return " Expected wait: less than a minute."
    return f" Expected wait: about {round(seconds / _MINUTE)} min."
