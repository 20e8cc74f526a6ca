"""Whatever lies on the topic of CAD events, each record gets one row, and the next call waits for nothing.

What cannot be read is quarantined and 911 is told, because any of it may be a live call. What can be read
in part is applied, with its faults named. The worker reads on, and never ends.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from uuid import uuid4

import pytest
import pytest_asyncio

from bridge.domain.cad import CadEvent, Location, Note
from bridge.domain.ids import EventId, IncidentId
from bridge.domain.message import ReturnKind
from bridge.domain.signal import Signal, SignalKind, Speaker
from bridge.sandbox.world import World
from bridge.wire import cad_events, quarantines, returns, signals
from bridge.wire.frames import Frames
from tests.faults.calls import AGENCY, closed, created
from tests.faults.ground import Ground, new_ground
from tests.faults.lanes import Lane, running
from tests.faults.reckoning import verified
from tests.faults.traffic import everything_on, producer

pytestmark = pytest.mark.asyncio(loop_scope="module")

FRAMES = Frames()
PREFIX_BYTES = 10
NEXT_CALL_S = 1.0
BUSY = 10.0
"""A busy machine may take so many times what a call took just before, on top."""


def an_event(**facts: object) -> CadEvent:
    """A good event of an incident of its own."""
    return replace(created(f"BAD-{uuid4().hex}"), **facts)  # type: ignore[arg-type]


def good(**facts: object) -> bytes:
    return cad_events.encode(FRAMES, an_event(**facts))


def saying(text: str) -> bytes:
    return good(notes=(Note(text),))


def at_place(value: bytes, place: int, new: bytes) -> bytes:
    return value[:place] + new + value[place + len(new) :]


def kind_index(index: bytes) -> bytes:
    """A good event whose kind is another index: it stands after the three ids."""
    event = an_event()
    ids = sum(
        len(text) + (1 if len(text) < 64 else 2) for text in (event.event_id, event.incident_id, AGENCY)
    )
    return at_place(cad_events.encode(FRAMES, event), PREFIX_BYTES + ids, index)


def in_the_note(raw: bytes) -> bytes:
    """A good event whose note holds these bytes."""
    return saying("PLACEHOLDER" + "-" * (len(raw) - len(b"PLACEHOLDER"))).replace(
        b"PLACEHOLDER" + b"-" * (len(raw) - len(b"PLACEHOLDER")), raw
    )


def a_signal() -> bytes:
    now = datetime.now(UTC)
    signal = Signal("s", "t", "i", AGENCY, SignalKind.CLOSED, Speaker.DESTINATION, "x", now)  # type: ignore[arg-type]
    return signals.encode(FRAMES, signal)


@dataclass(frozen=True, slots=True)
class Bad:
    """A record, and what must become of it: quarantined for a reason, or applied with these faults."""

    name: str
    value: bytes | Callable[[], bytes] | None = field(repr=False)
    quarantined: str = ""
    faults: tuple[str, ...] = ()
    key: bytes | None = b"INV-BAD"

    def bytes(self) -> bytes | None:
        """The record's value; a long one is not made before it is needed."""
        return self.value() if callable(self.value) else self.value


