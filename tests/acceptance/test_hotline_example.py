"""The documents' example of a hotline, run as its developer would, against a worker that offers it calls.

The worker has the rights of deploy/postgres/roles.sql and no more, so that those are tried as well.
"""

import asyncio
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from bridge.cli.own_processes import lane, running
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
ROLES = CHECKOUT / "deploy" / "postgres" / "roles.sql"
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


@pytest.fixture
def guarded(world: World) -> Iterator[str]:
    """The address of a database in which the roles were made, for the superuser."""
    name = f"roles_{uuid4().hex[:8]}"
    world.postgres.create_database(name)
    dsn = world.postgres.dsn(name)
    for _ in range(2):  # it is safe to run again
        asyncio.run(executed(dsn, ROLES.read_text()))
    yield dsn
    world.postgres.drop_database(name)


async def executed(dsn: str, statement: str) -> None:
    """Run one statement, or several."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def by(role: str, dsn: str) -> str:
    """The same database, as somebody else."""
    assert "postgres@" in dsn
    return dsn.replace("postgres@", f"{role}@", 1)


def bridge(environment: Mapping[str, str], *verb: str, role: str) -> int:
    """The exit status of `bridge` with a verb, where the ledger is opened as this role."""
    environ = {**environment, "BRIDGE_LEDGER__DSN": by(role, environment["BRIDGE_LEDGER__DSN"])}
    return subprocess.run(
        [sys.executable, "-m", "bridge", *verb], env=environ, capture_output=True
    ).returncode


def test_no_role_of_the_running_bridge_can_take_anything_out_of_the_ledger(world, guarded, tmp_path):
    environment = installation(world, tmp_path) | {"BRIDGE_LEDGER__DSN": guarded}
    assert bridge(environment, "migrate", role="bridge_worker") == 1
    assert bridge(environment, "migrate", role="bridge_owner") == 0
    for role in ("bridge_worker", "bridge_reader"):
        for forbidden in (
            "delete from inbox",
            "truncate outbox",
            "drop table audit",
            "create table x (y int)",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                asyncio.run(executed(by(role, guarded), forbidden))


def test_the_example_hotline_takes_calls_and_tells_911_what_came_of_them_also_after_a_restart(
    world, guarded, tmp_path
):
    environment = installation(world, tmp_path) | {"BRIDGE_LEDGER__DSN": guarded}
    assert bridge(environment, "migrate", role="bridge_owner") == 0
    assert bridge(environment, "topics", role="bridge_worker") == 0
    settings = load(None, environment)
    worker = environment | {"BRIDGE_LEDGER__DSN": by("bridge_worker", guarded)}
    with running(world, [lane("a")], worker):
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
    assert bridge(environment, "verify", role="bridge_reader") == 0
