"""`bridge.status`: every change, for everybody who watches. Ids, states, clauses and times only."""

from bridge.domain.decision import Decision
from bridge.domain.message import Status
from bridge.domain.signal import Signal
from bridge.domain.transfer import Transfer
from bridge.handling.turn import Turn, message_id
from bridge.ledger.rows import LockedIncident


def tell_everybody(
    turn: Turn,
    held: LockedIncident,
    change: str,
    *,
    transfer: Transfer | None = None,
    signal: Signal | None = None,
    decision: Decision | None = None,
) -> None:
    """One change on `bridge.status`: ids, states, clauses and times only."""
    number = held.next_message()
    message = Status(
        message_id=message_id(held.key, number),
        agency=held.incident.agency,
        incident_id=held.incident.incident_id,
        sequence=number,
        at=turn.now,
        change=change,
        holder=held.holder,
        verdict=decision.verdict if decision is not None else None,
        clauses=tuple(reason.clause for reason in decision.reasons) if decision is not None else (),
        policy=decision.policy if decision is not None else None,
        transfer_id=transfer.transfer_id if transfer is not None else None,
        destination=transfer.destination if transfer is not None else None,
        state=transfer.state.value if transfer is not None else "",
        reason=reason_of(signal),
        practice=held.incident.practice,
    )
    turn.send(
        held,
        message,
        carries="status",
        kind=change,
        number=number,
        destination="status",
        channel=turn.handling.own_channel,
        address=turn.handling.addresses.status,
        transfer_id=transfer.transfer_id if transfer is not None else None,
    )


def reason_of(signal: Signal | None) -> str:
    """Why, as a code: the signal's reason, or else its kind."""
    if signal is None:
        return ""
    return signal.reason or signal.kind.value
