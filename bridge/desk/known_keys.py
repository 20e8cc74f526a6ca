"""Keys that opened the door a moment ago: they are let in again without the ledger being asked at the door.

That a key is still valid is asked once more by the deed itself, in its own transaction, so that a revoked one
does nothing and is shown nothing. Only what moves a caller comes in this way: it always is a deed.
"""

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bridge.handling.looking import Asker

_MOMENT = 5.0
_MOST_KEYS = 1000


@dataclass(slots=True)
class KnownKeys:
    """Whose key has a SHA-256, asked of `whose` when it was not known for a moment (seconds)."""

    whose: Callable[[bytes], Awaitable[Asker | None]]
    moment: float = _MOMENT
    clock: Callable[[], float] = time.monotonic
    _known: OrderedDict[bytes, tuple[Asker, float]] = field(default_factory=OrderedDict)

    async def __call__(self, key_hash: bytes) -> Asker | None:
        """Whoever it is; None when the key is not valid."""
        asker, until = self._known.get(key_hash, (None, 0.0))
        if asker is not None and self.clock() < until:
            return asker
        self._known.pop(key_hash, None)
        asker = await self.whose(key_hash)
        if asker is not None:
            self._known[key_hash] = asker, self.clock() + self.moment
            if len(self._known) > _MOST_KEYS:
                self._known.popitem(last=False)
        return asker
