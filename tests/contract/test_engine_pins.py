"""Every private part of Faust, mode and aiokafka that the engine builds on, and what it must do.

When a raised version fails here, read the engine against the new source before changing a line of this file.
"""

import ast
import asyncio
import inspect
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiokafka
import faust
import mode
import pytest
from aiokafka.consumer.fetcher import Fetcher as KafkaFetcher
from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.consumer.subscription_state import Assignment, SubscriptionState, TopicPartitionState
from faust.agents.agent import Agent
from faust.tables.recovery import Recovery
from faust.transport import consumer as faust_consumer
from faust.transport.conductor import Conductor
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, ConsumerMessage
from mode.threads import ServiceThread
from mode.utils.queues import FlowControlQueue

from bridge.engine.app import EngineApp, make_app
from bridge.engine.pins import PINS
from bridge.engine.transport import LedgerConsumer, LedgerTransport

ROOT = Path(__file__).parents[2]


class Nowhere:
    async def load(self, partitions: object) -> dict[tuple[str, int], int | None]:
        return {}


def engine() -> EngineApp:
    app = make_app(group="g", bootstrap="127.0.0.1:1", positions=Nowhere())
    app.loop = asyncio.get_running_loop()
    app.finalize()
    return app


def parameters(function: Callable[..., object]) -> str:
    return " ".join(inspect.signature(function).parameters)


def source(thing: object) -> str:
    return " ".join(inspect.getsource(thing).split())  # type: ignore[arg-type]


def test_the_pins_are_those_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert {f"{name}=={version}" for name, version in PINS.items()} <= set(project["dependencies"])


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        # what we override: the name and the arguments Faust calls it with
        (driver.Consumer._new_consumer_thread, "self"),
        (driver.Consumer._drain_messages, "self fetcher"),
        (driver.Consumer.on_buffer_full, "self tp"),
        (driver.Consumer.on_buffer_drop, "self tp"),
        (driver.Consumer.perform_seek, "self"),
        (driver.Consumer.seek_to_committed, "self"),
        (driver.Consumer.ack, "self message"),
        (driver.Consumer._filter_tps_with_pending_acks, "self topics"),
        (driver.Consumer._new_offset, "self tp"),
        (driver.Consumer._commit_tps, "self tps start_new_transaction"),
        (driver.Consumer.wait_empty, "self"),
        (driver.Consumer.on_partitions_revoked, "self revoked"),
        (driver.Consumer.on_partitions_assigned, "self assigned generation_id"),
        (driver.Consumer.verify_event_path, "self now tp"),
        (driver.AIOKafkaConsumerThread._create_worker_consumer, "self transport"),
        (driver.AIOKafkaConsumerThread._commit, "self offsets"),
        (driver.AIOKafkaConsumerThread.close, "self"),
        (faust.App._new_transport, "self"),
        (faust.App._create_directories, "self"),
        (faust.App._crash, "self reason"),
        # what we call
        (driver.Consumer._filter_committable_offsets, "self tps"),
        (driver.Consumer._should_commit, "self tp offset"),
        (driver.Consumer._commit, "self offsets"),
        (driver.Consumer.force_commit, "self topics start_new_transaction"),
        (driver.AIOKafkaConsumerThread._ensure_consumer, "self"),
        (driver.server_list, "urls default_port"),
        (driver.credentials_to_aiokafka_auth, "credentials ssl_context"),
        (KafkaFetcher.fetched_records, "self partitions timeout max_records"),
        (GroupCoordinator.check_errors, "self"),
        (SubscriptionState.fetch_context, "self"),
        (Assignment.state_value, "self tp"),
        (faust.Stream.ack, "self event"),
        (faust.Stream.noack, "self"),
    ],
)
def test_a_name_we_stand_on_has_its_arguments(function: Callable[..., object], expected: str) -> None:
    assert parameters(function) == expected


async def test_the_attributes_we_use_are_there() -> None:
    app = engine()
    consumer: Any = app.consumer
    assert type(consumer) is LedgerConsumer
    assert type(app.transport) is LedgerTransport
    for name in [
        "callback",
        "can_resume_flow",
        "flow_active",
        "_active_partitions",
        "_committed_offset",
        "_unacked_messages",
    ]:
        assert hasattr(consumer, name), name
    assert consumer.flow_active is True
    assert consumer._active_partitions == set()
    assert consumer._committed_offset[TP("t", 0)] is None
    assert consumer._thread.thread_loop is not app.loop
    state: Any = TopicPartitionState(None)
    assert (state.has_valid_position, state.highwater, state.timestamp, state.paused) == (
        False,
        None,
        None,
        False,
    )
    state.seek(0)
    assert state.has_valid_position
    assert state.position == 0
    assert app._new_transport is not faust.App._new_transport
    worker: Any = app.Worker(loop=app.loop, override_logging=False, redirect_stdouts=False, quiet=True)
    assert hasattr(worker, "spinner")


