"""One turn's transaction: take records, lock incidents, write what changed, all or nothing.

The order of locks is always inbox, incidents (by key), transfers, so that lanes and sweeps wait for each
other and never in a circle.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import asyncpg

from bridge.domain.ids import AgencyId, DestinationId, IncidentId, TransferId
from bridge.domain.incident import Incident
from bridge.domain.record import InboxRecord, Place, UnreadableRecord
from bridge.domain.transfer import Transfer
from bridge.ledger.connection import Connection
from bridge.ledger.presences import write_presences
from bridge.ledger.rows import Changes, LockedIncident
from bridge.ledger.sealing import DataKey, KeyRing
from bridge.ledger.sides import load_sides, write_sides
from bridge.ledger.statements import statement
from bridge.ledger.transfers import transfer_of
from bridge.ledger.writing import write_arguments

QUARANTINE_LIMIT = 1 << 20
"""Bytes of an unreadable record that are kept; its length and SHA-256 are kept whole."""


class Snapshots(Protocol):
    """How an incident's state becomes bytes and back; `wire` knows the schema."""

    def encode(self, incident: Incident) -> bytes:
        """The state as bytes."""

    def decode(self, content: bytes) -> Incident:
        """The state as it was."""


class TurnTransaction:
    """What may be done inside one turn. `now` is the database's clock."""

    def __init__(
        self, connection: Connection, *, keys: KeyRing, snapshots: Snapshots, lane: str, worker: str
    ) -> None:
        self._connection = connection
        self._keys = keys
        self._snapshots = snapshots
        self._lane = lane
        self._worker = worker
        self.now: datetime | None = None

    @property
    def connection(self) -> Connection:
        """The transaction itself, for the ledger's other rooms that write in the same one."""
        return self._connection

    async def claim_events(
        self, records: Sequence[InboxRecord], incidents: Sequence[tuple[AgencyId, IncidentId]]
    ) -> list[tuple[int, LockedIncident]]:
        """Take the CAD events nobody has applied; answer (index, its incident locked) for each taken."""
        rows = await self._connection.fetch(
            statement("claim_events"),
            *_inbox_columns(records),
            self._lane,
            [incident_key(agency, incident) for agency, incident in incidents],
            [agency for agency, _ in incidents],
            [incident for _, incident in incidents],
        )
        held: dict[str, LockedIncident] = {}
        for row in rows:
            if row["incident_key"] not in held:
                held[row["incident_key"]] = self._locked(row)
        known = [row for row in rows if not held[row["incident_key"]].is_new]
        if known:
            await self._attach(held, known, ())
        return [(row["ordinal"] - 1, held[row["incident_key"]]) for row in rows]

    async def claim_records(self, records: Sequence[InboxRecord]) -> list[int]:
        """Take records that are not CAD events; answer the indexes taken."""
        rows = await self._connection.fetch(statement("claim_records"), *_inbox_columns(records), self._lane)
        return [row["ordinal"] - 1 for row in rows]

    async def claim_repeats(self, records: Sequence[InboxRecord]) -> list[tuple[int, str]]:
        """Give each duplicate a row; answer (index, `duplicate` or `conflict`) of each repeated event id."""
        columns = _inbox_columns(records)
        rows = await self._connection.fetch(statement("claim_repeats"), *columns[:5], columns[6], self._lane)
        return [(row["ordinal"] - 1, row["outcome"]) for row in rows]

    async def mark_unknown(self, places: Sequence[Place], outcome: str) -> None:
        """Say of taken records that they speak of something the ledger does not know."""
        await self._connection.execute(statement("mark_unknown"), *_places(places), outcome)

    async def quarantine(self, records: Sequence[UnreadableRecord], digests: Sequence[bytes]) -> list[int]:
        """Keep what could not be read, sealed; answer the indexes not kept before."""
        keys = [self._keys.new_key() for _ in records]
        contents = [record.content or b"" for record in records]
        rows = await self._connection.fetch(
            statement("quarantine"),
            *_places([record.place for record in records]),
            [record.reason for record in records],
            [len(content) for content in contents],
            digests,
            [key.wrapped for key in keys],
            keys[0].key_id,
            [
                key.seal(content[:QUARANTINE_LIMIT], b"quarantine")
                for key, content in zip(keys, contents, strict=True)
            ],
            [len(content) <= QUARANTINE_LIMIT for content in contents],
            [record.place.produced_at for record in records],
            self._lane,
        )
        return [row["ordinal"] - 1 for row in rows]

    async def lock_incidents(
        self, keys: Iterable[str], transfers: Sequence[TransferId]
    ) -> tuple[dict[str, LockedIncident], dict[TransferId, Transfer]]:
        """Lock the incidents that exist among `keys`; answer them and every transfer named."""
        rows = await self._connection.fetch(statement("lock_incidents"), sorted(set(keys)))
        held = {row["incident_key"]: self._locked(row) for row in rows}
        return held, await self._attach(held, rows, transfers)

    async def open_incidents(
        self, incidents: Sequence[tuple[AgencyId, IncidentId]]
    ) -> dict[str, LockedIncident]:
        """Lock these incidents, and make those that are not there yet."""
        unique = sorted(set(incidents), key=lambda named: incident_key(*named))
        rows = await self._connection.fetch(
            statement("open_incidents"),
            [incident_key(agency, incident) for agency, incident in unique],
            [agency for agency, _ in unique],
            [incident for _, incident in unique],
        )
        held = {row["incident_key"]: self._locked(row) for row in rows}
        await self._attach(held, rows, ())
        return held

    async def lock_due_incidents(self, limit: int) -> dict[str, LockedIncident]:
        """Lock incidents of which something is past its deadline and that nobody else is working on."""
        return await self._lock_due("lock_due_incidents", limit)

    async def lock_waiting_incidents(self, limit: int) -> dict[str, LockedIncident]:
        """Lock incidents that are to be screened again by now and that nobody else is working on."""
        held = await self._lock_due("lock_waiting_incidents", limit)
        for row in await self._connection.fetch(statement("count_screenings"), list(held)) if held else ():
            held[row["incident_key"]].screenings = row["screenings"]
        return held

    async def _lock_due(self, name: str, limit: int) -> dict[str, LockedIncident]:
        rows = await self._connection.fetch(statement(name), limit)
        held = {row["incident_key"]: self._locked(row) for row in rows}
        if held:
            await self._attach(held, rows, ())
        return held

    async def move_positions(self, positions: Mapping[tuple[str, int], int]) -> None:
        """This lane goes on reading at these offsets."""
        await self._connection.execute(
            statement("move_positions"),
            self._lane,
            [topic for topic, _ in positions],
            [partition for _, partition in positions],
            list(positions.values()),
        )

    def held_already(
        self, row: asyncpg.Record, transfers: Iterable[Transfer], now: datetime
    ) -> LockedIncident:
        """An incident that this transaction has locked by another statement; nothing more is read of it."""
        self.now = now
        held = self._held(row)
        held.transfers |= {transfer.transfer_id: transfer for transfer in transfers}
        return held

    def new_key(self) -> DataKey:
        """A key for what belongs to no incident."""
        return self._keys.new_key()

    async def write(
        self,
        changes: Changes,
        *,
        lease: float | None,
        now: datetime,
        positions: Mapping[tuple[str, int], int],
        rules_digest: str,
    ) -> set[str]:
        """Write the turn; answer the ids of the messages this worker may send when it has committed.

        `rules_digest` names the kept rules that its decisions were made by; empty when they are not kept.
        """
        snapshots = {
            key: held.data_key.seal(self._snapshots.encode(held.incident), b"snapshot")
            for key, held in changes.incidents.items()
            if held.touched
        }
        rows = await self._connection.fetch(
            statement("write_turn"),
            self._lane,
            self._worker,
            lease,
            now,
            *write_arguments(changes, snapshots),
            [topic for topic, _ in positions],
            [partition for _, partition in positions],
            list(positions.values()),
            rules_digest,
        )
        await write_sides(self._connection, changes, now)
        await write_presences(self._connection, changes)
        return {row["message_id"] for row in rows}

    async def count_passes(
        self, callers: Iterable[tuple[AgencyId, bytes]], now: datetime
    ) -> dict[tuple[AgencyId, bytes], int]:
        """How often each of these callers (by a keyed hash) was passed on in the 24 hours before `now`."""
        unique = sorted(set(callers))
        rows = await self._connection.fetch(
            statement("count_passes"), [agency for agency, _ in unique], [one for _, one in unique], now
        )
        return {(AgencyId(row["agency"]), row["caller_hash"]): row["passes"] for row in rows}

    async def clock(self) -> datetime:
        """The database's time."""
        at: datetime = await self._connection.fetchval("select clock_timestamp()")
        return at

    async def _attach(
        self,
        held: Mapping[str, LockedIncident],
        incidents: Sequence[asyncpg.Record],
        transfers: Sequence[TransferId],
    ) -> dict[TransferId, Transfer]:
        keys = list({row["incident_key"] for row in incidents})
        rows = await self._connection.fetch(statement("load_transfers"), keys, list(transfers))
        found = {row["transfer_id"]: transfer_of(row) for row in rows}
        for row in rows:
            if row["incident_key"] in held:
                held[row["incident_key"]].transfers[row["transfer_id"]] = found[row["transfer_id"]]
        await load_sides(self._connection, held, incidents)
        return found

    def _locked(self, row: asyncpg.Record) -> LockedIncident:
        self.now = row["now"]
        return self._held(row)

    def _held(self, row: asyncpg.Record) -> LockedIncident:
        key: str = row["incident_key"]
        if row["data_key"] is None:
            blank = Incident(IncidentId(row["incident_id"]), AgencyId(row["agency"]))
            return LockedIncident(key, blank, self._keys.new_key(), is_new=True)
        data_key = self._keys.open_key(row["data_key"], row["key_id"])
        return LockedIncident(
            key,
            self._snapshots.decode(data_key.open(row["snapshot"], b"snapshot")),
            data_key,
            verdict=row["verdict"],
            clauses=tuple(row["clauses"]),
            route=tuple(DestinationId(name) for name in row["route"]),
            asked=tuple(DestinationId(name) for name in row["asked"]),
            settled=row["settled"],
            budget_until=row["budget_until"],
            again_at=row["again_at"],
            passed_over=tuple(DestinationId(name) for name in row["passed_over"]),
            linked=row["linked"],
            holder=row["holder"],
            opened_by=row["opened_by"],
            messages=row["messages"],
            audit_number=row["audit_number"],
            audit_head=row["audit_head"],
        )


def incident_key(agency: str, incident_id: str) -> str:
    """The ledger's key of an incident: numbers are unique within an agency only."""
    return f"{agency}/{incident_id}"


def _places(places: Sequence[Place]) -> tuple[list[str], list[int], list[int]]:
    return (
        [place.topic for place in places],
        [place.partition for place in places],
        [place.offset for place in places],
    )


def _inbox_columns(records: Sequence[InboxRecord]) -> tuple[list[object], ...]:
    topics, partitions, offsets = _places([record.place for record in records])
    return (
        list(topics),
        list(partitions),
        list(offsets),
        [record.event_key for record in records],
        [record.digest for record in records],
        [",".join(record.faults) for record in records],
        [record.place.produced_at for record in records],
    )
