"""What waits in the ledger, for operators, and a cheap look at whether recent rows keep the invariants.

The look is SQL over a bounded number of rows and is taken once a minute at most; `verify` looks at all.
"""

import time
from dataclasses import dataclass, field

from bridge.ledger.connection import Connection
from bridge.ledger.rows import Gauges
from bridge.ledger.statements import statement

LOOK_EVERY_SECONDS = 60.0


@dataclass(slots=True)
class GaugeReader:
    """Reads the gauges; remembers the last look at the invariants until the next is due."""

    every: float = LOOK_EVERY_SECONDS
    _looked_at: float = field(default=float("-inf"))
    _broken: dict[str, int] = field(default_factory=dict)

    async def read(self, connection: Connection) -> Gauges:
        """The gauges as they are now; `broken` as it was at the last look."""
        rows = await connection.fetch(statement("gauges"))
        oldest: float = await connection.fetchval(statement("oldest_open_transfer"))
        if time.monotonic() - self._looked_at >= self.every:
            self._looked_at = time.monotonic()
            broken = await connection.fetch(statement("recently_broken"))
            self._broken = {str(row["invariant"]): row["rows"] for row in broken}
        return Gauges(
            tuple((row["destination"], row["rows"], row["oldest"]) for row in rows),
            oldest,
            dict(self._broken),
        )
