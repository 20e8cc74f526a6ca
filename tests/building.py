"""Calls, records, signals and hands for tests, each with safe defaults: name what differs.

The agency and its policy are invented. A call of type `46` whose four questions were answered with no is
offered to the crisis line, then to the city's 311.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bridge.domain.cad import Answer, CadEvent, Caller, CallType, CodedAnswer, EventKind, Location, Note
from bridge.domain.decision import Verdict
from bridge.domain.destination import Destination, Precision, Privacy, Waits
from bridge.domain.ids import (
    NINE_ONE_ONE,
    AgencyId,
    ClauseId,
    DestinationId,
    EventId,
    IncidentId,
    SignalId,
    TransferId,
)
from bridge.domain.policy import Policy
from bridge.domain.policy_clauses import Danger, DisqualifierClause, ScopeClause
from bridge.domain.record import InboxRecord, Place, UnreadableRecord
from bridge.domain.signal import Signal, SignalKind, Speaker
from bridge.handling.context import Rules
from bridge.handling.hear_signals import SignalRecord
from bridge.handling.record_cad_events import CadRecord
from bridge.handling.turn import message_id, transfer_id
from bridge.ledger.sealing import KeyRing
from bridge.wire import cad_events, signals
from bridge.wire.frames import Frames

FRAMES = Frames()
AGENCY = AgencyId("police.town.example")
CRISIS_LINE, CITY_311 = DestinationId("crisis-line"), DestinationId("city-311")
KEYS = KeyRing({"k1": b"k" * 32}, "k1")
QUESTIONS = ("weapon", "violence", "medical", "police_only")
CANARIES = ("SHE SEES SPIDERS", "2145550100", "Ada Canary", "77 Canary Lane")
"""A narrative, a number, a name and a place that must not be found where they do not belong."""


def an_event(
    incident: str = "INV-1",
    event: str = "e1",
    *,
    weapon: bool = False,
    kind: EventKind = EventKind.CREATED,
    note: str = CANARIES[0],
    on_the_line: bool = True,
    practice: bool = False,
    call_type: str = "46",
) -> CadEvent:
    """An eligible call, first heard of; with `weapon` one that stays with 911."""
    said = dict.fromkeys(QUESTIONS, Answer.NO) | ({"weapon": Answer.YES} if weapon else {})
    return CadEvent(
        EventId(event),
        IncidentId(incident),
        AGENCY,
        kind,
        datetime.now(UTC),
        call_id=f"call-{incident}",
        call_type=CallType(call_type),
        location=Location(text=CANARIES[3], latitude=32.7, longitude=-96.8),
        callback=CANARIES[1],
        caller=Caller(
            CANARIES[2], first_party=Answer.YES, on_the_line=Answer.YES if on_the_line else Answer.NO
        ),
        answers=tuple(CodedAnswer(question, answer) for question, answer in said.items()),
        notes=(Note(note),),
        practice=practice,
    )


def a_place(offset: int, *, topic: str = "cad.events", partition: int = 0) -> Place:
    """Where a record was read."""
    return Place(topic, partition, offset, datetime.now(UTC))


def a_record(event: CadEvent, offset: int, *, topic: str = "cad.events", partition: int = 0) -> CadRecord:
    """A CAD event as it was read from Kafka."""
    content = cad_events.encode(FRAMES, event)
    place = a_place(offset, topic=topic, partition=partition)
    key = f"{event.agency}/{event.event_id}"
    return CadRecord(InboxRecord(place, key, hashlib.sha256(content).digest()), event, content)


def garbage(offset: int, *, topic: str = "cad.events", content: bytes = b"garbage") -> UnreadableRecord:
    """A record that is no message."""
    return UnreadableRecord(a_place(offset, topic=topic), "unknown_frame", content, b"INV-9")


def a_signal(
    kind: SignalKind,
    incident: str = "INV-1",
    *,
    attempt: int = 1,
    by: str = CRISIS_LINE,
    reason: str = "",
    text: str = "",
    prefers: str = "",
    callback_agreed: bool = False,
    name: str = "",
) -> Signal:
    """A signal about an incident's n-th transfer; `by` is a destination or `911`."""
    speaker = Speaker.NINE_ONE_ONE if by == NINE_ONE_ONE else Speaker.DESTINATION
    return Signal(
        SignalId(name or f"{kind}-{incident}-{attempt}"),
        the_transfer(incident, attempt),
        IncidentId(incident),
        AGENCY,
        kind,
        speaker,
        by,
        datetime.now(UTC) - timedelta(seconds=1),
        reason=reason,
        text=text,
        prefers=DestinationId(prefers) if prefers else None,
        callback_agreed=callback_agreed,
    )


def a_heard_signal(signal: Signal, offset: int, *, topic: str = "hotline.signals") -> SignalRecord:
    """A signal as it was read from Kafka."""
    content = signals.encode(FRAMES, signal)
    key = f"signal/{signal.speaker_id}/{signal.signal_id}"
    inbox = InboxRecord(a_place(offset, topic=topic), key, hashlib.sha256(content).digest())
    return SignalRecord(inbox, signal, content)


def the_incident(incident: str = "INV-1") -> str:
    """The ledger's key of an incident."""
    return f"{AGENCY}/{incident}"


def the_transfer(incident: str = "INV-1", attempt: int = 1) -> TransferId:
    """The id of an incident's n-th transfer."""
    return transfer_id(the_incident(incident), attempt)


def the_message(number: int, incident: str = "INV-1") -> str:
    """The id of an incident's n-th message."""
    return message_id(the_incident(incident), number)


def a_destination(name: str, *, waits: Waits | None = None, address: str = "") -> Destination:
    """A hotline that listens on Kafka."""
    return Destination(
        DestinationId(name),
        name.title(),
        "kafka",
        address or f"{name}.offers",
        Privacy(frozenset({"narrative", "callback", "location"}), Precision.EXACT),
        waits=waits or Waits(),
    )


def a_policy(route: Sequence[DestinationId] = (CRISIS_LINE, CITY_311)) -> Policy:
    """The invented agency's."""
    return Policy(
        agency=AGENCY,
        name="town",
        version="1",
        effective=datetime(2020, 1, 1, tzinfo=UTC),
        timezone="UTC",
        scope=(
            ScopeClause(
                id=ClauseId("crisis"),
                sentence="May go.",
                verdict=Verdict.OFFER,
                call_types=frozenset({"46"}),
                route=tuple(route),
            ),
            ScopeClause(
                id=ClauseId("ask"),
                sentence="Ask.",
                verdict=Verdict.RECOMMEND,
                call_types=frozenset({"31"}),
                route=tuple(route),
            ),
        ),
        disqualifier=tuple(
            DisqualifierClause(
                id=ClauseId(danger.value.replace("_", "-")),
                danger=danger,
                sentence="Stays.",
                questions=(danger.value,),
                unanswered="review",
            )
            for danger in Danger
        ),
        digest="0" * 64,
    )


def rules(*, scale: float = 1.0, budget: float = 120.0, prefix: str = "") -> Rules:
    """The agency's policy and two hotlines. `scale` shortens every wait; `prefix` begins every topic."""
    hotlines = [a_destination(name, address=f"{prefix}{name}.offers") for name in (CRISIS_LINE, CITY_311)]
    return Rules(
        policies={AGENCY: (a_policy(),)},
        destinations={hotline.id: hotline for hotline in hotlines},
        budget_seconds=budget,
        waits_scale=scale,
    )
