"""How long reading and writing one message takes, beside what fastavro alone takes for the same bytes.

    python -m tests.bench.codec

Microseconds, the best of several rounds on this machine, which is the figure that other work disturbs least.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from time import perf_counter

import fastavro

from bridge.domain.cad import (
    Answer,
    AuthorRole,
    CadEvent,
    Caller,
    CallType,
    Channel,
    CodedAnswer,
    EventKind,
    Location,
    LocationSource,
    Note,
)
from bridge.domain.decision import PolicyRef, Reason, TransferKind, Weight
from bridge.domain.ids import AgencyId, ClauseId, DestinationId, EventId, IncidentId, MessageId, TransferId
from bridge.domain.incident import Incident, apply
from bridge.domain.message import Offer, OfferKind
from bridge.wire import cad_events, incidents, offers
from bridge.wire.frames import Frames
from bridge.wire.schemas import SchemaName

NOW = datetime(2026, 1, 14, 21, 30, tzinfo=timezone(timedelta(hours=-6)))


def a_typical_event() -> CadEvent:
    """Two notes, four answers and a place; invented."""
    return CadEvent(
        event_id=EventId("e-000123"),
        incident_id=IncidentId("26-000123"),
        agency=AgencyId("police.exampleton.example"),
        kind=EventKind.CREATED,
        at=NOW,
        kind_code="NEW",
        call_id="urn:emergency:uid:callid:a56e556d871:exampleton.example",
        sequence=1,
        channel=Channel.NINE_ONE_ONE,
        channel_code="911",
        call_type=CallType("WELF", "Welfare check", "25-A-1"),
        priority=3,
        priority_code="P3",
        location=Location(
            civic={"A1": "XX", "A3": "Exampleton", "HNO": "100", "RD": "Example", "STS": "St"},
            text="100 Example St",
            district="B12",
            latitude=40.0,
            longitude=-60.0,
            uncertainty_m=18.0,
            confidence_percent=90,
            source=LocationSource.A_GPS,
            source_code="WPH2",
            at=NOW - timedelta(seconds=20),
        ),
        callback="+15555550123",
        caller=Caller("", Answer.NO, Answer.YES, 41, Answer.YES, Answer.NO, "en"),
        answers=tuple(
            CodedAnswer(each, Answer.NO, "N") for each in ("weapon", "violent", "injury", "suicidal")
        ),
        notes=tuple(
            Note(
                "Caller says the neighbour sits on the kerb and will not talk, no injury and no weapon seen.",
                NOW + timedelta(seconds=each),
                "ct-17",
                AuthorRole.CALL_TAKER,
                each,
            )
            for each in (1, 2)
        ),
    )


def an_offer(facts: Incident) -> Offer:
    """An offer of that event with three reasons."""
    return Offer(
        message_id=MessageId("m-1"),
        transfer_id=TransferId("t-1"),
        sequence=1,
        kind=OfferKind.OFFER,
        agency=facts.agency,
        incident_id=facts.incident_id,
        destination=DestinationId("crisis-line"),
        sent_at=NOW.astimezone(UTC),
        transfer_kind=TransferKind.VOICE,
        policy=PolicyRef("exampleton", "2026-01", "0" * 64),
        reasons=tuple(
            Reason(ClauseId(f"clause-{each}"), Weight.FOR, "A welfare check without a weapon may go.")
            for each in range(3)
        ),
        deadline=NOW + timedelta(seconds=60),
        facts=facts,
        answer_topic="hotline.signals",
    )


def best_us(work: Callable[[], object], rounds: int = 15, times: int = 1000) -> float:
    """Microseconds of one piece of work in the best round."""
    best = float("inf")
    for _ in range(rounds):
        began = perf_counter()
        for _ in range(times):
            work()
        best = min(best, perf_counter() - began)
    return best / times * 1e6


def plain_fastavro(frames: Frames, name: SchemaName, value: bytes) -> tuple[float, float]:
    """What fastavro takes to read and write the same bytes as it is used plainly."""
    schema = fastavro.parse_schema(json.loads(frames.schema(name).text))
    body = value[10:]
    record = fastavro.schemaless_reader(BytesIO(body), schema, None)
    reading = best_us(lambda: fastavro.schemaless_reader(BytesIO(body), schema, None))
    writing = best_us(lambda: fastavro.schemaless_writer(BytesIO(), schema, record))
    return reading, writing


def main() -> None:
    """Print the table."""
    frames = Frames()
    event = a_typical_event()
    blank = Incident(incident_id=event.incident_id, agency=event.agency)
    incident = apply(blank, event)
    offer = an_offer(incident)
    rows = (
        (
            SchemaName.CAD_EVENT,
            cad_events.encode(frames, event),
            lambda value: cad_events.decode(frames, value, now=NOW),
            lambda: cad_events.encode(frames, event),
        ),
        (
            SchemaName.INCIDENT,
            incidents.encode(frames, incident),
            lambda value: incidents.decode(frames, value),
            lambda: incidents.encode(frames, incident),
        ),
        (
            SchemaName.OFFER,
            offers.encode(frames, offer),
            lambda value: offers.decode(frames, value),
            lambda: offers.encode(frames, offer),
        ),
    )
    print(f"{'message':<12}{'bytes':>7}{'decode':>9}{'fastavro':>10}{'encode':>9}{'fastavro':>10}   (us)")
    for name, value, decode, encode in rows:
        reading, writing = plain_fastavro(frames, name, value)
        ours = best_us(lambda: decode(value)), best_us(encode)  # noqa: B023
        print(f"{name:<12}{len(value):>7}{ours[0]:>9.1f}{reading:>10.1f}{ours[1]:>9.1f}{writing:>10.1f}")


if __name__ == "__main__":
    main()
