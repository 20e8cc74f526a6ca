"""Who is told what: each effect of a step becomes messages, numbered in the incident's order.

911 hears through `cad.returns`, a destination through its offers, everybody through `bridge.status`.
A destination is sent only what its privacy profile allows.
"""

from dataclasses import dataclass, replace

from bridge.domain.decision import Decision, PolicyRef
from bridge.domain.destination import Destination
from bridge.domain.effects import Effect
from bridge.domain.ids import NINE_ONE_ONE, DestinationId
from bridge.domain.incident import Incident
from bridge.domain.leg import LegWanted
from bridge.domain.message import Offer, OfferKind, Return, ReturnKind, Status
from bridge.domain.redaction import for_destination
from bridge.domain.rescue import RescueWanted
from bridge.domain.signal import Signal
from bridge.domain.transfer import Step, Transfer
from bridge.domain.transfer_table import HOLDING, WAITING
from bridge.handling.turn import Turn, message_id
from bridge.ledger.rows import LockedIncident


@dataclass(frozen=True, slots=True)
class News:
    """What became of something: the transfer, leg, consult or rescue it is about, and its state."""

    subject: str = ""
    state: str = ""
    text: str = ""
    notice: str = ""


NO_NEWS = News()


@dataclass(frozen=True, slots=True)
class Besides:
    """What 911 is told beside the call: of which leg, consult or rescue, what is asked, and what is known.

    With `said` False the words of the signal stay where they are.
    """

    subject: str = ""
    state: str = ""
    leg: LegWanted | None = None
    rescue: RescueWanted | None = None
    facts: Incident | None = None
    notice: str = ""
    text: str = ""
    said: bool = True


NOTHING_BESIDES = Besides()

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
    Effect.TELL_911_ANOTHER_WAY: ReturnKind.RETURN_ASKED,
    Effect.TELL_911_FOLLOW_UP: ReturnKind.FOLLOW_UP,
    Effect.TELL_911_TEAM: ReturnKind.TEAM,
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
                another_way=step.after.ways_tried if effect is Effect.TELL_911_ANOTHER_WAY else 0,
            )
        elif effect in _TO_DESTINATION:
            reason = step.refused or signal.reason or signal.kind.value
            only = DestinationId(signal.speaker_id) if step.refused and step.after.teams else None
            kind = _TO_DESTINATION[effect]
            tell_destination(turn, held, step.after, kind, decision=decision, reason=reason, only=only)
    if step.moved:
        _tell_who_was_not_first(turn, held, step)
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
    another_way: int = 0,
    besides: Besides = NOTHING_BESIDES,
) -> None:
    """A message to 911's CAD; it is tried until it arrives. `another_way`: how often it was told in vain."""
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
        state=besides.state or (transfer.state.value if transfer is not None else ""),
        reason=reason or _reason(signal),
        text=besides.text or (signal.text if signal is not None and besides.said else ""),
        outcome=signal.outcome if signal is not None else "",
        return_to=signal.return_to if signal is not None else "",
        next_destination=next_destination,
        deadline=transfer.deadline if transfer is not None else None,
        practice=incident.practice,
        say=decision.say if decision is not None else "",
        retype=decision.retype if decision is not None else "",
        subject=besides.subject,
        leg=besides.leg,
        rescue=besides.rescue,
        facts=besides.facts,
        notice=besides.notice,
        channel=incident.channel,
        dialled=incident.channel_code,
    )
    turn.send(
        held,
        message,
        carries="return",
        kind=kind.value,
        number=number,
        destination=NINE_ONE_ONE,
        channel=turn.handling.own_channel,
        address=turn.handling.addresses.way_back(another_way),
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
    news: News = NO_NEWS,
    only: DestinationId | None = None,
) -> Transfer:
    """A numbered message to the destination of a transfer; facts only with an offer or an update.

    Where several teams were asked at once, each of them gets it; `only` one gets what is for nobody else,
    outside the order. `news` is what became of something else that they asked for.
    """
    if only is not None:
        _send_to(turn, held, replace(transfer, sequence=0), kind, only, decision, reason, news)
        return transfer
    numbered = _next_in_sequence(turn, held, transfer)
    for receiver in _asked(numbered):
        _send_to(turn, held, numbered, kind, receiver, decision, reason, news)
    return numbered


def _asked(transfer: Transfer) -> tuple[DestinationId, ...]:
    """Who hears of this transfer: each team, until one of them has the call."""
    several = transfer.teams and transfer.destination not in transfer.teams
    return transfer.teams if several else (transfer.destination,)


def _tell_who_was_not_first(turn: Turn, held: LockedIncident, step: Step) -> None:
    """The other teams learn who has the call."""
    if step.before.state in WAITING and step.after.state in HOLDING:
        for team in step.before.teams:
            if team != step.after.destination:
                taken = replace(step.after, sequence=step.after.sequence + 1)
                _send_to(turn, held, taken, OfferKind.TAKEN, team, None, step.after.destination, NO_NEWS)


def _send_to(
    turn: Turn,
    held: LockedIncident,
    transfer: Transfer,
    kind: OfferKind,
    receiver: DestinationId,
    decision: Decision | None,
    reason: str,
    news: News,
) -> None:
    destination = turn.rules.destinations.get(receiver)
    if destination is None:  # its file was removed while a transfer was under way: 911 was told, it cannot be
        return
    address = destination.practice_address if transfer.practice else destination.address
    if not address:  # practice goes nowhere but where practice is meant to go
        return
    number = held.next_message()
    turn.send(
        held,
        _offer(turn, held, transfer, kind, destination, number, decision, reason, news),
        carries="offer",
        kind=kind.value,
        number=number,
        destination=destination.id,
        channel=destination.channel,
        address=address,
        transfer_id=transfer.transfer_id or None,
        give_up_at=transfer.budget_until if kind is OfferKind.OFFER else None,
    )


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
    news: News,
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
        subject=news.subject,
        state=news.state,
        text=news.text,
        notice=news.notice,
    )


def _reason(signal: Signal | None) -> str:
    if signal is None:
        return ""
    return signal.reason or signal.kind.value
