"""Signals the bridge itself gives: a deadline passed, screening found a danger, a delivery failed."""

from datetime import datetime

from bridge.domain.ids import SignalId
from bridge.domain.signal import Signal, SignalKind, Speaker
from bridge.domain.transfer import Transfer


def own_signal(
    transfer: Transfer, kind: SignalKind, *, now: datetime, reason: str = "", of: str = "bridge"
) -> Signal:
    """A signal about `transfer` by the bridge, at `now`; `of` is the team of several that it concerns."""
    return Signal(
        signal_id=SignalId(f"{transfer.transfer_id}:{kind.value}:{transfer.state.value}"),
        transfer_id=transfer.transfer_id,
        incident_id=transfer.incident_id,
        agency=transfer.agency,
        kind=kind,
        speaker=Speaker.BRIDGE,
        speaker_id=of,
        said_at=now,
        reason=reason or kind.value,
    )
