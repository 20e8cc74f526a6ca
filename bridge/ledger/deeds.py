"""What one request over HTTP asks of its transaction: to be the only one of its kind, and what it may know.

All of it comes in one round trip, so that an accept does not wait for the network again and again. Whoever
asks knows what is theirs; whatever is another's is not there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum

import asyncpg

from bridge.domain.ids import AgencyId, IncidentId, TransferId
from bridge.domain.transfer import Transfer
from bridge.ledger.desk import Asker, Kept
from bridge.ledger.ledger import Ledger
from bridge.ledger.rows import AnswerRow, LockedIncident
from bridge.ledger.sides import load_sides
from bridge.ledger.statements import statement
from bridge.ledger.transfers import transfer_of
from bridge.ledger.turns import TurnTransaction
from bridge.ledger.writing import ANSWER

EVERY_DEED = ("desk_open", "desk_key", "count_passes", "load_presences", "write_turn")
"""What an accept runs, for connections to be warmed with."""

EVERY_LOOK = ("desk_open", "desk_key", "desk_feed")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as the ledger begins it. `kind` and `name` say what must be there; empty where nothing must.

    Without an `idempotency` key somebody only looks. `inbox_key` is what it is known by among everything that
    was heard, empty where nothing is heard; `digest` is SHA-256 of it.
    """

    kind: str = ""
    name: str = ""
    idempotency: str | None = None
    inbox_key: str = ""
    digest: bytes | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a request names, and that the asker may know of. `transfer_id` is the asker's own, or empty."""

    incident_key: str
    agency: AgencyId
    incident_id: IncidentId
    transfer_id: TransferId


@dataclass(frozen=True, slots=True)
class Begun:
    """A request that nobody else works on: `number` is its place, `earlier` what was answered before.

    `taken` says that it was never heard before. What it names is locked and in `held`, with its transfers.
    """

    number: int
    now: datetime
    earlier: Kept | None
    taken: bool = False
    found: Found | None = None
    held: Mapping[str, LockedIncident] = field(default_factory=dict)

    @property
    def transfer(self) -> Transfer | None:
        """The asker's own transfer."""
        if self.found is None:
            return None
        return self.held[self.found.incident_key].transfers.get(self.found.transfer_id)


class Barred(Enum):
    """Why a request is not even begun."""

    KEY = "its key is not valid any more"
    IN_FLIGHT = "the same request is being worked on"


@dataclass(frozen=True, slots=True)
class DeskTransaction:
    """What a request may do inside its transaction, beside the turn it makes."""

    ledger: Ledger
    tx: TurnTransaction
    asker: Asker

    async def begin(self, asked: Asked) -> Begun | Barred:
        """Be the only one under this idempotency key until the end, with what is named locked and read.

        Whoever changed the incident while we waited for its lock, or answered the same request while we
        began, is seen by the second look only; nobody can come between after that.
        """
        rows = await self._open(asked)
        if not rows[0]["quiet"] or _heard_just_now(asked, rows[0]):
            rows = await self._open(asked)
        first = rows[0]
        if not first["valid"]:
            return Barred.KEY
        if not first["mine"]:
            return Barred.IN_FLIGHT
        begun = Begun(first["number"], first["now"], self._kept(first), first["taken"])
        return begun if first["incident"] is None else await self._with_incident(begun, rows)

    def answer(self, idempotency: str, kept: Kept) -> AnswerRow:
        """What will have been answered once this commits, for the turn to write."""
        key = self.ledger.keys.new_key()
        return AnswerRow(self.asker.speaker, idempotency, kept.request, kept.status, kept.body, key)

    async def _open(self, asked: Asked) -> Sequence[asyncpg.Record]:
        return await self.tx.connection.fetch(
            statement("desk_open"),
            *(self.asker.key, self.asker.speaker, asked.idempotency),
            *(asked.kind, asked.name, self.asker.agency, self.asker.destination),
            *(asked.inbox_key or None, asked.digest, self.ledger.lane),
        )

    async def _with_incident(self, begun: Begun, rows: Sequence[asyncpg.Record]) -> Begun:
        incident = rows[0]["incident"]
        named = {"agency": incident["agency"], "incident_id": incident["incident_id"]}
        transfers = [transfer_of({**row["transfer"], **named}) for row in rows if row["transfer"] is not None]
        held = {incident["incident_key"]: self.tx.held_already(incident, transfers, begun.now)}
        await load_sides(self.tx.connection, held, [incident])
        found = Found(
            incident["incident_key"],
            AgencyId(incident["agency"]),
            IncidentId(incident["incident_id"]),
            TransferId(rows[0]["transfer_id"]),
        )
        return replace(begun, found=found, held=held)

    def _kept(self, row: asyncpg.Record) -> Kept | None:
        if row["body"] is None:
            return None
        key = self.ledger.keys.open_key(row["data_key"], row["key_id"])
        return Kept(row["request"], row["status"], key.open(row["body"], ANSWER))


def _heard_just_now(asked: Asked, row: asyncpg.Record) -> bool:
    """Whether the inbox has it already, and the look at what was answered came too early to see that."""
    begun = row["mine"] and row["valid"] and row["body"] is None
    return bool(asked.inbox_key and begun and not row["taken"])
