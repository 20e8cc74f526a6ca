"""Records that were not taken: read before by the other lane, or an event id that comes again."""

from collections.abc import Sequence
from typing import Protocol

from bridge.domain.record import InboxRecord, UnreadableRecord
from bridge.ledger.turns import TurnTransaction

CONFLICT = "conflicting_duplicate"
"""Why a record is quarantined whose event id was applied with another body."""


class Read(Protocol):
    """A record that was read and understood."""

    @property
    def inbox(self) -> InboxRecord:
        """Its place and key."""

    @property
    def content(self) -> bytes:
        """As it came."""


async def conflicting_repeats(
    tx: TurnTransaction, records: Sequence[Read], taken: set[int]
) -> list[UnreadableRecord]:
    """Give each duplicate its row; answer the repeated ids whose body differs from the one applied.

    The same id with another body is a producer's error that may hide a danger: it is kept and told.
    """
    left = [record for index, record in enumerate(records) if index not in taken]
    if not left:
        return []
    outcomes = await tx.claim_repeats([record.inbox for record in left])
    return [
        UnreadableRecord(left[index].inbox.place, CONFLICT, left[index].content)
        for index, outcome in outcomes
        if outcome == "conflict"
    ]
