"""The documents' example of a hotline, run as its developer would, against a worker that offers it a call."""

import asyncio
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from bridge.cli.demo_lanes import lanes_running
from bridge.domain.cad import Answer, CadEvent, CallType, CodedAnswer, EventKind
from bridge.domain.ids import AgencyId, EventId, IncidentId
from bridge.domain.message import Return, ReturnKind
from bridge.sandbox.ends import ends
from bridge.sandbox.world import World
from bridge.settings import Settings, Topics, load
from bridge.wire import cad_events, returns
from bridge.wire.cloudevents import CloudEvent
from bridge.wire.frames import Frames

CHECKOUT = Path(__file__).parents[2]
QUESTIONS = ("weapon", "violence", "medical", "police_only")


def installation(world: World, folder: Path) -> dict[str, str]:
    """A crisis line, the example policy, and topics of this test's own."""
    prefix = f"h{uuid4().hex[:8]}"
    (folder / "destinations").mkdir()
    for file in (CHECKOUT / "deploy" / "destinations").glob("*.toml"):
        own = file.read_text().replace('address = "', f'address = "{prefix}.')
        (folder / "destinations" / file.name).write_text(own)
    return {
        **world.environment(),
        **{f"BRIDGE_KAFKA__TOPICS__{name.upper()}": f"{prefix}.{name}" for name in Topics.__slots__},
        "BRIDGE_KAFKA__REPLICATION": "1",
        "BRIDGE_KAFKA__MIN_INSYNC_REPLICAS": "1",
        "BRIDGE_PATHS__POLICIES": str(CHECKOUT / "deploy" / "policies"),
        "BRIDGE_PATHS__DESTINATIONS": str(folder / "destinations"),
        "BRIDGE_WORKER__GROUP": prefix,
        "PYTHONPATH": str(CHECKOUT),
    }


def a_call(number: str) -> CadEvent:
    """One that the example policy offers to the crisis line: nobody is on the line, nothing is dangerous."""
    return CadEvent(
        event_id=EventId(number),
        incident_id=IncidentId(number),
        agency=AgencyId("police.dallas.example"),
        kind=EventKind.CREATED,
        at=datetime.now(UTC),
        call_type=CallType(code="46", text="CIT"),
        answers=tuple(CodedAnswer(question, Answer.NO) for question in QUESTIONS),
    )


async def outcome_of(settings: Settings, event: CadEvent) -> Return:
    """Send the call, and wait until 911 is told what came of it."""
    frames, topics = Frames(), settings.kafka.topics
    async with ends(settings.kafka, topics.returns, f"test.{event.incident_id}") as (reader, writer):
        about = CloudEvent(id=event.event_id, source=event.agency, subject=event.incident_id)
        await writer.say(topics.cad_events, cad_events.encode(frames, event), about)
        async with asyncio.timeout(60):
            async for record in reader:
                told = returns.decode(frames, record.value)
                if told.kind is ReturnKind.OUTCOME and told.incident_id == event.incident_id:
                    return told
    raise AssertionError("the stream of returns does not end")


def hotline(environment: Mapping[str, str], folder: Path) -> "subprocess.Popen[str]":
    """The example, as its first lines say to run it."""
    settings = load(None, environment)
    topic = f"{settings.kafka.topics.signals.partition('.')[0]}.crisis-line.offers"
    arguments = [settings.kafka.bootstrap[0], "crisis-line", topic, str(CHECKOUT / "schemas")]
    return subprocess.Popen(
        [sys.executable, str(CHECKOUT / "docs" / "examples" / "hotline.py"), *arguments, str(folder / "db")],
        stdout=subprocess.PIPE,
        text=True,
    )


def test_the_example_hotline_takes_calls_and_tells_911_what_came_of_them_also_after_a_restart(
    world, tmp_path
):
    environment = installation(world, tmp_path)
    settings = load(None, environment)
    for verb in ("migrate", "topics"):
        subprocess.run(
            [sys.executable, "-m", "bridge", verb], env=environment, check=True, capture_output=True
        )
    with lanes_running(world, environment, "a"):
        for number in ("INV-0001", "INV-0002"):
            incident = f"{number}-{uuid4().hex[:6]}"
            with hotline(environment, tmp_path) as example:
                told = asyncio.run(outcome_of(settings, a_call(incident)))
                example.kill()
                assert example.stdout is not None and f"{incident}: OFFER 1" in example.stdout.read()
            assert (told.destination, told.outcome, told.holder) == (
                "crisis-line",
                "resolved_by_phone",
                "crisis-line",
            )
