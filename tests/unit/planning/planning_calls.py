"""A log, a policy and destinations for the tests of planning: invented, small enough to be counted by hand.

The policy offers a CRISIS to the line, then to the desk, recommends a QUARREL to the desk on weekdays by day,
and leaves what is ODD for a person. All four questions are demanded.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from bridge.domain.cad import (
    Answer,
    CadEvent,
    Caller,
    CallType,
    CodedAnswer,
    EventKind,
    Location,
    Note,
    Unit,
    UnitStatus,
)
from bridge.domain.decision import Verdict
from bridge.domain.destination import Acceptance, Destination, Privacy
from bridge.domain.hours import Hours, Span
from bridge.domain.ids import AgencyId, ClauseId, DestinationId, EventId, IncidentId
from bridge.domain.policy import Policy
from bridge.domain.policy_clauses import Danger, DisqualifierClause, LimitClause, ScopeClause
from bridge.planning.past import Log, PastCall, past_calls
from bridge.planning.plan import Plan, plan_of

AGENCY = AgencyId("police.town.example")
LINE, DESK = DestinationId("line"), DestinationId("desk")
MONDAY = datetime(2025, 6, 2, 10, 0, tzinfo=UTC)
QUESTIONS = ("weapon", "violence", "medical", "police_only")
ALL_NO = dict.fromkeys(QUESTIONS, Answer.NO)
BY_DAY = Hours("UTC", (Span(frozenset(range(5)), time(7), time(19)),))


def an_event(
    incident: str = "1",
    code: str = "CRISIS",
    *,
    at: datetime = MONDAY,
    kind: EventKind = EventKind.CREATED,
    answers: dict[str, Answer] | None = None,
    narrative: str = "",
    district: str = "D1",
    units: tuple[str, ...] = (),
    **facts: object,
) -> CadEvent:
    """A call about a crisis, of which every question was answered with no."""
    given = ALL_NO if answers is None else answers
    return CadEvent(
        EventId(f"{incident}-{at.isoformat()}-{kind}"),
        IncidentId(incident),
        AGENCY,
        kind,
        at,
        call_type=CallType(code) if code else None,
        answers=tuple(CodedAnswer(question, answer) for question, answer in given.items()),
        notes=(Note(narrative),) if narrative else (),
        location=Location(district=district) if district else None,
        units=tuple(Unit(name, UnitStatus.DISPATCHED, at=at) for name in units),
        **facts,  # type: ignore[arg-type]
    )


def a_past_call(incident: str = "1", code: str = "CRISIS", **facts: object) -> PastCall:
    (call,) = past_calls([an_event(incident, code, **facts)])  # type: ignore[arg-type]
    return call


def a_log(*events: CadEvent) -> Log:
    return Log(past_calls(events), len(events))


def of_age(age: int) -> Caller:
    return Caller(age=age)


def a_scope(name: str, verdict: Verdict = Verdict.OFFER, **rules: object) -> ScopeClause:
    """A clause for the calls of the type of its own name."""
    given: dict[str, object] = {
        "call_types": frozenset({name}),
        "route": (LINE,),
        "sentence": f"It is {name}.",
    }
    return ScopeClause(id=ClauseId(name), verdict=verdict, **(given | rules))  # type: ignore[arg-type]


def a_limit(name: str, **rules: object) -> LimitClause:
    return LimitClause(id=ClauseId(name), sentence=f"Limited to {name}.", **rules)  # type: ignore[arg-type]


def the_scopes() -> tuple[ScopeClause, ...]:
    return (
        a_scope("crisis", need="behavioral-health", route=(LINE, DESK)),
        a_scope("quarrel", Verdict.RECOMMEND, need="conflict", route=(DESK,), hours=BY_DAY),
        a_scope("odd", Verdict.REVIEW),
    )


def the_dangers() -> tuple[DisqualifierClause, ...]:
    return tuple(
        DisqualifierClause(
            id=ClauseId(danger.value.replace("_", "-")),
            danger=danger,
            sentence=f"There is {danger.value}.",
            questions=(danger.value,),
            unanswered="review",
            words=("gun", "knife") if danger is Danger.WEAPON else (),
        )
        for danger in Danger
    )


def a_policy(**facts: object) -> Policy:
    given: dict[str, object] = {
        "agency": AGENCY,
        "name": "town",
        "version": "1",
        "effective": MONDAY + timedelta(days=3650),
        "timezone": "UTC",
        "scope": the_scopes(),
        "disqualifier": the_dangers(),
    }
    return Policy(**(given | facts))  # type: ignore[arg-type]


def a_destination(name: DestinationId, **facts: object) -> Destination:
    return Destination(name, f"The {name}", "kafka", name, Privacy(frozenset()), **facts)  # type: ignore[arg-type]


def a_plan(*destinations: Destination, policy: Policy | None = None) -> Plan:
    """The policy, with a line and a desk unless others of their name are given."""
    known = {name: a_destination(name) for name in (LINE, DESK)} | {each.id: each for each in destinations}
    return plan_of([policy or a_policy()], known)


def an_acceptance(name: str, **rules: object) -> Acceptance:
    return Acceptance(
        id=ClauseId(name),
        sentence=f"We take {name}.",
        signed_by="A. Person",
        signed_on=date(2025, 1, 1),
        **rules,  # type: ignore[arg-type]
    )


def ids(calls: Iterable[PastCall]) -> list[str]:
    return [call.last.incident_id for call in calls]
