"""A destination's own messages, numbered in its transfer's order; it is sent what its privacy profile allows.

Where several teams were asked at once each of them is told, until one of them has the call.
"""

from dataclasses import dataclass, replace

from bridge.domain.decision import Decision, PolicyRef, TransferKind
from bridge.domain.destination import Destination
from bridge.domain.ids import DestinationId, TransferId
from bridge.domain.message import Offer, OfferKind
from bridge.domain.redaction import for_destination
from bridge.domain.transfer import Step, Transfer
from bridge.domain.transfer_table import HOLDING, WAITING, State
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
    """A numbered message to the destination of a transfer; facts only with an offer, an update or a consult.

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


def outside_transfers(turn: Turn, held: LockedIncident, destination: DestinationId) -> Transfer:
    """Stands for the transfer where a destination is told something that belongs to none."""
    return Transfer(
        transfer_id=TransferId(""),
        incident_id=held.incident.incident_id,
        agency=held.incident.agency,
        destination=destination,
        kind=TransferKind.VOICE,
        state=State.RETURNED,
        attempt=0,
        created_at=turn.now,
        budget_until=turn.now,
        deadline=None,
        practice=held.incident.practice,
    )


def _asked(transfer: Transfer) -> tuple[DestinationId, ...]:
    """Who hears of this transfer: each team, until one of them has the call."""
    several = transfer.teams and transfer.destination not in transfer.teams
    return transfer.teams if several else (transfer.destination,)


def tell_who_was_not_first(turn: Turn, held: LockedIncident, step: Step) -> None:
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
    carries_facts = kind in {OfferKind.OFFER, OfferKind.UPDATE, OfferKind.CONSULT}
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
