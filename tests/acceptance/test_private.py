"""A caller's words, number, place and name are found nowhere but where they must be.

Words that stand nowhere else are put into every such field of good and bad records. A real worker handles
them, loses its ledger on the way and dies of a defect; then every sink is searched. The hotline's own
messages are searched too: there they must be found, or the search itself would show nothing.
"""

import asyncio
import base64
import os
import subprocess
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from bridge.domain.cad import CadEvent, CallType, Caution, CautionAbout, Location, Note, PriorCall
from bridge.domain.ids import EventId, SignalId
from bridge.domain.message import Offer, OfferKind
from bridge.domain.signal import Signal, SignalKind, Speaker
from bridge.sandbox.postgres import BINARIES
from bridge.sandbox.world import World
from bridge.wire import cad_events, signals
from tests.faults.calls import AGENCY, Told, closed, course_of, created, noted
from tests.faults.ground import HOTLINE, Ground, new_ground
from tests.faults.lanes import Lane, running
from tests.faults.reckoning import drained
from tests.faults.seams import SECRET, Fault, Order, Point
from tests.faults.traffic import Sent, everything_on, offers_read, producer, send

pytestmark = pytest.mark.asyncio(loop_scope="module")

NARRATIVE, DANGER, NUMBER, PLACE, CIVIC, NAME, AUTHOR, TYPE_TEXT, DISPOSITION = (
    *("CANARYNARRATIVE", "CANARYDANGER", "+15555550177", "CANARYPLACE", "CANARYCIVIC"),
    *("CANARYNAME", "CANARYAUTHOR", "CANARYTYPE", "CANARYDISPOSITION"),
)
BAD_BYTES, SIGNAL_TEXT, SIGNAL_REASON, LATITUDE = (
    *("CANARYBYTES", "CANARYSAID", "CANARY REASON +15555550178", "33.123457"),
)
CAUTION, CAUTION_CODE, PRIOR_CALL, PRIOR_TYPE, PRIOR_DISPOSITION = KEPT_BY_911 = (
    *("CANARYCAUTION", "CANARYFLAG", "CANARYPRIOR", "CANARYBEFORE", "CANARYENDED"),
)
OF_EVENTS = (
    *(NARRATIVE, DANGER, NUMBER, PLACE, CIVIC, NAME, AUTHOR, TYPE_TEXT, DISPOSITION, LATITUDE),
    *KEPT_BY_911,
)
CANARIES = (*OF_EVENTS, BAD_BYTES, SIGNAL_TEXT, "CANARY REASON", "5555550178", SECRET)
SEEN_BY_THE_HOTLINE = (NARRATIVE, NUMBER, PLACE, CIVIC, NAME, TYPE_TEXT)


def private(event: CadEvent, note: str = NARRATIVE) -> CadEvent:
    """The event with words of a caller in every field that can hold some."""
    assert event.caller is not None
    now = datetime.now(UTC)
    return replace(
        event,
        call_type=CallType("46", TYPE_TEXT),
        callback=NUMBER,
        disposition=DISPOSITION,
        location=Location(
            civic={"HNO": "100", "RD": CIVIC}, text=PLACE, latitude=float(LATITUDE), longitude=-96.8
        ),
        caller=replace(event.caller, name=NAME),
        notes=(Note(f"MALE ON CURB {note} CALM", now, AUTHOR),),
        cautions=(Caution(CAUTION_CODE, CautionAbout.ADDRESS, f"two dogs {CAUTION}", now),),
        prior_calls=(PriorCall(PRIOR_CALL, PRIOR_TYPE, now, PRIOR_DISPOSITION),),
    )


def told(incident_id: str) -> list[Told]:
    """Created, noted with a danger, closed: offered, recalled, and over."""
    danger = noted(incident_id, 2, f"HAS A KNIFE {DANGER}")
    events = [private(created(incident_id)), danger, closed(incident_id, 3)]
    return [Told(incident_id, number, course_of(1), event) for number, event in enumerate(events, start=1)]


