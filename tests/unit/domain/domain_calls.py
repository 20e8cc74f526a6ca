"""Calls, policies and transfers for the domain's tests: one thing each, safe unless it says otherwise."""

from datetime import UTC, datetime, timedelta

from bridge.domain.cad import Answer, Caller, CallType, CodedAnswer, Location, Note
from bridge.domain.decision import TransferKind, Verdict
from bridge.domain.destination import Destination, Privacy
from bridge.domain.hours import Hours
from bridge.domain.ids import AgencyId, ClauseId, DestinationId, IncidentId, SignalId, TransferId
from bridge.domain.incident import Incident
from bridge.domain.policy import Policy
from bridge.domain.policy_clauses import Danger, DisqualifierClause, ScopeClause
from bridge.domain.signal import Signal, SignalKind, Speaker
from bridge.domain.transfer import Transfer
from bridge.domain.transfer_table import State

NOW = datetime(2025, 6, 3, 15, 0, tzinfo=UTC)
AGENCY = AgencyId("police.test.example")
LINE = DestinationId("line")
DESK = DestinationId("desk")
QUESTIONS = ("weapon", "violence", "medical", "police_only")


def a_call(
    code: str = "CRISIS",
    *,
    answers: dict[str, Answer] | None = None,
    narrative: str = "",
    caller: Caller | None = None,
    determinant: str = "",
    **facts: object,
) -> Incident:
    """A call about a crisis of which every safety question was answered with no."""
    given = dict.fromkeys(QUESTIONS, Answer.NO) | (answers or {})
    return Incident(
        incident_id=IncidentId("25-000001"),
        agency=AGENCY,
        version=1,
        call_type=CallType(code, determinant=determinant),
        answers=tuple(CodedAnswer(question, answer) for question, answer in given.items()),
        notes=(Note(narrative),) if narrative else (),
        caller=caller or Caller(),
        location=Location(district="D1"),
        **facts,  # type: ignore[arg-type]
    )


def a_danger(danger: Danger = Danger.WEAPON, **rules: object) -> DisqualifierClause:
    given: dict[str, object] = {"id": ClauseId(danger.value), "sentence": f"There is {danger.value}."}
    return DisqualifierClause(danger=danger, **(given | rules))  # type: ignore[arg-type]


def the_dangers() -> tuple[DisqualifierClause, ...]:
    """All four, each asked, each demanded."""
    words = {
        Danger.WEAPON: ("gun", "knife", "weapon*", "hand gun"),
        Danger.VIOLENCE: ("violent*", "hitting", "threat*"),
        Danger.MEDICAL: ("inj", "injur*", "not breathing"),
        Danger.POLICE_ONLY: ("breaking in",),
    }
    return tuple(
        a_danger(
            danger,
            questions=(danger.value,),
            unanswered="review",
            words=words[danger],
            denials=("verbal only",) if danger is Danger.VIOLENCE else (),
            tandem_for=frozenset({ClauseId("crisis")}) if danger is Danger.WEAPON else frozenset(),
        )
        for danger in Danger
    )


def a_scope(clause: str = "crisis", verdict: Verdict = Verdict.OFFER, **rules: object) -> ScopeClause:
    """A clause that offers calls of the type of its own name to the line."""
    given: dict[str, object] = {
        "id": ClauseId(clause),
        "sentence": f"This is {clause}.",
        "call_types": frozenset({clause}),
        "route": (LINE,),
    }
    return ScopeClause(verdict=verdict, **(given | rules))  # type: ignore[arg-type]


def a_policy(
    *scope: ScopeClause, disqualifier: tuple[DisqualifierClause, ...] | None = None, **facts: object
) -> Policy:
    given: dict[str, object] = {
        "agency": AGENCY,
        "name": "test",
        "version": "7",
        "effective": NOW - timedelta(days=1),
        "timezone": "UTC",
    }
    dangers = the_dangers() if disqualifier is None else disqualifier
    return Policy(scope=scope or (a_scope(),), disqualifier=dangers, **(given | facts))  # type: ignore[arg-type]


def a_destination(
    name: str = "line",
    kinds: frozenset[TransferKind] = frozenset(TransferKind),
    hours: Hours | None = None,
) -> Destination:
    return Destination(
        DestinationId(name), name, "kafka", name, Privacy(frozenset()), kinds, hours=hours or Hours()
    )


DESTINATIONS = {LINE: a_destination("line"), DESK: a_destination("desk")}


def a_transfer(state: State = State.OFFERED, **facts: object) -> Transfer:
    """A voice transfer to the line, offered now, with a minute for all the asking."""
    given: dict[str, object] = {
        "kind": TransferKind.VOICE,
        "attempt": 1,
        "created_at": NOW,
        "budget_until": NOW + timedelta(seconds=60),
        "deadline": NOW + timedelta(seconds=15),
    }
    return Transfer(TransferId("t"), IncidentId("i"), AGENCY, LINE, state=state, **(given | facts))  # type: ignore[arg-type]


def a_signal(kind: SignalKind, **facts: object) -> Signal:
    given: dict[str, object] = {"speaker": Speaker.DESTINATION, "speaker_id": LINE, "said_at": NOW}
    return Signal(SignalId("s"), TransferId("t"), IncidentId("i"), AGENCY, kind, **(given | facts))  # type: ignore[arg-type]