DEEP = 100_000
UNREADABLE = [
    Bad("garbage", b"\x8f\x13 anything \xff\xfe", "unknown_frame"),
    Bad("no bytes", b"", "empty"),
    Bad("a tombstone", None, "tombstone"),
    Bad("zeros", bytes(64), "unknown_schema"),
    Bad("half an event", good()[:120], "truncated"),
    Bad("half a prefix", good()[:6], "truncated"),
    Bad("another magic", b"\xc3\x02" + good()[2:], "unknown_frame"),
    Bad("an unknown schema id", b"\x00\x00\x00\x30\x39" + good()[PREFIX_BYTES:], "unknown_schema"),
    Bad("an unknown fingerprint", b"\xc3\x01 nobody " + good()[PREFIX_BYTES:], "unknown_schema"),
    Bad("another message", a_signal(), "wrong_type"),
    Bad("a negative index of a kind", kind_index(b"\x01"), "bad_enum"),
    Bad("an index that no kind has", kind_index(b"\x7e"), "bad_enum"),
    Bad("one byte too many", good() + b"\x00", "trailing_bytes"),
    Bad("half a megabyte too many", good() + bytes(512 * 1024), "trailing_bytes"),
    Bad("text that is no UTF-8", in_the_note(b"MALE ON CURB \xff\xfe\xfd"), "bad_utf8"),
    Bad("a lone surrogate", in_the_note(b"MALE ON CURB \xed\xa0\x80"), "bad_utf8"),
    Bad("no event id", good(event_id=EventId("")), "missing_id"),
    Bad("NUL in the event's id", good(event_id=EventId("a\x00b")), "bad_id"),
    Bad("NUL in the incident's id", good(incident_id=IncidentId("a\x00b")), "bad_id"),
    Bad("an id of a page", good(incident_id=IncidentId("9" * 4000)), "bad_id"),
    Bad("a map as deep as a mine", b'{"a":' * DEEP + b"1" + b"}" * DEEP, "unknown_frame"),
    Bad("blocks without an end", good()[:PREFIX_BYTES] + b"\x02" * DEEP, "truncated"),
    Bad("a key of garbage", b"garbage", "unknown_frame", key=b"\xff\xfe\x00"),
    Bad("50 MB", lambda: saying("A" * 50_000_000), "too_large"),
]
READ_IN_PART = [
    Bad("no key", good(), key=None),
    Bad("1 MB", lambda: saying("MALE ON CURB " * 80_000)),
    Bad("NUL in a note", saying("MALE\x00ON CURB"), faults=("notes.control_characters",)),
    Bad("bidirectional marks in a note", saying("MALE \u202eBRUC NO"), faults=("notes.control_characters",)),
    Bad("escapes in a note", saying("\x1b[2J MALE"), faults=("notes.control_characters",)),
    Bad("the year 1970", good(at=datetime(1970, 1, 1, tzinfo=UTC)), faults=("at.implausible",)),
    Bad("the year 2126", good(at=datetime(2126, 1, 1, tzinfo=UTC)), faults=("at.implausible",)),
    Bad(
        "latitude 200",
        good(location=Location(text="X", latitude=200.0, longitude=0.0)),
        faults=("location.latitude",),
    ),
    Bad("a close before its create", cad_events.encode(FRAMES, closed("NEVER-CREATED", 2))),
]