@dataclass(frozen=True, slots=True)
class Sinks:
    """Everything that was left behind, as bytes, by where it was found."""

    found: dict[str, bytes] = field(repr=False)

    def holding(self, word: str) -> list[str]:
        """Where `word` stands, also as hexadecimal or base64 (whole, at any of its three alignments)."""
        shapes = [word.encode(), word.encode("utf-16-le"), word.encode().hex().encode()]
        shapes += [base64.b64encode(b"x" * shift + word.encode())[4:-4] for shift in range(3)]
        return [
            where
            for where, content in self.found.items()
            if any(shape.lower() in content.lower() for shape in shapes if len(shape) > 5)
        ]


@pytest.fixture(scope="module")
def ground(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    folder = Path(tmp_path_factory.mktemp("private"))
    made = new_ground(world, folder, partitions=1, but={"BRIDGE_LOG__LEVEL": "DEBUG"})
    yield made
    made.remove()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sinks(ground: Ground) -> AsyncIterator[Sinks]:
    """What is left after an evening on which everything happened that can happen to a call."""
    async with running(ground, "a") as (lane,):
        sent = await send(ground, [*told("INV-1"), *told("INV-2")])
        sent.told += (await send(ground, [Told("INV-3", 1, course_of(0), private(created("INV-3")))])).told
        await drained(ground, sent)
        await answered_and_returned(ground, "INV-3")
        await nobody_can_read(ground)
        await ledger_goes_away(ground, sent)
        scraped = await asyncio.to_thread(lane.exposition)
        await dies_of_a_defect(lane, sent)
        found = {"metrics": scraped.encode(), "log of the worker": lane.log.read_bytes()}
        found |= await topics(ground)
        found |= await asyncio.to_thread(stored, ground)
        yield Sinks(found)


async def answered_and_returned(ground: Ground, incident_id: str) -> None:
    """A counsellor takes the call and gives it back, in words of their own; others speak out of turn."""
    (offer,) = [one.offer for one in await offers_read(ground, incident_id)]
    said = [
        a_signal(offer, SignalKind.ALERTING),
        a_signal(offer, SignalKind.ANSWERED),
        a_signal(offer, SignalKind.VOICE_CONTACT),
        a_signal(offer, SignalKind.QUEUED),
        replace(a_signal(offer, SignalKind.DECLINED), speaker_id="somebody-else"),
        a_signal(offer, SignalKind.RETURN_ASKED),
        a_signal(replace(offer, transfer_id="nobody-knows-it"), SignalKind.CLOSED),  # type: ignore[arg-type]
        replace(a_signal(offer, SignalKind.RETURN_TAKEN), speaker=Speaker.NINE_ONE_ONE, speaker_id="911"),
    ]
    async with producer(ground) as writer:
        for signal in said:
            value = signals.encode(ground.frames, signal)
            await writer.send_and_wait(ground.topics.signals, value, key=incident_id.encode())
        await writer.send_and_wait(ground.topics.signals, b"garbage " + BAD_BYTES.encode())
    await until_equal(ground, "select count(*) from transfer where state = 'returned'", 1)


def a_signal(offer: Offer, kind: SignalKind) -> Signal:
    """A signal whose every free field holds somebody's words."""
    return Signal(
        signal_id=SignalId(f"{offer.transfer_id}.{kind}"),
        transfer_id=offer.transfer_id,
        incident_id=offer.incident_id,
        agency=offer.agency,
        kind=kind,
        speaker=Speaker.DESTINATION,
        speaker_id=HOTLINE,
        said_at=datetime.now(UTC),
        reason=SIGNAL_REASON,
        text=f"he told me {SIGNAL_TEXT}",
        outcome=SIGNAL_REASON,
        return_to=SIGNAL_REASON,
    )


async def nobody_can_read(ground: Ground) -> None:
    """Records in quarantine that are full of words."""
    event = private(created("INV-1"))
    whole = cad_events.encode(ground.frames, replace(event, event_id=EventId("INV-1.new")))
    records = [
        b"\x8f garbage " + " ".join(OF_EVENTS).encode() + BAD_BYTES.encode(),
        whole[:-20],
        whole + BAD_BYTES.encode(),
        whole.replace(b" CALM", b" \xff\xfe\xfd "),
        cad_events.encode(ground.frames, private(event, note="ANOTHER BODY")),
    ]
    async with producer(ground) as writer:
        for record in records:
            await writer.send_and_wait(ground.topics.cad_events, record, key=b"INV-1")
    await until_equal(ground, "select count(*) from quarantine where topic like '%cad_events'", len(records))


async def ledger_goes_away(ground: Ground, sent: Sent) -> None:
    """PostgreSQL ends at once and comes back while words are on their way into it."""
    more = [one for number in range(10, 20) for one in told(f"INV-{number}")]
    sending = asyncio.create_task(send(ground, more, rate=20))
    await asyncio.to_thread(ground.world.postgres.restart, "immediate")
    sent.told += (await sending).told
    assert await drained(ground, sent)


async def dies_of_a_defect(lane: Lane, sent: Sent) -> None:
    """A turn raises an error with words in its text; the worker ends over it and is started again."""
    lane.order(Order(Point.BEFORE_TRANSACTION, 1, Fault.RAISE))
    sent.told += (await send(lane.ground, told("INV-9"))).told
    assert await lane.ended() > 0
    lane.start()
    await lane.ready()
    assert await drained(lane.ground, sent)


async def topics(ground: Ground) -> dict[str, bytes]:
    """What everybody may read: keys, headers and values as they lie in Kafka."""
    found = {}
    for topic in (ground.topics.status, ground.topics.quarantine):
        records = await everything_on(ground, topic)
        parts: list[Sequence[bytes | None]] = [
            (record.key, record.value, *(value for _, value in record.headers)) for record in records
        ]
        found[topic] = b"\n".join(part or b"" for each in parts for part in each)
        assert found[topic], f"nothing was read from {topic}"
    return found


def stored(ground: Ground) -> dict[str, bytes]:
    """The ledger as a dump, as the server's files, and what the server logged."""
    server = ground.world.postgres
    dump = [str(BINARIES / "pg_dump"), "-h", str(server.socket_folder), "-U", "postgres", ground.name]
    done = subprocess.run(dump, capture_output=True, check=True)
    statement = [
        str(BINARIES / "psql"),
        "-h",
        str(server.socket_folder),
        "-U",
        "postgres",
        "-c",
        "checkpoint",
    ]
    subprocess.run(statement, capture_output=True, check=True)
    files = [path for path in (server.folder / "data").rglob("*") if path.is_file()]
    found = {"pg_dump": done.stdout, "log of PostgreSQL": server.daemon.log.read_bytes()}
    return found | {f"file {path.relative_to(server.folder)}": path.read_bytes() for path in files}


async def until_equal(ground: Ground, question: str, wanted: int) -> None:
    ledger = await ground.ledger()
    try:
        async with asyncio.timeout(30):
            while await ledger.fetchval(question) != wanted:  # noqa: ASYNC110 - the ledger's state
                await asyncio.sleep(0.05)
    finally:
        await ledger.close()


@pytest.mark.parametrize("word", CANARIES)
async def test_a_callers_words_are_in_no_sink(sinks: Sinks, word: str):
    assert sinks.holding(word) == []


async def test_the_search_would_find_them(sinks: Sinks, ground: Ground):
    dump, metrics = sinks.found["pg_dump"], sinks.found["metrics"]
    assert sinks.holding("INV-3"), "an incident's number is no secret, and is found"
    assert b"crisis-line" in dump and b"CREATE TABLE public.audit" in dump
    assert b"bridge_" in metrics
    assert b"INV-3" not in metrics
    assert os.linesep.encode() in sinks.found["log of the worker"]
    in_hexadecimal = Sinks(
        {"a dump": NARRATIVE.encode().hex().encode(), "a letter": base64.b64encode(b"x CANARYNAME y")}
    )
    assert in_hexadecimal.holding(NARRATIVE) == ["a dump"]
    assert in_hexadecimal.holding(NAME) == ["a letter"]


async def test_the_hotline_is_told_them(sinks: Sinks, ground: Ground):
    read = [one.offer for one in await offers_read(ground) if one.offer.kind is not OfferKind.WITHDRAWN]
    said = repr(read)
    assert [word for word in SEEN_BY_THE_HOTLINE if word not in said] == []
    assert AGENCY in said


async def test_the_hotline_is_not_told_what_stays_with_911(sinks: Sinks, ground: Ground):
    offers = await everything_on(ground, ground.offers)
    assert offers
    said = b"".join(record.value or b"" for record in offers)
    assert NARRATIVE.encode() in said
    assert [word for word in KEPT_BY_911 if word.encode() in said] == []
