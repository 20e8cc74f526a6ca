"""Real servers: what they keep over a crash, who can reach them, and what the bridge is told about them."""

from __future__ import annotations

import asyncio
import base64
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import aiokafka
import aiokafka.admin
import asyncpg
import psutil
import pytest

from bridge.sandbox.postgres import Postgres, let_pass
from bridge.sandbox.processes import wait_for_end
from bridge.sandbox.world import World, passing_world

CHECKOUT = Path(__file__).resolve().parents[2]
LARGE = 50 * 1000 * 1000  # bytes: what a CAD may send us by mistake


@pytest.fixture(scope="module")
def servers() -> Iterator[World]:
    """A world of this file alone: the one that all tests share must not be killed."""
    with passing_world(CHECKOUT / ".bridge") as world:
        yield world


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not pytest's own: that one is closed again, for PostgreSQL too, whenever another pytest starts."""
    with tempfile.TemporaryDirectory(prefix="bridge-test-", ignore_cleanup_errors=True) as name:
        yield Path(name)


async def make_topic(world: World, name: str) -> None:
    admin = aiokafka.admin.AIOKafkaAdminClient(bootstrap_servers=world.kafka.bootstrap)
    await admin.start()
    try:
        answer = await admin.create_topics([aiokafka.admin.NewTopic(name, 1, 1)])
    finally:
        await admin.close()
    assert [error for _, error, *_ in answer.topic_errors] == [0]


async def send(world: World, topic: str, value: bytes) -> None:
    async with aiokafka.AIOKafkaProducer(
        bootstrap_servers=world.kafka.bootstrap, max_request_size=2 * LARGE, acks="all"
    ) as producer:
        await producer.send_and_wait(topic, value)


async def read_first(world: World, topic: str) -> bytes:
    async with aiokafka.AIOKafkaConsumer(
        topic,
        bootstrap_servers=world.kafka.bootstrap,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=2 * LARGE,
    ) as consumer:
        record = await asyncio.wait_for(consumer.getone(), 60)
        return bytes(record.value)


async def ask(postgres: Postgres, query: str, database: str = "postgres") -> object:
    connection = await asyncpg.connect(postgres.dsn(database))
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def test_a_record_survives_a_killed_broker(servers: World) -> None:
    await make_topic(servers, "kept")
    await send(servers, "kept", b"one call")
    address = servers.kafka.bootstrap
    await asyncio.to_thread(servers.kafka.kill)
    await asyncio.to_thread(servers.kafka.start)
    assert servers.kafka.bootstrap == address
    assert await read_first(servers, "kept") == b"one call"


async def test_a_broker_that_was_stopped_in_good_order_comes_back(servers: World) -> None:
    await make_topic(servers, "orderly")
    await send(servers, "orderly", b"one call")
    await asyncio.to_thread(servers.kafka.restart)
    assert await read_first(servers, "orderly") == b"one call"


async def test_a_record_of_50_megabytes_goes_through(servers: World) -> None:
    await make_topic(servers, "large")
    await send(servers, "large", bytes(LARGE))
    assert len(await read_first(servers, "large")) == LARGE


@pytest.mark.parametrize("end", ["kill", "restart", "immediate"])
async def test_a_committed_row_survives(servers: World, end: str) -> None:
    postgres = servers.postgres
    await ask(postgres, f"CREATE TABLE kept_over_{end} AS SELECT 911 AS number")
    address = postgres.dsn()
    match end:
        case "kill":
            await asyncio.to_thread(postgres.kill)
            await asyncio.to_thread(postgres.start)
        case "immediate":
            await asyncio.to_thread(postgres.restart, "immediate")
        case _:
            await asyncio.to_thread(postgres.restart)
    assert postgres.dsn() == address
    assert await ask(postgres, f"SELECT number FROM kept_over_{end}") == 911


async def test_a_lock_file_with_the_number_of_a_living_stranger_does_not_stop_postgresql(
    servers: World,
) -> None:
    postgres = servers.postgres
    process = postgres.daemon.running()
    assert process is not None
    account = process.uids().real
    await asyncio.to_thread(postgres.stop)
    with psutil.Popen(["/bin/sleep", "600"], user=account if os.geteuid() == 0 else None) as stranger:
        (postgres.folder / "data" / "postmaster.pid").write_text(f"{stranger.pid}\n")
        (postgres.socket_folder / ".s.PGSQL.5432.lock").write_text(f"{stranger.pid}\n")
        await asyncio.to_thread(postgres.start)
        assert stranger.poll() is None
        stranger.kill()
    assert await ask(postgres, "SELECT 1") == 1


