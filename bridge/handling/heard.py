"""What came of a signal: whether it was applied, and how things stand after it.

The audit row that a signal leaves says it for every life, so whoever adds a branch to hearing need only
audit as they do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bridge.domain.consult import Consult
from bridge.domain.leg import Leg
from bridge.domain.rescue import Rescue
from bridge.domain.signal import Signal
from bridge.domain.transfer import Transfer
from bridge.handling.turn import Turn
from bridge.ledger.rows import LockedIncident

REFUSED = "refused."
"""How the audit's `what` begins when a table, or the house, refused."""

Side = Leg | Consult | Rescue


class Outcome(StrEnum):
    """What came of one signal."""

    APPLIED = "applied"
    STAYED = "stayed"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Heard:
    """`reason` says why it was refused; `holder` is who has the caller after it, empty when not known.

    `transfer` is the one it was about, or the latest of the incident; `sides` are the legs, consults and
    rescues that it changed.
    """

    outcome: Outcome
    reason: str = ""
    holder: str = ""
    transfer: Transfer | None = None
    sides: tuple[Side, ...] = ()


DUPLICATE = Heard(Outcome.DUPLICATE)


@dataclass(slots=True)
class Listener:
    """Notes how things stood before a signal, and says afterwards what came of it."""

    turn: Turn
    held: LockedIncident | None
    signal: Signal
    _audited: int = field(init=False)
    _sides: Mapping[str, Side] = field(init=False)

    def __post_init__(self) -> None:
        self._audited = len(self.turn.changes.audit)
        self._sides = _sides(self.held)

    def heard(self, *, known: bool) -> Heard:
        """What came of it; `known` says that the ledger knew what it was about."""
        if not known:
            return Heard(Outcome.UNKNOWN)
        outcome, reason = self._outcome()
        if self.held is None:
            return Heard(outcome, reason)
        transfer = self.turn.transfer(self.held, self.signal.transfer_id) or self.held.latest
        sides = tuple(side for name, side in _sides(self.held).items() if side is not self._sides.get(name))
        return Heard(outcome, reason, self.held.holder, transfer, sides)

    def _outcome(self) -> tuple[Outcome, str]:
        rows = self.turn.changes.audit[self._audited :]
        mine = [row for row in rows if row.signal_id == self.signal.signal_id]
        refused = next((row.what for row in mine if row.what.startswith(REFUSED)), "")
        if refused:
            return Outcome.REFUSED, refused.removeprefix(REFUSED)
        moved = not mine or any(row.from_state != row.to_state or not row.to_state for row in mine)
        return (Outcome.APPLIED if moved else Outcome.STAYED), ""


def _sides(held: LockedIncident | None) -> dict[str, Side]:
    if held is None:
        return {}
    return dict([*held.legs.items(), *held.consults.items(), *held.rescues.items()])
