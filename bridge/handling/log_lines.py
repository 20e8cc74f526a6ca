"""What a committed turn did, as log lines: codes, and a keyed hash where the incident's number would be."""

from bridge import logs
from bridge.domain.signal import Signal
from bridge.domain.transfer import Step


def log_step(step: Step, signal: Signal) -> None:
    """A transfer moved, or a signal about it was refused. What only stayed is not said."""
    call = logs.call_hash(step.after.incident_id)
    after = step.after
    if step.refused:
        logs.logger().warning(
            "signal.refused",
            call=call,
            destination=after.destination,
            signal=signal.kind.value,
            state=after.state.value,
            refused=step.refused,
        )
    elif step.moved:
        logs.logger().info(
            "transfer.moved",
            call=call,
            destination=after.destination,
            signal=signal.kind.value,
            state=after.state.value,
        )


def log_quarantined(reason: str) -> None:
    """A record could not be read; `bridge.quarantine` says where it lies."""
    logs.logger().error("record.quarantined", reason=reason)