async def test_postgresql_promises_what_the_ledger_relies_on(servers: World) -> None:
    wanted = {"fsync": "on", "synchronous_commit": "on", "max_connections": "100", "server_encoding": "UTF8"}
    for setting, value in wanted.items():
        assert await ask(servers.postgres, f"SHOW {setting}") == value


async def test_nobody_else_on_the_machine_reaches_postgresql(servers: World) -> None:
    assert await ask(servers.postgres, "SHOW listen_addresses") == ""
    assert stat.S_IMODE(servers.postgres.socket_folder.stat().st_mode) == 0o700


async def test_a_refused_row_is_not_quoted_in_the_log(servers: World) -> None:
    await ask(servers.postgres, "CREATE TABLE picky (n text CHECK (n = ''))")
    with pytest.raises(asyncpg.CheckViolationError):
        await ask(servers.postgres, "INSERT INTO picky VALUES ('canary-5150')")
    assert "canary-5150" not in servers.postgres.daemon.log.read_text()


async def test_a_database_is_copied_and_dropped_under_its_users(servers: World) -> None:
    postgres, copy = servers.postgres, 'a "copy" of it'
    await asyncio.to_thread(postgres.create_database, "pattern")
    await ask(postgres, "CREATE TABLE shape (n int)", "pattern")
    await asyncio.to_thread(postgres.create_database, copy, "pattern")
    user = await asyncpg.connect(postgres.dsn(copy))
    assert await user.fetchval("SELECT count(*) FROM shape") == 0
    await asyncio.to_thread(postgres.drop_database, copy)
    assert not await asyncio.to_thread(postgres.has_database, copy)
    await asyncio.to_thread(postgres.drop_database, copy)  # not there: nothing to do
    user.terminate()


async def test_the_bridge_is_told_the_way(servers: World) -> None:
    way = servers.environment()
    assert way["BRIDGE_KAFKA__BOOTSTRAP"] == servers.kafka.bootstrap
    assert way["BRIDGE_KAFKA__REPLICATION"] == way["BRIDGE_KAFKA__MIN_INSYNC_REPLICAS"] == "1"
    connection = await asyncpg.connect(way["BRIDGE_LEDGER__DSN"])
    assert await connection.fetchval("SELECT current_database()") == "bridge"
    await connection.close()


def test_the_key_is_for_its_owner_alone(servers: World) -> None:
    key = Path(servers.environment()["BRIDGE_LEDGER__KEY_FILE"])
    assert len(base64.b64decode(key.read_text().strip(), validate=True)) == 32
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_a_second_start_finds_what_runs(servers: World) -> None:
    before = servers.environment(), Path(servers.environment()["BRIDGE_LEDGER__KEY_FILE"]).read_text()
    numbers = [daemon.running() for daemon in (servers.kafka.daemon, servers.postgres.daemon)]
    again = World(servers.home, servers.cache)
    again.start()
    assert [daemon.running() for daemon in (again.kafka.daemon, again.postgres.daemon)] == numbers
    assert (again.environment(), Path(again.environment()["BRIDGE_LEDGER__KEY_FILE"]).read_text()) == before


def test_a_passing_world_clears_away_what_a_killed_run_left(folder: Path) -> None:
    left = folder / "test" / "0123abcd"
    postgres = Postgres(left / "postgres")
    postgres.start()
    process = postgres.daemon.running()
    (folder / "jars").symlink_to(CHECKOUT / ".bridge" / "jars")
    (left / "owner").touch()
    with passing_world(folder) as world:
        assert world.home != left
        assert not left.exists()
        assert process is not None
        assert wait_for_end([process], seconds=0)
        home = world.home
    assert not home.exists()


def test_a_path_too_long_for_a_socket_gets_a_short_private_one(folder: Path) -> None:
    with Postgres(folder / ("long" * 30)) as postgres:
        assert postgres.has_database("postgres")
        assert len(str(postgres.socket_folder)) < 100
        assert stat.S_IMODE(postgres.socket_folder.stat().st_mode) == 0o700


def test_only_the_right_to_pass_is_given_and_only_where_it_is_missing(folder: Path) -> None:
    closed, open_already = folder / "closed", folder / "closed" / "open"
    closed.mkdir(mode=0o700)
    open_already.mkdir(mode=0o755)
    opened = let_pass([open_already / "data"])
    assert closed in opened
    assert open_already not in opened
    assert stat.S_IMODE(closed.stat().st_mode) == 0o701
    assert let_pass([open_already / "data"]) == []
