"""What somebody said of anything but a transfer, as the audit keeps it."""

from bridge.domain.signal import Signal
from bridge.handling.turn import Turn
from bridge.ledger.rows import LockedIncident


def audit_said(
    turn: Turn, held: LockedIncident, what: str, signal: Signal, from_state: str = "", to_state: str = ""
) -> None:
    """What somebody said beside a transfer's own life."""
    turn.audit(
        held,
        what,
        signal_id=signal.signal_id,
        speaker=signal.said_by,
        said_at=signal.said_at,
        reason=signal.reason,
        from_state=from_state,
        to_state=to_state,
    )
