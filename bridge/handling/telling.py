"""Who is told what: each effect of a step becomes messages, numbered in the incident's order.

911 hears through `cad.returns`, a destination through its offers, everybody through `bridge.status`.
A destination is sent only what its privacy profile allows.
"""

from dataclasses import replace

from bridge.domain.decision import Decision, PolicyRef
from bridge.domain.destination import Destination
from bridge.domain.ids import NINE_ONE_ONE, DestinationId
from bridge.domain.message import Offer, OfferKind, Return, ReturnKind, Status
from bridge.domain.redaction import for_destination
from bridge.domain.signal import Signal
from bridge.domain.transfer import Effect, Step, Transfer
from bridge.handling.turn import Turn, message_id
from bridge.ledger.rows import LockedIncident

_TO_911 = {
    Effect.TELL_911_OFFERED: ReturnKind.OFFERED,
    Effect.TELL_911_HELD: ReturnKind.HELD,
    Effect.TELL_911_RETURN_ASKED: ReturnKind.RETURN_ASKED,
    Effect.TELL_911_ENDED: ReturnKind.ENDED,
    Effect.TELL_911_OUTCOME: ReturnKind.OUTCOME,
    Effect.TELL_911_DANGER: ReturnKind.DANGER,
    Effect.TELL_911_LATE_SIGNAL: ReturnKind.LATE_SIGNAL,
    Effect.REMIND_CALL_TAKER: ReturnKind.REMINDER,
    Effect.ALARM: ReturnKind.ALARM,
}
_TO_DESTINATION = {
    Effect.SEND_OFFER: OfferKind.OFFER,
    Effect.WITHDRAW_OFFER: OfferKind.WITHDRAWN,
    Effect.TELL_DESTINATION_DANGER: OfferKind.DANGER,
    Effect.TELL_DESTINATION_REFUSED: OfferKind.REFUSED,
    Effect.TELL_DESTINATION_ENDED: OfferKind.ENDED,
}


def tell(
    turn: Turn,
    held: LockedIncident,
    step: Step,
    signal: Signal,
    decision: Decision | None = None,
    next_destination: DestinationId | None = None,
) -> None:
    """Send what the step's effects ask for. The offer itself needs the decision it rests on."""
    for effect in step.effects:
        if effect in _TO_911:
            tell_911(
                turn,
                held,
                _TO_911[effect],
                transfer=step.after,
                signal=signal,
                decision=decision,
                next_destination=next_destination,
            )
        elif effect in _TO_DESTINATION:
            reason = step.refused or signal.reason or signal.kind.value
            tell_destination(
                turn, held, step.after, _TO_DESTINATION[effect], decision=decision, reason=reason
            )
    if step.moved:
        tell_everybody(turn, held, f"transfer.{step.after.state.value}", transfer=step.after, signal=signal)


def tell_911(
    turn: Turn,
    held: LockedIncident,
    kind: ReturnKind,
    *,
    transfer: Transfer | None = None,
    signal: Signal | None = None,
    decision: Decision | None = None,
    next_destination: DestinationId | None = None,
    reason: str = "",
) -> None:
    """A message to 911's CAD; it is tried until it arrives."""
    number = held.next_message()
    incident = held.incident
    message = Return(
        message_id=message_id(held.key, number),
        kind=kind,
        agency=incident.agency,
        incident_id=incident.incident_id,
        sequence=number,
        sent_at=turn.now,
        holder=held.holder,
        verdict=decision.verdict if decision is not None else None,
        reasons=decision.reasons if decision is not None else (),
        policy=decision.policy if decision is not None else None,
        transfer_id=transfer.transfer_id if transfer is not None else None,
        destination=transfer.destination if transfer is not None else None,
        state=transfer.state.value if transfer is not None else "",
        reason=reason or _reason(signal),
        text=signal.text if signal is not None else "",
        outcome=signal.outcome if signal is not None else "",
        return_to=signal.return_to if signal is not None else "",
        next_destination=next_destination,
        deadline=transfer.deadline if transfer is not None else None,
        practice=incident.practice,
        say=decision.say if decision is not None else "",
        retype=decision.retype if decision is not None else "",
    )
    turn.send(
        held,
        message,
        carries="return",
        kind=kind.value,
        number=number,
        destination=NINE_ONE_ONE,
        channel=turn.handling.own_channel,
        address=turn.handling.addresses.returns,
        transfer_id=transfer.transfer_id if transfer is not None else None,
    )


def tell_destination(
    turn: Turn,
    held: LockedIncident,
    transfer: Transfer,
    kind: OfferKind,
    *,
    decision: Decision | None = None,
    reason: str = "",
) -> Transfer:
    """A numbered message to the destination of a transfer; facts only with an offer or an update."""
    destination = turn.rules.destinations.get(transfer.destination)
    if destination is None:  # its file was removed while a transfer was under way: 911 was told, it cannot be
        return transfer
    numbered = _next_in_sequence(turn, held, transfer)
    number = held.next_message()
    message = _offer(turn, held, numbered, kind, destination, number, decision, reason)
    turn.send(
        held,
        message,
        carries="offer",
        kind=kind.value,
        number=number,
        destination=destination.id,
        channel=destination.channel,
        address=destination.address,
        transfer_id=transfer.transfer_id,
        give_up_at=numbered.budget_until if kind is OfferKind.OFFER else None,
    )
    return numbered


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
        reason=_reason(signal),
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


def _next_in_sequence(turn: Turn, held: LockedIncident, transfer: Transfer) -> Transfer:
    current = turn.transfer(held, transfer.transfer_id) or transfer
    numbered = replace(current, sequence=current.sequence + 1)
    turn.put(held, numbered)
    return numbered


def _offer(
    turn: Turn,
    held: LockedIncident,
    transfer: Transfer,
    kind: OfferKind,
    destination: Destination,
    number: int,
    decision: Decision | None,
    reason: str,
) -> Offer:
    carries_facts = kind in {OfferKind.OFFER, OfferKind.UPDATE}
    return Offer(
        message_id=message_id(held.key, number),
        transfer_id=transfer.transfer_id,
        sequence=transfer.sequence,
        kind=kind,
        agency=transfer.agency,
        incident_id=transfer.incident_id,
        destination=destination.id,
        sent_at=turn.now,
        transfer_kind=transfer.kind,
        policy=decision.policy if decision is not None else PolicyRef("", ""),
        reasons=decision.reasons if decision is not None else (),
        deadline=transfer.deadline,
        facts=for_destination(held.incident, destination.privacy) if carries_facts else None,
        reason=reason if kind is not OfferKind.OFFER else "",
        answer_topic=turn.handling.addresses.signals,
        practice=transfer.practice,
    )


def _reason(signal: Signal | None) -> str:
    if signal is None:
        return ""
    return signal.reason or signal.kind.value
