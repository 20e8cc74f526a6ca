"""The rules in force, and the look at their files that replaces them as a whole while calls go on.

New rules are loaded beside the loop, kept in the ledger, and only then put in force, in one assignment: a
turn decides by the old ones or by the new ones. What cannot be used changes nothing, and is said.
"""

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import NoReturn

from bridge import logs
from bridge.app.rules import LIVE, Loaded, keep, load_rules
from bridge.errors import LedgerLostError
from bridge.handling.context import Rules
from bridge.ledger.ledger import Ledger
from bridge.metrics import RULES, Metrics, show_destinations
from bridge.settings import Settings
from bridge.settings.bundle import Bundle, read_bundle

_PROBLEMS = 20
"""Lines of one refusal that are worth logging; `bridge doctor` tells all."""

_REFUSED_AGAIN = 60.0

_NOTHING = "no policy is left, which is more likely a mistake than meant; put one there"


class Reloading:
    """`rules` are in force. `run` looks at the files, and must run; `look_now` makes it look at once."""

    def __init__(self, settings: Settings, first: Loaded, metrics: Metrics) -> None:
        assert first.rules is not None, "a worker begins with rules"
        self.rules: Rules = first.rules
        self._settings = settings
        self._metrics = metrics
        self._first = first
        self._seen: Bundle = first.bundle
        self._refused: Mapping[str, str] = {}
        self._again_at = 0.0
        self._asked = asyncio.Event()
        show_destinations(metrics, self.rules.destinations)

    async def begin(self, ledger: Ledger) -> None:
        """Keep the first rules, before anything is decided by them. LedgerLostError; may be repeated."""
        await keep(ledger, self._first)
        self._say_loaded()
        self._say_refused(self._first.refused)

    def look_now(self) -> None:
        """Somebody says that the files have changed."""
        self._asked.set()

    async def run(self, ledger: Ledger) -> NoReturn:
        """Look every so many seconds, and when asked to."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._settings.worker.reload_seconds):
                    await self._asked.wait()
            asked = self._asked.is_set()
            self._asked.clear()
            again = self._refused and time.monotonic() >= self._again_at  # what a file names may be there now
            if asked or again or await asyncio.to_thread(self._changed):
                self._again_at = time.monotonic() + _REFUSED_AGAIN
                await self._take(await asyncio.to_thread(load_rules, self._settings), ledger)

    def _changed(self) -> bool:
        return read_bundle(self._settings.paths, self._seen.sources).digest != self._seen.digest

    async def _take(self, loaded: Loaded, ledger: Ledger) -> None:
        """Put these in force once the ledger has them. One that is away is asked again at the next look."""
        if loaded.rules is not None and self.rules.policies and not loaded.rules.policies:
            loaded = Loaded(loaded.bundle, None, {LIVE: f"{self._settings.paths.policies}: {_NOTHING}"})
        if loaded.rules is not None and loaded.rules.digest != self.rules.digest:
            try:
                await keep(ledger, loaded)
            except LedgerLostError:
                self._metrics.ledger_lost.add()
                return
            before, self.rules = self.rules, loaded.rules
            show_destinations(self._metrics, self.rules.destinations.keys() - before.destinations.keys())
            self._say_loaded()
        self._seen = loaded.bundle
        self._say_refused(loaded.refused)

    def _say_loaded(self) -> None:
        self._metrics.rules_loaded.set(time.time())
        self._metrics.rules.set_only(1, self.rules.digest[:12])
        count = sum(map(len, self.rules.policies.values()))
        logs.logger().info("rules.loaded", version=self.rules.digest[:12], count=count)

    def _say_refused(self, refused: Mapping[str, str]) -> None:
        """As a level always, in the log when it is news."""
        for part in RULES:
            self._metrics.rules_refused.set(part in refused, part)
        if refused == self._refused:
            return
        self._refused = refused
        for part, said in refused.items():
            for line in said.splitlines()[:_PROBLEMS]:
                logs.logger().error("rules.refused", kind=part, error=line)
