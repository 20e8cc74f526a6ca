"""The ledger: the one place that remembers. All else may be killed at any instant.

A turn is one transaction. When the connection is lost, whether it committed is unknown; the caller
repeats the whole turn, and every write has a key that makes the repetition harmless.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import asyncpg

from bridge.domain.delivery import DeliveryState
from bridge.ledger import headers
from bridge.ledger.connection import EVERY_TURN, connected, open_pool, transaction, translated_errors
from bridge.ledger.gauges import GaugeReader
from bridge.ledger.rows import ClosedDelivery, DeliveryResult, Gauges, LeasedMessage
from bridge.ledger.sealing import KeyRing
from bridge.ledger.statements import statement
from bridge.ledger.turns import Snapshots, TurnTransaction


@dataclass(frozen=True, slots=True)
class Ledger:
    """A pool of connections to PostgreSQL, the keys, and who we are (`lane`, and `worker` within it)."""

    pool: "asyncpg.Pool[asyncpg.Record]"
    keys: KeyRing
    snapshots: Snapshots
    lane: str
    worker: str
    gauge_reader: GaugeReader = field(default_factory=GaugeReader)

    @classmethod
    async def connect(
        cls,
        dsn: str,
        *,
        keys: KeyRing,
        snapshots: Snapshots,
        lane: str,
        worker: str,
        pool_size: int = 6,
        statement_timeout: float = 2.0,
        warmed: Sequence[str] = EVERY_TURN,
    ) -> "Ledger":
        """Open the pool; LedgerLostError when PostgreSQL does not answer. Times in seconds."""
        pool = await open_pool(
            dsn,
            size=pool_size,
            statement_timeout=statement_timeout,
            name=f"bridge {worker}",
            warmed=warmed,
        )
        return cls(pool, keys, snapshots, lane, worker)

    async def close(self) -> None:
        """Give all connections back, at most a second long."""
        self.pool.terminate()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[TurnTransaction]:
        """One transaction; it commits when the block ends well."""
        async with transaction(self.pool) as connection:
            yield TurnTransaction(
                connection, keys=self.keys, snapshots=self.snapshots, lane=self.lane, worker=self.worker
            )

    async def positions(self, partitions: Collection[tuple[str, int]]) -> Mapping[tuple[str, int], int]:
        """Where this lane goes on reading; a partition it never read is absent."""
        with translated_errors():
            rows = await self.pool.fetch(
                statement("read_positions"),
                self.lane,
                [topic for topic, _ in partitions],
                [partition for _, partition in partitions],
            )
        return {(row["topic"], row["partition"]): row["next_offset"] for row in rows}

    async def claim_due_messages(
        self, *, lease: float, without: Collection[str], limit: int
    ) -> list[LeasedMessage]:
        """Lease (seconds) what is due and unsent, at most `limit` for each destination not in `without`."""
        async with connected(self.pool) as connection:
            rows = await connection.fetch(
                statement("claim_due_messages"), self.worker, lease, list(without), limit
            )
        return [self._leased(row) for row in sorted(rows, key=lambda row: (row["order_key"], row["number"]))]

    async def close_deliveries(self, results: Sequence[DeliveryResult]) -> list[ClosedDelivery]:
        """Write what came of attempts; answer the deliveries as they stand now."""
        async with connected(self.pool) as connection:
            rows = await connection.fetch(
                statement("close_deliveries"),
                self.worker,
                [result.message_id for result in results],
                [result.attempt for result in results],
                [result.state.value for result in results],
                [result.answer for result in results],
                [result.again_in for result in results],
            )
        return [
            ClosedDelivery(
                row["message_id"],
                DeliveryState(row["state"]),
                row["destination"],
                row["carries"],
                row["kind"],
                row["transfer_id"],
                row["incident_key"],
            )
            for row in rows
        ]

    async def gauges(self) -> Gauges:
        """What waits now, for the operators' gauges, and what recent rows break."""
        with translated_errors():
            async with self.pool.acquire(timeout=5) as connection:
                return await self.gauge_reader.read(connection)

    async def check(self) -> str:
        """The server's version, from a write that is rolled back; raises when it cannot be written to."""
        with translated_errors():
            async with self.pool.acquire(timeout=2) as connection:
                read_only: str = await connection.fetchval("show transaction_read_only")
                version: str = await connection.fetchval("show server_version")
        return f"{version} (read only)" if read_only == "on" else version

    def _leased(self, row: asyncpg.Record) -> LeasedMessage:
        data_key = self.keys.open_key(row["data_key"], row["key_id"])
        message_id: str = row["message_id"]
        return LeasedMessage(
            message_id=message_id,
            transfer_id=row["transfer_id"],
            carries=row["carries"],
            kind=row["kind"],
            destination=row["destination"],
            channel=row["channel"],
            address=row["address"],
            order_key=row["order_key"],
            key=row["record_key"],
            headers=headers.unpack(row["headers"]),
            content=data_key.open(row["content"], message_id.encode()),
            attempt=row["attempts"],
        )
