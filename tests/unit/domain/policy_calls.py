"""What the tests of the policy language share: decisions, fields and limits made short."""

from dataclasses import replace

from domain_calls import (
    DESTINATIONS,
    NOW,
    QUESTIONS,
    a_call,
)

from bridge.domain.cad import (
    Answer,
    CodedAnswer,
)
from bridge.domain.decision import Decision
from bridge.domain.destination import Destination
from bridge.domain.ids import ClauseId, DestinationId
from bridge.domain.incident import Incident
from bridge.domain.policy import Policy
from bridge.domain.policy_clauses import (
    LimitClause,
)
from bridge.domain.screening import screen

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN
UNASKED = dict.fromkeys(QUESTIONS, UNKNOWN)


def with_field(call: Incident, name: str, code: str) -> Incident:
    return replace(call, answers=(*call.answers, CodedAnswer(name, UNKNOWN, code)))


def decided(
    call: Incident, policy: Policy, doors: dict[DestinationId, Destination] | None = None
) -> Decision:
    return screen(call, policy, doors or DESTINATIONS, NOW)


def spoken(decision: Decision) -> set[str]:
    return {reason.clause for reason in decision.reasons}


def a_limit(**rules: object) -> LimitClause:
    given: dict[str, object] = {"id": ClauseId("limit"), "sentence": "A limit."}
    return LimitClause(**(given | rules))  # type: ignore[arg-type]


CALL = a_call()
"""One that any policy here may let go."""