@pytest.mark.parametrize(
    "name", ["lane", "watchdog", "opens_with", "closes_with", "keeps", "_openings", "_closings", "_kept"]
)
def test_our_names_are_not_fausts(name: str) -> None:
    assert not hasattr(faust.App, name)
    assert not hasattr(faust.App("x"), name)


@pytest.mark.parametrize(
    "name",
    ["epoch", "_lane", "_reading", "_prefixes", "_held", "_room", "_unmoved_since", "_stopped_reading"],
)
async def test_our_consumers_names_are_not_fausts(name: str) -> None:
    app = faust.App("x", broker="kafka://127.0.0.1:1", topic_disable_leader=True)
    assert not hasattr(app.consumer, name)


def calls(tree: ast.AST, names: set[str]) -> set[str]:
    return {
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names
    }


def test_faust_moves_a_consumer_only_where_we_know_it() -> None:
    """A new place that seeks would be a new way around the ledger's positions."""
    folder = Path(faust.__file__).parent
    names = {"perform_seek", "seek_to_committed", "seek_wait", "_seek", "seek", "seek_to_beginning"}
    found = {
        str(path.relative_to(folder)): calls(ast.parse(path.read_text()), names)
        for path in folder.rglob("*.py")
        if path.name != "confluent.py"
    }
    assert {path: seeks for path, seeks in found.items() if seeks} == {
        # streams resume through perform_seek; seek_wait is for tables, and we have none
        "tables/recovery.py": {"perform_seek", "seek_wait"},
        # inside getmany and perform_seek, both ours now, and seek, which nobody calls
        "transport/consumer.py": {"perform_seek", "seek_to_committed", "seek_wait", "seek", "_seek"},
        "transport/drivers/aiokafka.py": {"seek"},
    }


def test_streams_resume_only_after_perform_seek() -> None:
    resume = source(Recovery._resume_streams)
    assert resume.index("consumer.perform_seek()") < resume.index("app.flow_control.resume()")
    assert resume.index("app.flow_control.resume()") < resume.index("consumer.resume_flow()")
    assert resume.index("consumer.resume_flow()") < resume.index("_fetcher.maybe_start()")


def test_faust_fetches_through_our_loop_and_nothing_else_does() -> None:
    assert "await consumer._drain_messages(self)" in source(faust_consumer.Fetcher._fetcher.fun)
    getmany = [
        path.name
        for path in Path(faust.__file__).parent.rglob("*.py")
        if path.name != "confluent.py" and "getmany" in calls(ast.parse(path.read_text()), {"getmany"})
    ]
    assert getmany == ["consumer.py"], "called by the thread only"


def test_what_aiokafka_does_with_an_offset_out_of_range() -> None:
    answer = source(KafkaFetcher._proc_fetch_request)
    assert "err = Errors.OffsetOutOfRangeError({tp: fetch_offset})" in answer
    assert "if self._default_reset_strategy != OffsetResetStrategy.NONE" in answer
    assert "tp_state.position != fetch_offset" in answer, "an answer to before a seek is thrown away"
    assert "del self._records[tp]" in source(KafkaFetcher.seek_to)


def test_a_failed_listener_is_logged_by_aiokafka_and_must_end_the_worker_itself() -> None:
    for function in (GroupCoordinator._on_join_prepare, GroupCoordinator._on_join_complete):
        assert "except Exception: log.exception(" in source(function)


def test_no_fetch_outlives_its_exception_uncounted() -> None:
    """fetch_context counts wrong when an exception leaves it: what we expect is caught inside."""
    assert "finally" not in source(SubscriptionState.fetch_context)


def test_a_crashing_agent_takes_the_worker_with_it() -> None:
    assert "pass" in source(mode.CrashingSupervisor._contribute_to_service)
    assert "await aref.crash(exc)" in source(Agent._execute_actor)
    assert "self.supervisor.wakeup()" in source(Agent._execute_actor)


def test_the_queue_between_presses_back_on_its_partition() -> None:
    assert (FlowControlQueue.pressure_high_ratio, FlowControlQueue.pressure_drop_ratio) == (1.25, 0.40)
    assert parameters(FlowControlQueue.put_nowait_enhanced) == "self value on_pressure_high on_pressure_drop"


def test_messages_of_an_ended_generation_are_dropped_unacked() -> None:
    compiled = vars(faust.streams)["_CStreamIterator"]
    assert compiled is not None
    assert {"next", "after"} <= set(dir(compiled))
    assert "generation_id" in ConsumerMessage.__init__.__code__.co_varnames


def test_the_conductor_sends_to_one_callback_per_partition() -> None:
    assert "get_callback_for_tp(message.tp)" in source(Conductor._compile_message_handler)
    assert hasattr(ServiceThread, "on_thread_stop")
    assert aiokafka.__version__ == PINS["aiokafka"]
