"""Offers that could not be delivered while they were good: the transfer fails, and the next one is asked."""

from collections.abc import Sequence

from bridge.domain.message import OfferKind
from bridge.domain.signal import SignalKind
from bridge.handling.advancing import advance
from bridge.handling.context import Handling
from bridge.handling.own_signals import own_signal
from bridge.handling.passing_over import look_at_destinations
from bridge.handling.retrying import until_committed
from bridge.handling.turn import Turn, commit
from bridge.ledger.rows import ClosedDelivery


async def fail_deliveries(handling: Handling, failed: Sequence[ClosedDelivery]) -> None:
    """Tell each transfer that its offer cannot reach its destination. LedgerLostError when it stays lost."""
    offers = [delivery for delivery in failed if delivery.kind == OfferKind.OFFER.value]
    keys = [delivery.incident_key for delivery in offers if delivery.incident_key is not None]
    if keys:
        await until_committed(handling, lambda: _one_turn(handling, keys, offers))


async def _one_turn(handling: Handling, keys: Sequence[str], offers: Sequence[ClosedDelivery]) -> None:
    async with handling.ledger.turn() as tx:
        locked, _ = await tx.lock_incidents(keys, ())
        turn = Turn(handling, tx, tx.now or await tx.clock(), handling.rules())
        await look_at_destinations(turn)
        for delivery in offers:
            held = locked.get(delivery.incident_key or "")
            transfer = held.waiting if held is not None else None
            if held is not None and transfer is not None and transfer.transfer_id == delivery.transfer_id:
                failed = own_signal(
                    transfer, SignalKind.DELIVERY_FAILED, now=turn.now, of=delivery.destination
                )
                advance(turn, held, transfer, failed)
        leased = await turn.write()
    await commit(turn, leased)
