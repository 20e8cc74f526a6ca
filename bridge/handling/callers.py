"""A caller's number as what cannot be read back: the same caller is known again, and nobody learns who.

The key is made of the ledger's, so that both lanes and every worker know the same callers. With it is counted
how often a caller went from 911 to a hotline or back.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from bridge.domain.ids import NINE_ONE_ONE, AgencyId
from bridge.domain.incident import Incident
from bridge.domain.transfer import Transfer
from bridge.ledger.rows import Pass
from bridge.ledger.turns import TurnTransaction

CallerHash = Callable[[str], bytes]
"""From a callback number, however it is written, to its keyed hash."""

_LABEL = b"bridge caller hash, version 1"
_SAID_OF_A_NUMBER = 10
"""Digits of a number of the North American plan; a country code before them says nothing more."""


def caller_hash(ledger_key: bytes) -> CallerHash:
    """How callers are known by this ledger's key (32 bytes)."""
    key = hmac.new(ledger_key, _LABEL, hashlib.sha256).digest()

    def hashed(number: str) -> bytes:
        digits = re.sub(r"\D", "", number)[-_SAID_OF_A_NUMBER:]
        return hmac.new(key, (digits or number).encode(), hashlib.sha256).digest()

    return hashed


@dataclass(slots=True)
class Passes:
    """How often callers were passed between 911 and hotlines in 24 hours: as read, and in one turn."""

    caller_hash: CallerHash
    _times: dict[tuple[AgencyId, bytes], int] = field(default_factory=dict)

    async def read(self, tx: TurnTransaction, callers: Iterable[tuple[AgencyId, str]], now: datetime) -> None:
        """Read how often the callers at these numbers were passed on."""
        known = [(agency, self.caller_hash(number)) for agency, number in callers if number]
        if known:
            self._times |= await tx.count_passes(known, now)

    def times(self, incident: Incident) -> int:
        """How often this incident's caller was; 0 where nobody knows the number."""
        if not incident.callback:
            return 0
        return self._times.get((incident.agency, self.caller_hash(incident.callback)), 0)

    def counted(self, incident: Incident, transfer: Transfer, from_holder: str, to_holder: str) -> list[Pass]:
        """Count one more, where it is one: practice is none, and neither is a call between two hotlines."""
        if incident.practice or not incident.callback or NINE_ONE_ONE not in {from_holder, to_holder}:
            return []
        caller = self.caller_hash(incident.callback)
        self._times[incident.agency, caller] = self.times(incident) + 1
        return [Pass(incident.agency, caller, transfer.transfer_id, from_holder, to_holder)]
