"""What this process knows of the destinations just now: read from the ledger, never older than a moment.

What a turn of this process opens or ends is counted at once, so that nobody is offered more than they have
room for; another lane's turns are known when it is read again.
"""

import time
from collections import Counter
from collections.abc import Collection, Mapping

from bridge.domain.ids import DestinationId
from bridge.domain.presence import UNHEARD, Presence
from bridge.ledger.presences import load_presences
from bridge.ledger.turns import TurnTransaction

MOMENT = 0.25
"""Seconds that are waited at most before another worker's doings are known here."""


class Presences:
    """One process's knowledge. `moment` is how old it may be, in seconds."""

    def __init__(self, moment: float = MOMENT) -> None:
        self.known: Mapping[DestinationId, Presence] = {}
        self._moment = moment
        self._read_at = float("-inf")
        self._since: Counter[DestinationId] = Counter()

    async def look(self, tx: TurnTransaction, counted: Collection[DestinationId]) -> None:
        """Read again where that is due; calls are counted of those in `counted`."""
        if time.monotonic() - self._read_at < self._moment:
            return
        self._since.clear()  # what commits while this is read may be counted twice, and never not at all
        self.known = await load_presences(tx.connection, counted)
        self._read_at = time.monotonic()

    def look_anew(self) -> None:
        """A destination said something new here: the next turn reads."""
        self._read_at = float("-inf")

    def opened(self, destination: DestinationId) -> None:
        """A call of this process is with this destination from now on."""
        self._since[destination] += 1

    def ended(self, destination: DestinationId) -> None:
        """One is with it no more."""
        self._since[destination] -= 1

    def open_calls(self, destination: DestinationId) -> int:
        """How many calls it holds or is offered."""
        return self.known.get(destination, UNHEARD).open_calls + self._since[destination]
