"""`bridge demo`: the real job on real parts, on this machine, in a minute and a half.

Kafka, PostgreSQL, the bridge's lanes, a CAD that replays, hotlines and teams that behave differently.
Nothing of it stays, unless asked for.
"""

import asyncio
import json
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from bridge.app.parts import frames_of, open_ledger
from bridge.cli.brokers import brokers
from bridge.cli.demo_report import Printer, report, show
from bridge.cli.own_processes import lane, running
from bridge.cli.sandbox import default_home
from bridge.cli.topic_plan import wanted_topics
from bridge.cli.verify import lines_of, verified
from bridge.domain.cad import CadEvent
from bridge.domain.ids import DestinationId
from bridge.errors import SandboxError
from bridge.feeds import files, mapping, rows
from bridge.ledger.ledger import Ledger
from bridge.ledger.migrate import migrate
from bridge.ledger.summary import at_rest
from bridge.sandbox import calls
from bridge.sandbox.behaviour import Behaviour, Manner
from bridge.sandbox.cad import Replay
from bridge.sandbox.hotlines import Hotline
from bridge.sandbox.world import World, passing_world
from bridge.settings import Settings, load
from bridge.settings.destinations import load_destinations
from bridge.wire.frames import Frames

app = typer.Typer(help="See calls move on this machine, on real Kafka and PostgreSQL.")

HOTLINES = {
    "crisis-line": Manner.ACCEPTS,
    "city-311": Manner.FULL_AND_SLOW,
    "mediation": Manner.NEVER_ANSWERS,
    "outreach-line": Manner.ACCEPTS,
    "team-east": Manner.ACCEPTS,
    "team-west": Manner.ACCEPTS,
}
"""Hotlines and teams, and what kind of day each has. A call of the file may say otherwise."""

REFUSES = "far-line.offers"
"""A topic that takes no message, so that a delivery that fails for good is seen too."""

_USUAL_SPEED = 4.0
_FEED_EVERY = 0.35
_AT_MOST_SECONDS = 75.0


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything the demonstration plays with."""

    settings: Settings
    frames: Frames
    told: calls.Calls
    began: datetime
    events: list[CadEvent]
    speed: float


@app.command()
def demo(
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as one JSON object.")] = False,
    stay: Annotated[bool, typer.Option("--stay", help="Leave everything running until Ctrl-C.")] = False,
    lanes: Annotated[int, typer.Option(min=1, max=2, help="How many lanes read side by side.")] = 1,
    speed: Annotated[
        float, typer.Option(min=0.1, help="How much faster than life people act.")
    ] = _USUAL_SPEED,
) -> None:
    """Replay 45 real incidents of Dallas and some 40 invented calls, and watch where they go."""
    say = (lambda line: print(line, file=sys.stderr)) if as_json else print
    say("starting Kafka and PostgreSQL ...")
    with passing_world(default_home(), say) as world, _rules() as (policies, destinations):
        settings = load(None, environment(world, policies, destinations, speed))
        frames = frames_of(settings)
        asyncio.run(_prepare(settings))
        workers = [lane(letter) for letter in "ab"[:lanes]]
        with running(world, workers, environment(world, policies, destinations, speed)):
            say(f"{lanes} lane{'s' if lanes > 1 else ''} reading; calls begin now")
            began = datetime.now(UTC) + timedelta(seconds=0.5)
            told = calls.read(_demo_folder() / "invented_calls.toml")
            stage = Stage(settings, frames, told, began, _events(told, began, speed), speed)
            summary = asyncio.run(_play(stage, Printer(say, began)))
            print(json.dumps(summary, indent=2)) if as_json else show(summary)
            if stay:
                _stay(world, say)
    if any(summary["invariants"].values()):
        raise typer.Exit(1)


def environment(world: World, policies: Path, destinations: Path, speed: float) -> dict[str, str]:
    """What the lanes are told: this world, the demonstration's rules, and waits as short as its speed."""
    return {
        **world.environment(),
        "BRIDGE_KAFKA__REPLICATION": "1",
        "BRIDGE_KAFKA__MIN_INSYNC_REPLICAS": "1",
        "BRIDGE_PATHS__POLICIES": str(policies),
        "BRIDGE_PATHS__DESTINATIONS": str(destinations),
        "BRIDGE_CALL__WAITS_SCALE": str(1 / speed),
        "BRIDGE_CALL__BUDGET_SECONDS": str(120 / speed),
        "BRIDGE_LOG__LEVEL": "WARNING",
    }


