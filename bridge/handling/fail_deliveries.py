"""Offers that could not be delivered while they were good: the transfer fails, and the next one is asked."""

from collections.abc import Sequence

from bridge.domain.ids import TransferId
from bridge.domain.message import OfferKind
from bridge.domain.signal import SignalKind
from bridge.handling.advancing import advance
from bridge.handling.context import Handling
from bridge.handling.own_signals import own_signal
from bridge.handling.retrying import until_committed
from bridge.handling.turn import Turn, commit
from bridge.ledger.rows import ClosedDelivery


async def fail_deliveries(handling: Handling, failed: Sequence[ClosedDelivery]) -> None:
    """Tell each transfer that its offer cannot reach its destination. LedgerLostError when it stays lost."""
    offers = [delivery for delivery in failed if delivery.kind == OfferKind.OFFER.value]
    keys = [delivery.incident_key for delivery in offers if delivery.incident_key is not None]
    if not keys:
        return
    named = [delivery.transfer_id for delivery in offers if delivery.transfer_id is not None]
    await until_committed(handling, lambda: _one_turn(handling, keys, named))


async def _one_turn(handling: Handling, keys: Sequence[str], named: Sequence[TransferId]) -> None:
    async with handling.ledger.turn() as tx:
        locked, _ = await tx.lock_incidents(keys, named)
        turn = Turn(handling, tx, tx.now or await tx.clock(), handling.rules())
        for held in locked.values():
            transfer = held.active
            if transfer is not None and transfer.transfer_id in named:
                advance(turn, held, transfer, own_signal(transfer, SignalKind.DELIVERY_FAILED, now=turn.now))
        leased = await turn.write()
    await commit(turn, leased)
