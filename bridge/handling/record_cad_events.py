"""CAD events: applied once, screened each time, and acted upon.

Every record ends as one row: applied, duplicate, conflict, or quarantined with 911 told that the bridge
could not read it. A disqualifier that appears before voice contact takes the offer back.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bridge.domain.cad import CadEvent
from bridge.domain.decision import Decision, Verdict
from bridge.domain.incident import apply
from bridge.domain.message import OfferKind, ReturnKind
from bridge.domain.record import InboxRecord, UnreadableRecord
from bridge.domain.signal import SignalKind
from bridge.domain.transfer import WAITING, State, Transfer
from bridge.handling.advancing import advance
from bridge.handling.asking import ask, next_destination
from bridge.handling.claiming import CONFLICT, conflicting_repeats
from bridge.handling.context import Handling
from bridge.handling.own_signals import own_signal
from bridge.handling.quarantining import quarantine
from bridge.handling.retrying import until_committed
from bridge.handling.screening import screened
from bridge.handling.shadowing import decide_beside
from bridge.handling.telling import tell_911, tell_destination, tell_everybody
from bridge.handling.turn import Positions, Turn, commit
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
    held.incident = apply(held.incident, record.event)
    held.touched = True
    said_before = held.verdict, held.clauses, held.route
    decision = screened(held, turn.rules, turn.now)
    turn.decided(held, decision, record.inbox.place)
    changed = (held.verdict, held.clauses, held.route) != said_before
    if changed:
        tell_everybody(turn, held, "decided", decision=decision)
    transfer = held.active
    if transfer is None:
        _ask_or_tell(turn, held, decision, changed=changed)
    else:
        _go_on(turn, held, transfer, decision, changed=changed)


def _ask_or_tell(turn: Turn, held: LockedIncident, decision: Decision, *, changed: bool) -> None:
    destination = next_destination(turn, held, decision)
    if destination is not None:
        ask(turn, held, decision, destination)
    elif changed and (decision.verdict is Verdict.TANDEM or (decision.route and not held.asked)):
        tell_911(turn, held, ReturnKind.RECOMMENDATION, decision=decision)


def _go_on(
    turn: Turn, held: LockedIncident, transfer: Transfer, decision: Decision, *, changed: bool
) -> None:
    """A transfer is under way: take it back, pass it on, warn, or tell what is new."""
    waiting = transfer.state in WAITING
    no_longer_good = decision.verdict in {Verdict.KEEP, Verdict.TANDEM}
    barred = transfer.destination in decision.barred
    if barred and waiting and not no_longer_good:
        _pass_on(turn, held, transfer, decision)
    elif ((decision.danger or barred) and (waiting or changed)) or (no_longer_good and waiting):
        _take_back(turn, held, transfer, decision)
    elif transfer.state is not State.PROPOSED:  # who was not asked yet is told nothing
        tell_destination(turn, held, transfer, OfferKind.UPDATE, decision=decision)


def _pass_on(turn: Turn, held: LockedIncident, transfer: Transfer, decision: Decision) -> None:
    """This destination may not have the call any more, and another one may: it is asked in its place."""
    settled = held.settled
    signal = own_signal(transfer, SignalKind.RECALLED, now=turn.now, reason="destination.barred")
    advance(turn, held, transfer, signal, decision)
    held.settled = settled  # nobody decided, and the danger is none for everybody
    _ask_or_tell(turn, held, decision, changed=False)


def _take_back(turn: Turn, held: LockedIncident, transfer: Transfer, decision: Decision) -> None:
    """Before voice contact the offer is recalled; after it both sides are told, and nobody is taken off."""
    warns = decision.danger or transfer.destination in decision.barred
    kind = SignalKind.DANGER if warns else SignalKind.RECALLED
    spoke = next((reason.clause for reason in decision.reasons if reason.disqualifies), "screening")
    signal = own_signal(transfer, kind, now=turn.now, reason=spoke)
    taken = advance(turn, held, transfer, signal, decision)
    if not taken.moved:
        tell_destination(turn, held, taken.after, OfferKind.UPDATE, decision=decision)
