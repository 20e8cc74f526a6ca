"""A thread that ends the process when the worker's loop stands still, or when its end takes too long.

Kafka heartbeats run in another thread, so a worker whose loop is blocked would keep its partitions and serve
none. The process ends hard, with every thread's stack on stderr: what was not committed is read again.
"""

import asyncio
import faulthandler
import os
import sys
import threading
from collections.abc import Callable
from time import monotonic

#: EX_SOFTWARE of sysexits.h.
EXIT_CODE = 70

_TICK_S = 0.1


class Watchdog:
    """Counts its own ticks since the loop last beat, so that a stopped and resumed process lives on."""

    def __init__(self, *, blocked_s: float = 3.0, end: Callable[[int], object] = os._exit) -> None:
        self._limit = max(2, round(blocked_s / _TICK_S))
        self._end = end
        self._ticks = 0
        self._deadline: float | None = None
        self._reason = ""
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    @property
    def silent_s(self) -> float:
        """How long the loop has not beaten, in steps of a tick. For the liveness probe."""
        return self._ticks * _TICK_S

    @property
    def alive(self) -> bool:
        """False once the loop has been silent for half of what ends the process."""
        return self._ticks <= self._limit // 2

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Beat in `loop` and watch from a thread of its own."""
        loop.call_soon_threadsafe(self._beat, loop)
        self._thread.start()

    def end_within(self, seconds: float, reason: str) -> None:
        """The process must be over by then. The earliest such word counts. Any thread may call."""
        at = monotonic() + seconds
        if self._deadline is None or at < self._deadline:
            self._deadline, self._reason = at, reason

    def stop(self) -> None:
        """Watch no more: the loop has ended as it should."""
        self._stopped.set()

    def _beat(self, loop: asyncio.AbstractEventLoop) -> None:
        self._ticks = 0
        if not self._stopped.is_set():
            loop.call_later(_TICK_S, self._beat, loop)

    def _watch(self) -> None:
        while not self._stopped.wait(_TICK_S):
            self._ticks += 1
            if self._ticks > self._limit:
                self._finish(f"the loop has stood still for {self.silent_s:.1f} s")
            elif self._deadline is not None and monotonic() > self._deadline:
                self._finish(self._reason)

    def _finish(self, reason: str) -> None:
        os.write(sys.stderr.fileno(), f"watchdog: {reason}; ending the process\n".encode())
        faulthandler.dump_traceback(file=sys.stderr.fileno(), all_threads=True)
        self._stopped.set()
        self._end(EXIT_CODE)
