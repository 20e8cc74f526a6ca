"""What somebody may look at over HTTP: a call as it stands, how it came to that, and what was sent.

Nothing changes, and nothing is shown of what is another's.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bridge.domain.transfer import Transfer
from bridge.handling.answer_once import Named
from bridge.handling.context import Handling
from bridge.ledger import desk
from bridge.ledger.deeds import Asked, Barred, DeskTransaction, Found
from bridge.ledger.desk import Asker, Cursor, FeedMessage, Happened
from bridge.ledger.rows import LockedIncident

__all__ = ["Asker", "Cursor", "FeedMessage", "Happened", "Look", "Looked"]


@dataclass(frozen=True, slots=True)
class Looked:
    """A call as it stands; `transfer` is the one that was named, or the asker's own."""

    found: Found
    held: LockedIncident
    transfer: Transfer | None


@dataclass(frozen=True, slots=True)
class Look:
    """The eyes of the HTTP API. Its connections are others than those with which things are done."""

    handling: Handling

    async def whose(self, key_hash: bytes) -> Asker | None:
        """Whose key has this SHA-256, if it is valid now."""
        return await desk.asker_of(self.handling.ledger, key_hash)

    async def at(self, asker: Asker, named: Named) -> Looked | None:
        """What is named, as it stands; None where it is not the asker's to know."""
        async with self.handling.ledger.turn() as tx:
            begun = await DeskTransaction(self.handling.ledger, tx, asker).begin(
                Asked(named.kind, named.name)
            )
        if isinstance(begun, Barred) or begun.found is None:
            return None
        return Looked(begun.found, begun.held[begun.found.incident_key], begun.transfer)

    async def happened(self, asker: Asker, named: Named) -> Sequence[Happened] | None:
        """The time line of what is named, as far as it is the asker's; None where nothing is."""
        looked = await self.at(asker, named)
        if looked is None:
            return None
        return await desk.happened(self.handling.ledger, looked.found.incident_key, asker.destination)

    async def feed(
        self, asker: Asker, carries: str, after: Cursor | None, most: int
    ) -> Sequence[FeedMessage]:
        """What was sent after a cursor; without one, what was sent of transfers under way."""
        return await desk.feed(self.handling.ledger, asker, carries, after, most)

    async def end_of_feeds(self) -> Cursor:
        """The cursor behind everything until now."""
        return await desk.end_of_feeds(self.handling.ledger)

    async def answers(self) -> None:
        """One small read, to know that the ledger answers."""
        await desk.end_of_feeds(self.handling.ledger)
