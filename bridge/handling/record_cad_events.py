"""CAD events: applied once, screened each time, and acted upon.

Every record ends as one row: applied, duplicate, conflict, or quarantined with 911 told that the bridge
could not read it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bridge.domain.cad import CadEvent
from bridge.domain.incident import apply
from bridge.domain.record import InboxRecord, UnreadableRecord
from bridge.handling.acting import screen_and_act
from bridge.handling.claiming import CONFLICT, conflicting_repeats
from bridge.handling.context import Handling
from bridge.handling.passing_over import look_at_destinations
from bridge.handling.quarantining import quarantine
from bridge.handling.retrying import until_committed
from bridge.handling.shadowing import decide_beside
from bridge.handling.turn import Positions, Turn, commit
from bridge.handling.units import legs_of_units
from bridge.ledger.rows import LockedIncident
from bridge.ledger.turns import TurnTransaction


@dataclass(frozen=True, slots=True)
class CadRecord:
    """A CAD event and where it was read."""

    inbox: InboxRecord
    event: CadEvent
    content: bytes


async def record_cad_events(
    handling: Handling, records: Sequence[CadRecord | UnreadableRecord], positions: Positions
) -> None:
    """Record, screen and act upon everything that waits, in one transaction; returns after COMMIT.

    `positions` is where this lane goes on reading, by (topic, partition). A lost ledger is retried within
    the ledger's bound; LedgerLostError after that, so that the records come again.
    """
    await until_committed(handling, lambda: _one_turn(handling, records, positions))


async def _one_turn(
    handling: Handling, records: Sequence[CadRecord | UnreadableRecord], positions: Positions
) -> None:
    readable = [record for record in records if isinstance(record, CadRecord)]
    unreadable = [record for record in records if isinstance(record, UnreadableRecord)]
    async with handling.ledger.turn() as tx:
        claimed = await _claim(tx, readable)
        conflicts = await conflicting_repeats(tx, readable, {index for index, _ in claimed})
        turn = Turn(handling, tx, tx.now or await tx.clock(), handling.rules())
        callers = ((h.incident.agency, readable[i].event.callback or h.incident.callback) for i, h in claimed)
        await turn.passes.read(tx, callers, turn.now)
        await look_at_destinations(turn)
        for index, held in claimed:
            _apply(turn, held, readable[index])
        if unreadable or conflicts:
            await quarantine(turn, [*unreadable, *conflicts])
        leased = await turn.write(positions)
    handling.metrics.events.add("applied", by=len(claimed))
    conflicting = turn.quarantined.count(CONFLICT)  # of those, what the other lane has not kept before
    handling.metrics.events.add("conflict", by=conflicting)
    handling.metrics.events.add("quarantined", by=len(turn.quarantined) - conflicting)
    await commit(turn, leased)
    await decide_beside(turn)


async def _claim(tx: TurnTransaction, records: Sequence[CadRecord]) -> list[tuple[int, LockedIncident]]:
    if not records:
        return []
    return await tx.claim_events(
        [record.inbox for record in records],
        [(record.event.agency, record.event.incident_id) for record in records],
    )


def _apply(turn: Turn, held: LockedIncident, record: CadRecord) -> None:
    units = held.incident.units
    held.incident = apply(held.incident, record.event)
    held.touched = True
    screen_and_act(turn, held, record.inbox.place)
    if held.incident.units or held.legs:
        legs_of_units(turn, held, units)
