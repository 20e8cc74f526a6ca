"""What the parts of one worker share: limits, positions, alarms, listeners, what is known of reading.

Made once by `make_app`; the transport and the app hold the same one.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Protocol

from bridge.engine.limits import EngineSettings
from bridge.engine.positions import Alarms, Positions, Reading


class Settling(Protocol):
    """What a listener promises when its partitions go or the worker stops."""

    def forget(self) -> None:
        """Drop what no turn has begun."""
        ...

    async def settled(self) -> None:
        """Return once no turn runs."""
        ...


@dataclass(slots=True)
class Lane:
    """One worker's share of a lane."""

    settings: EngineSettings
    positions: Positions
    alarms: Alarms = field(default_factory=Alarms)
    reading: Reading = field(default_factory=Reading)
    listeners: list[Settling] = field(default_factory=list)

    async def settle(self, within_s: float) -> None:
        """Forget what waits; give the running turns `within_s` seconds to end."""
        for listener in self.listeners:
            listener.forget()
        waits = [asyncio.ensure_future(listener.settled()) for listener in self.listeners]
        if waits:
            _, pending = await asyncio.wait(waits, timeout=within_s)
            for wait in pending:
                wait.cancel()
