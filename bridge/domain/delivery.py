"""A delivery: getting one message's bytes to one address, and the table of its life.

Bytes are not people: `delivered` says that the destination's system has the message, never that a
counsellor has the caller.
"""

from collections.abc import Mapping
from enum import StrEnum


class DeliveryState(StrEnum):
    """Where a message stands on its way out."""

    PENDING = "pending"
    LEASED = "leased"
    RETRY = "retry"
    DELIVERED = "delivered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    DEAD = "dead"


class DeliveryEvent(StrEnum):
    """What happens to a delivery. LEASE_ENDED: whoever had it did not say what came of it."""

    LEASED = "leased"
    DELIVERED = "delivered"
    FAILED = "failed"
    REFUSED = "refused"
    LEASE_ENDED = "lease_ended"
    TRANSFER_ENDED = "transfer_ended"
    BUDGET_ENDED = "budget_ended"


D, E = DeliveryState, DeliveryEvent

DELIVERY_ENDS = frozenset({D.DELIVERED, D.REFUSED, D.WITHDRAWN, D.DEAD})

TABLE: Mapping[DeliveryState, Mapping[DeliveryEvent, DeliveryState]] = {
    D.PENDING: {E.LEASED: D.LEASED, E.TRANSFER_ENDED: D.WITHDRAWN, E.BUDGET_ENDED: D.DEAD},
    D.LEASED: {
        E.DELIVERED: D.DELIVERED,
        E.FAILED: D.RETRY,
        E.REFUSED: D.REFUSED,
        E.LEASE_ENDED: D.RETRY,
        E.BUDGET_ENDED: D.DEAD,
    },
    D.RETRY: {
        E.LEASED: D.LEASED,
        E.DELIVERED: D.DELIVERED,
        E.TRANSFER_ENDED: D.WITHDRAWN,
        E.BUDGET_ENDED: D.DEAD,
    },
    **{end: {} for end in sorted(DELIVERY_ENDS)},
}
"""STATE x EVENT -> STATE. RETRY takes DELIVERED because an answer can come after the lease ended."""
