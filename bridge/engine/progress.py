"""Whether work moves. Turns tell it, the stall check asks it.

A turn that legitimately waits for a lost ledger says `retrying()`; that buys time up to a bound of its own.
Times are seconds of the monotonic clock. It knows nothing of what the work is.
"""

from collections.abc import Callable
from time import monotonic


class Progress:
    """Silent for `stall_s` with work waiting, or retrying for `retry_s`, is stalled."""

    def __init__(
        self,
        *,
        stall_s: float = 5.0,
        retry_s: float = 25.0,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.stall_s = stall_s
        self.retry_s = retry_s
        self._clock = clock
        self._moved = self._heard = clock()

    @property
    def last(self) -> float:
        """When work last moved, in seconds of the monotonic clock."""
        return self._moved

    def moved(self) -> None:
        """Work arrived at an idle place, or a turn ended."""
        self._moved = self._heard = self._clock()

    def retrying(self) -> None:
        """The turn is alive and tries again."""
        self._heard = self._clock()

    def stalled(self) -> bool:
        now = self._clock()
        return now - self._heard > self.stall_s or now - self._moved > self.retry_s