def _demo_folder() -> Path:
    folder = Path(__file__).resolve().parents[2] / "deploy" / "demo"
    if not folder.is_dir():
        raise SandboxError(f"{folder} is missing; run the demonstration from a checkout")
    return folder


@contextmanager
def _rules() -> Iterator[tuple[Path, Path]]:
    """The shipped policies and destinations, with the demonstration's own beside or in place of them."""
    demo_folder = _demo_folder()
    with tempfile.TemporaryDirectory(prefix="bridge-demo-") as merged:
        for name in ("policies", "destinations"):
            shutil.copytree(demo_folder.parent / name, Path(merged, name))
            shutil.copytree(demo_folder / name, Path(merged, name), dirs_exist_ok=True)
        yield Path(merged, "policies"), Path(merged, "destinations")


async def _prepare(settings: Settings) -> None:
    await migrate(settings.ledger.dsn)
    wanted = list(wanted_topics(settings, load_destinations(settings.paths.destinations).values()))
    wanted = [
        replace(topic, configs={**topic.configs, "max.message.bytes": "1"})
        if topic.name == REFUSES
        else topic
        for topic in wanted
    ]
    async with brokers(settings.kafka) as kafka:
        await kafka.make(wanted)


def _events(told: calls.Calls, began: datetime, speed: float) -> list[CadEvent]:
    """The real feed, dated today, and the invented calls beside it, in the order of their times."""
    folder = _demo_folder()
    feed_mapping = mapping.read(folder.parent / "feeds" / "dallas_tx.toml")
    feed = files.read(folder / "dallas_active_calls.csv", feed_mapping)
    real = calls.redated(
        rows.events(feed, feed_mapping, read_at=began), began, _FEED_EVERY / speed * _USUAL_SPEED
    )
    return sorted([*real, *told.events(began, speed)], key=lambda event: event.at)


async def _play(stage: Stage, printer: Printer) -> dict[str, dict[str, object]]:
    settings, frames, speed = stage.settings, stage.frames, stage.speed
    replay = Replay(
        stage.events, settings.kafka, frames, cues=stage.told.cues(), speed=speed, watch=printer.cad
    )
    hotlines = [
        Hotline(
            DestinationId(name),
            f"{name}.offers",
            settings.kafka,
            frames,
            Behaviour(manner, stage.told.hints(DestinationId(name))),
            speed=speed,
            watch=printer.hotline,
        )
        for name, manner in HOTLINES.items()
    ]
    ledger = await open_ledger(settings, frames, worker="demo")
    try:
        async with asyncio.TaskGroup() as group:
            people = [group.create_task(replay.run()), *(group.create_task(each.run()) for each in hotlines)]
            begun = [
                group.create_task(_begin(stage, hotline, call))
                for hotline in hotlines
                for call in stage.told.begun_by(hotline.destination)
            ]
            await _until_over(replay, begun, ledger, len(stage.events))
            for person in (*people, *begun):
                person.cancel()
        checked = await verified(settings)
        if checked.broken:
            print("\n".join(lines_of(checked)), file=sys.stderr)
        return await report(settings, ledger, {number: found.rows for number, found in checked.found.items()})
    finally:
        await ledger.close()


async def _begin(stage: Stage, hotline: Hotline, call: calls.OwnCall) -> None:
    """What begins at a hotline, at its time."""
    begins = stage.began + timedelta(seconds=call.start / stage.speed)
    await hotline.runs.wait()
    await asyncio.sleep(max((begins - datetime.now(UTC)).total_seconds(), 0.0))
    told = stage.told
    await hotline.begin(call, told.opened(call, datetime.now(UTC)), call.agency or told.agency)


async def _until_over(
    replay: Replay, begun: Sequence[asyncio.Task[None]], ledger: Ledger, events: int
) -> None:
    """Until all was said and decided and every transfer and rescue has ended, or it takes too long."""
    try:
        async with asyncio.timeout(_AT_MOST_SECONDS):
            await replay.sent.wait()
            await asyncio.gather(*begun)
            while not await at_rest(ledger, events):  # noqa: ASYNC110 - the ledger rings no bell
                await asyncio.sleep(0.25)
    except TimeoutError:
        print("some transfers are still under way; the summary says which state they are in", file=sys.stderr)


def _stay(world: World, say: Callable[[str], object]) -> None:
    """Leave the world as it is until Ctrl-C, and say how to look into it."""
    say("everything still runs; these variables lead `bridge show`, `verify` and `doctor` there:")
    for name, value in world.environment().items():
        say(f"  export {name}={value}")
    say("Ctrl-C ends it.")
    try:
        signal.pause()
    except KeyboardInterrupt:
        say("stopping ...")