@pytest.fixture(scope="module")
def ground(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    made = new_ground(world, Path(tmp_path_factory.mktemp("bad")), partitions=1, whole_records=True)
    yield made
    made.remove()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def lane(ground: Ground) -> AsyncIterator[Lane]:
    async with running(ground, "a") as (worker,):
        yield worker
        assert worker.alive, worker.last_words()


async def put(ground: Ground, value: bytes | None, key: bytes | None) -> int:
    """Its offset, once Kafka keeps it."""
    async with producer(ground) as writer:
        kept = await writer.send_and_wait(ground.topics.cad_events, value, key=key, partition=0)
    offset: int = kept.offset
    return offset


async def next_call(ground: Ground) -> float:
    """Send a good event, wait until it is decided; the seconds from its record to its decision."""
    event = an_event()
    offset = await put(ground, cad_events.encode(FRAMES, event), event.incident_id.encode())
    ledger = await ground.ledger()
    until = monotonic() + 60
    try:
        while monotonic() < until:
            row = await ledger.fetchrow("select * from decision where record_offset = $1", offset)
            if row is not None:
                return float((row["decided_at"] - row["produced_at"]).total_seconds())
            await asyncio.sleep(0.02)
    finally:
        await ledger.close()
    raise AssertionError("the next call was not decided within a minute")


async def rows_of(ground: Ground, offset: int) -> tuple[list[tuple[str, list[str]]], list[str], int]:
    """The inbox rows, quarantine reasons and decisions of one record."""
    ledger = await ground.ledger()
    try:
        inbox = await ledger.fetch("select outcome, faults from inbox where record_offset = $1", offset)
        quarantine = await ledger.fetch("select reason from quarantine where record_offset = $1", offset)
        decisions = await ledger.fetchval("select count(*) from decision where record_offset = $1", offset)
    finally:
        await ledger.close()
    return (
        [(row["outcome"], row["faults"]) for row in inbox],
        [row["reason"] for row in quarantine],
        decisions,
    )


async def told_911(ground: Ground, offset: int) -> list[str]:
    """The reasons of what `cad.returns` says about this record, waited for."""
    place = f"{ground.topics.cad_events}/0/{offset}"
    until = monotonic() + 30
    while monotonic() < until:
        told = [returns.decode(FRAMES, r.value) for r in await everything_on(ground, ground.topics.returns)]
        about = [one.reason for one in told if one.kind is ReturnKind.UNREADABLE and one.text == place]
        if about:
            return about
        await asyncio.sleep(0.1)
    return []


async def announced(ground: Ground, offset: int) -> list[str]:
    """The reasons of what `bridge.quarantine` says about this record."""
    records = await everything_on(ground, ground.topics.quarantine)
    told = [quarantines.decode(FRAMES, record.value) for record in records]
    return [one.reason for one in told if one.offset == offset]


@pytest.mark.parametrize("bad", [*UNREADABLE, *READ_IN_PART], ids=lambda bad: bad.name)
async def test_a_bad_record_has_one_row_and_delays_nobody(lane: Lane, ground: Ground, bad: Bad):
    quiet = await next_call(ground)
    offset = await put(ground, bad.bytes(), bad.key)
    took = await next_call(ground)
    inbox, quarantine, decisions = await rows_of(ground, offset)
    if bad.quarantined:
        assert (inbox, quarantine, decisions) == ([], [bad.quarantined], 0)
        assert await told_911(ground, offset) == [bad.quarantined]
        assert await announced(ground, offset) == [bad.quarantined]
    else:
        assert (inbox, quarantine, decisions) == ([("applied", list(bad.faults))], [], 1)
    assert took < NEXT_CALL_S + BUSY * quiet
    assert lane.alive


async def test_an_event_that_comes_again_is_a_duplicate(lane: Lane, ground: Ground):
    value = good()
    first, again = [await put(ground, value, b"INV-BAD") for _ in range(2)]
    await next_call(ground)
    assert await rows_of(ground, first) == ([("applied", [])], [], 1)
    assert await rows_of(ground, again) == ([("duplicate", [])], [], 0)


async def test_an_event_id_that_comes_again_with_another_body_is_told_to_911(lane: Lane, ground: Ground):
    event = an_event()
    other = replace(event, notes=(Note("HAS A KNIFE"),))
    first = await put(ground, cad_events.encode(FRAMES, event), b"INV-BAD")
    second = await put(ground, cad_events.encode(FRAMES, other), b"INV-BAD")
    await next_call(ground)
    assert await rows_of(ground, first) == ([("applied", [])], [], 1)
    assert await rows_of(ground, second) == ([], ["conflicting_duplicate"], 0)
    assert await told_911(ground, second) == ["conflicting_duplicate"]


async def test_a_signal_nobody_can_read_is_quarantined_and_911_is_spared(lane: Lane, ground: Ground):
    async with producer(ground) as writer:
        await writer.send_and_wait(ground.topics.signals, b"garbage", key=b"INV-BAD")
    ledger = await ground.ledger()
    try:
        async with asyncio.timeout(20):
            reason = None
            while reason is None:
                reason = await ledger.fetchval(
                    "select reason from quarantine where topic = $1", ground.topics.signals
                )
                await asyncio.sleep(0.05)
    finally:
        await ledger.close()
    told = [returns.decode(FRAMES, r.value) for r in await everything_on(ground, ground.topics.returns)]
    assert reason == "unknown_frame"
    assert not [one for one in told if one.text.startswith(ground.topics.signals)]


async def test_after_all_of_it_the_books_are_right(lane: Lane, ground: Ground):
    assert await next_call(ground) < 60
    ledger = await ground.ledger()
    try:
        at = await ledger.fetchval(
            "select next_offset from position where topic = $1", ground.topics.cad_events
        )
        rows = await ledger.fetchval(
            "select (select count(*) from inbox where topic = $1) + "
            "(select count(*) from quarantine where topic = $1)",
            ground.topics.cad_events,
        )
    finally:
        await ledger.close()
    assert at == rows
    assert await verified(ground) == "clean"
